//! What an authenticator says and signs. Source: Web Authentication Level 3, section 6.1.

use aws_lc_rs::digest::{SHA256, digest};
use ciborium::Value;

use super::{Flaw, UserVerification};

const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const HAS_CREDENTIAL: u8 = 1 << 6;
const HAS_EXTENSIONS: u8 = 1 << 7;

/// The longest id that a credential may have, in bytes. Source: section 7.1, step 25.
const LONGEST_ID: usize = 1023;

/// Authenticator data, read whole.
#[derive(Debug)]
pub(super) struct AuthenticatorData<'a> {
    relying_party_hash: &'a [u8],
    flags: u8,
    /// How often the credential has signed, as far as the authenticator counts.
    pub(super) sign_count: u32,
    /// The credential; there when it was made just now.
    pub(super) credential: Option<AttestedCredential<'a>>,
}

/// A new credential.
#[derive(Debug)]
pub(super) struct AttestedCredential<'a> {
    /// The authenticator's kind; zeros where it does not say.
    pub(super) aaguid: &'a [u8],
    /// The credential's id.
    pub(super) id: &'a [u8],
    /// The public key in CBOR.
    pub(super) public_key: &'a [u8],
}

impl<'a> AuthenticatorData<'a> {
    /// Reads it to its last byte.
    ///
    /// # Errors
    /// [`Flaw::Malformed`].
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, Flaw> {
        let mut rest = bytes;
        let relying_party_hash = take(&mut rest, 32)?;
        let flags = take(&mut rest, 1)?[0];
        let count = take(&mut rest, 4)?;
        let sign_count = u32::from_be_bytes(count.try_into().map_err(|_| Flaw::Malformed)?);
        let credential = if flags & HAS_CREDENTIAL == 0 {
            None
        } else {
            Some(AttestedCredential::take(&mut rest)?)
        };
        if flags & HAS_EXTENSIONS != 0 {
            let extensions = take_cbor(&mut rest)?;
            ciborium::from_reader::<Value, _>(extensions)
                .ok()
                .filter(Value::is_map)
                .ok_or(Flaw::Malformed)?;
        }
        let backup_makes_sense = flags & BACKED_UP == 0 || flags & BACKUP_ELIGIBLE != 0;
        if !rest.is_empty() || !backup_makes_sense {
            return Err(Flaw::Malformed);
        }
        Ok(Self {
            relying_party_hash,
            flags,
            sign_count,
            credential,
        })
    }

    /// Whether it is for this relying party, somebody was there, and was verified where that is required.
    ///
    /// # Errors
    /// [`Flaw::RelyingParty`], [`Flaw::Unverified`].
    pub(super) fn check(&self, relying_party_id: &str, verification: UserVerification) -> Result<(), Flaw> {
        if self.relying_party_hash != digest(&SHA256, relying_party_id.as_bytes()).as_ref() {
            return Err(Flaw::RelyingParty);
        }
        let must = verification == UserVerification::Required;
        if self.flags & USER_PRESENT == 0 || must && !self.is_user_verified() {
            return Err(Flaw::Unverified);
        }
        Ok(())
    }

    /// Whether the authenticator has verified its user.
    pub(super) fn is_user_verified(&self) -> bool {
        self.flags & USER_VERIFIED != 0
    }
}

impl<'a> AttestedCredential<'a> {
    fn take(rest: &mut &'a [u8]) -> Result<Self, Flaw> {
        let aaguid = take(rest, 16)?;
        let length = take(rest, 2)?;
        let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
        if !(1..=LONGEST_ID).contains(&length) {
            return Err(Flaw::Malformed);
        }
        Ok(Self {
            aaguid,
            id: take(rest, length)?,
            public_key: take_cbor(rest)?,
        })
    }
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Result<&'a [u8], Flaw> {
    let (taken, left) = rest.split_at_checked(length).ok_or(Flaw::Malformed)?;
    *rest = left;
    Ok(taken)
}

/// The bytes of one CBOR item.
fn take_cbor<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], Flaw> {
    let whole = *rest;
    let mut left = whole;
    ciborium::from_reader::<Value, _>(&mut left).map_err(|_| Flaw::Malformed)?;
    *rest = left;
    Ok(&whole[..whole.len() - left.len()])
}
