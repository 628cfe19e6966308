//! Sealing: what the pool gives away or writes down without trusting its keeper.
//!
//! Sessions, secret blocks and refresh tokens travel through clients; verifiers, signing keys and app client
//! secrets rest in the store. All are encrypted and authenticated with keys that come from one [`MasterKey`].
//!
//! Each [`Purpose`] has its own key (HKDF-SHA256, RFC 5869), and what a value is bound to (pool, app client, …)
//! is authenticated with it, so that nothing can be carried from one place to another. The cipher is
//! AES-256-GCM-SIV (RFC 8452) with a random 96-bit nonce. Values are sealed at every sign-in for years under one
//! key; should a nonce ever come twice, this cipher reveals no more than whether two whole values were equal,
//! where plain GCM would give up its authentication key.
//!
//! A sealed value is `version (1) ‖ key id (4) ‖ nonce (12) ‖ ciphertext ‖ tag (16)`: [`OVERHEAD`] bytes more
//! than its content. The key id names the master key, so that a new one can take over while values under a
//! former one still open.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::ports::Entropy;

/// The only format so far.
const VERSION: u8 = 1;
const KEY_ID_LENGTH: usize = 4;
const NONCE_LENGTH: usize = 12;
const TAG_LENGTH: usize = 16;
const HEADER_LENGTH: usize = 1 + KEY_ID_LENGTH + NONCE_LENGTH;

/// By how many bytes a sealed value is longer than its content.
pub const OVERHEAD: usize = HEADER_LENGTH + TAG_LENGTH;

/// The one key that all sealing keys come from: 32 random bytes that the operator keeps.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct MasterKey([u8; 32]);

impl MasterKey {
    /// Takes the key's bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A new random key.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut key = Self([0; 32]);
        entropy.fill(&mut key.0);
        key
    }

    /// Reads 64 hexadecimal digits or the standard Base64 of 32 bytes, white space around it ignored.
    ///
    /// # Errors
    /// [`BadMasterKey`] when the text is neither.
    pub fn parse(text: &str) -> Result<Self, BadMasterKey> {
        let text = text.trim();
        let bytes = if text.len() == 64 {
            crate::srp::hex::decode(text).ok_or(BadMasterKey)?
        } else {
            STANDARD.decode(text).map_err(|_| BadMasterKey)?
        };
        let bytes = Zeroizing::new(bytes);
        Ok(Self(bytes.as_slice().try_into().map_err(|_| BadMasterKey)?))
    }

    /// The key as standard Base64, for the file that an operator keeps it in.
    #[must_use]
    pub fn expose_base64(&self) -> Zeroizing<String> {
        Zeroizing::new(STANDARD.encode(self.0))
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// The text is no master key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a master key is 32 bytes as 64 hexadecimal digits or as Base64")]
pub struct BadMasterKey;

/// What a sealed value is for; values of one purpose never open as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The session between a challenge and its answer.
    Session,
    /// `SECRET_BLOCK` of `PASSWORD_VERIFIER`.
    SecretBlock,
    /// A refresh token.
    RefreshToken,
    /// A user's SRP verifier, at rest.
    Verifier,
    /// A device's SRP verifier, at rest.
    DeviceVerifier,
    /// A pool's signing key, at rest.
    SigningKey,
    /// An app client's secret, at rest.
    ClientSecret,
    /// A confirmation code, at rest.
    Code,
    /// A user's TOTP secret, at rest.
    TotpSecret,
    /// An OAuth authorisation code.
    AuthorizationCode,
    /// What a browser keeps: cookies, CSRF tokens.
    Cookie,
    /// `PaginationToken`, `NextToken`.
    PaginationToken,
    /// A message that waits for its carrier, at rest.
    Message,
    /// The challenge for which a passkey is made.
    WebAuthnChallenge,
}

impl Purpose {
    const ALL: [Self; 14] = [
        Self::Session,
        Self::SecretBlock,
        Self::RefreshToken,
        Self::Verifier,
        Self::DeviceVerifier,
        Self::SigningKey,
        Self::ClientSecret,
        Self::Code,
        Self::TotpSecret,
        Self::AuthorizationCode,
        Self::Cookie,
        Self::PaginationToken,
        Self::Message,
        Self::WebAuthnChallenge,
    ];

    /// Enters the derivation of the key: never change one.
    fn label(self) -> &'static [u8] {
        match self {
            Self::Session => b"session",
            Self::SecretBlock => b"secret block",
            Self::RefreshToken => b"refresh token",
            Self::Verifier => b"verifier",
            Self::DeviceVerifier => b"device verifier",
            Self::SigningKey => b"signing key",
            Self::ClientSecret => b"client secret",
            Self::Code => b"code",
            Self::TotpSecret => b"totp secret",
            Self::AuthorizationCode => b"authorization code",
            Self::Cookie => b"cookie",
            Self::PaginationToken => b"pagination token",
            Self::Message => b"message",
            Self::WebAuthnChallenge => b"web authn challenge",
        }
    }
}

/// A sealed value: safe to show, useless without the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// Takes bytes from the store.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Reads base64url without padding: sessions and refresh tokens.
    ///
    /// # Errors
    /// [`Unopenable`] when the text is not that.
    pub fn from_url_text(text: &str) -> Result<Self, Unopenable> {
        URL_SAFE_NO_PAD.decode(text).map(Self).map_err(|_| Unopenable)
    }

    /// Reads standard Base64 with padding: `SECRET_BLOCK`.
    ///
    /// # Errors
    /// [`Unopenable`] when the text is not that.
    pub fn from_base64(text: &str) -> Result<Self, Unopenable> {
        STANDARD.decode(text).map(Self).map_err(|_| Unopenable)
    }

    /// The bytes, for the store.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, for the store.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// Base64url without padding: fits the patterns of sessions and refresh tokens.
    #[must_use]
    pub fn to_url_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.0)
    }

    /// Standard Base64 with padding: `SECRET_BLOCK`.
    #[must_use]
    pub fn to_base64(&self) -> String {
        STANDARD.encode(&self.0)
    }
}

/// Why a value could not be sealed. Neither happens with values of the pool's own types and sizes.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The cipher refused.
    #[error("the cipher refused")]
    Cipher,
    /// The value has no JSON form.
    #[error("the value has no JSON form")]
    Json(#[source] serde_json::Error),
}

/// The value was not sealed by this key for this purpose and place, or has been altered. It does not say which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sealed value cannot be opened")]
pub struct Unopenable;

/// Seals and opens values. Cheap to use: the keys of all purposes are derived once.
pub struct Sealer {
    current: Keyring,
    former: Vec<Keyring>,
}

impl Sealer {
    /// Derives the keys of all purposes.
    ///
    /// # Errors
    /// [`SealError::Cipher`] when the cipher refuses a key.
    pub fn new(master_key: &MasterKey) -> Result<Self, SealError> {
        Ok(Self {
            current: Keyring::derive(master_key)?,
            former: Vec::new(),
        })
    }

    /// Opens what was sealed under a former master key, too; seals under the current one alone.
    ///
    /// # Errors
    /// [`SealError::Cipher`] when the cipher refuses a key.
    pub fn with_former(mut self, master_key: &MasterKey) -> Result<Self, SealError> {
        self.former.push(Keyring::derive(master_key)?);
        Ok(self)
    }

    /// Seals `plaintext` for `purpose`; it opens only with the same `bound_to` (pool id, app client id, …).
    ///
    /// # Errors
    /// [`SealError::Cipher`] for a text beyond the cipher's limit of 64 GB.
    pub fn seal(
        &self,
        purpose: Purpose,
        bound_to: &[&str],
        plaintext: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Sealed, SealError> {
        let mut nonce = [0; NONCE_LENGTH];
        entropy.fill(&mut nonce);
        let mut sealed = Vec::with_capacity(plaintext.len() + OVERHEAD);
        sealed.push(VERSION);
        sealed.extend(self.current.id);
        sealed.extend(nonce);
        let aad = associated_data(&sealed[..=KEY_ID_LENGTH], bound_to);
        sealed.extend(plaintext);
        let tag = self
            .current
            .key(purpose)
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(aad),
                &mut sealed[HEADER_LENGTH..],
            )
            .map_err(|_| SealError::Cipher)?;
        sealed.extend(tag.as_ref());
        Ok(Sealed(sealed))
    }

    /// Opens a value that [`Sealer::seal`] made for the same purpose and place.
    ///
    /// # Errors
    /// [`Unopenable`] for everything else.
    pub fn open(
        &self,
        purpose: Purpose,
        bound_to: &[&str],
        sealed: &Sealed,
    ) -> Result<Zeroizing<Vec<u8>>, Unopenable> {
        let (header, ciphertext) = sealed.0.split_at_checked(HEADER_LENGTH).ok_or(Unopenable)?;
        let (prefix, nonce) = header.split_at(1 + KEY_ID_LENGTH);
        if prefix[0] != VERSION {
            return Err(Unopenable);
        }
        let keyring = self.keyring(&prefix[1..]).ok_or(Unopenable)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Unopenable)?;
        let mut text = Zeroizing::new(ciphertext.to_vec());
        let length = keyring
            .key(purpose)
            .open_in_place(nonce, Aad::from(associated_data(prefix, bound_to)), &mut text)
            .map_err(|_| Unopenable)?
            .len();
        text.truncate(length);
        Ok(text)
    }

    /// Seals the JSON form of `value`.
    ///
    /// # Errors
    /// [`SealError::Json`] when it has none; see [`Sealer::seal`].
    pub fn seal_json<T: Serialize>(
        &self,
        purpose: Purpose,
        bound_to: &[&str],
        value: &T,
        entropy: &dyn Entropy,
    ) -> Result<Sealed, SealError> {
        let json = Zeroizing::new(serde_json::to_vec(value).map_err(SealError::Json)?);
        self.seal(purpose, bound_to, &json, entropy)
    }

    /// Opens what [`Sealer::seal_json`] made.
    ///
    /// # Errors
    /// [`Unopenable`], also when the content is of another shape.
    pub fn open_json<T: DeserializeOwned>(
        &self,
        purpose: Purpose,
        bound_to: &[&str],
        sealed: &Sealed,
    ) -> Result<T, Unopenable> {
        let json = self.open(purpose, bound_to, sealed)?;
        serde_json::from_slice(&json).map_err(|_| Unopenable)
    }

    /// A keyed digest (HMAC-SHA256) of `parts`: the same for the same parts, and unforeseeable without the key. For what is
    /// compared and never read back. It changes with the master key.
    #[must_use]
    pub fn digest(&self, purpose: Purpose, parts: &[&str]) -> [u8; 32] {
        let tag = hmac::sign(&self.current.digest, &associated_data(purpose.label(), parts));
        let mut digest = [0; 32];
        digest.copy_from_slice(tag.as_ref());
        digest
    }

    fn keyring(&self, id: &[u8]) -> Option<&Keyring> {
        std::iter::once(&self.current)
            .chain(&self.former)
            .find(|keyring| keyring.id == id)
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(…)")
    }
}

/// The keys of one master key.
struct Keyring {
    id: [u8; KEY_ID_LENGTH],
    keys: [LessSafeKey; Purpose::ALL.len()],
    digest: hmac::Key,
}

impl Keyring {
    fn derive(master_key: &MasterKey) -> Result<Self, SealError> {
        let expand = |label: &[u8]| -> Result<Zeroizing<[u8; 32]>, SealError> {
            let mut key = Zeroizing::new([0; 32]);
            Salt::new(HKDF_SHA256, b"rehome seal v1")
                .extract(&master_key.0)
                .expand(&[label], KeyLength)
                .and_then(|output| output.fill(key.as_mut_slice()))
                .map_err(|_| SealError::Cipher)?;
            Ok(key)
        };
        let mut id = [0; KEY_ID_LENGTH];
        id.copy_from_slice(&expand(b"key id")?[..KEY_ID_LENGTH]);
        let mut keys = Vec::with_capacity(Purpose::ALL.len());
        for purpose in Purpose::ALL {
            let key = expand(purpose.label())?;
            let key = UnboundKey::new(&AES_256_GCM_SIV, key.as_slice()).map_err(|_| SealError::Cipher)?;
            keys.push(LessSafeKey::new(key));
        }
        let digest = hmac::Key::new(hmac::HMAC_SHA256, expand(b"digest")?.as_slice());
        Ok(Self {
            id,
            keys: keys.try_into().map_err(|_| SealError::Cipher)?,
            digest,
        })
    }

    fn key(&self, purpose: Purpose) -> &LessSafeKey {
        &self.keys[purpose as usize]
    }
}

/// 32 bytes of HKDF output.
struct KeyLength;

impl KeyType for KeyLength {
    fn len(&self) -> usize {
        32
    }
}

/// Version and key id, then each part with its length before it, so that no two lists read alike.
fn associated_data(prefix: &[u8], bound_to: &[&str]) -> Vec<u8> {
    let mut data =
        Vec::with_capacity(prefix.len() + bound_to.iter().map(|part| part.len() + 8).sum::<usize>());
    data.extend(prefix);
    for part in bound_to {
        data.extend((part.len() as u64).to_be_bytes());
        data.extend(part.as_bytes());
    }
    data
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ports::SystemEntropy;

    const POOL: &[&str] = &["us-east-1_8LxAFhQ8D", "client"];

    fn sealer(byte: u8) -> Sealer {
        Sealer::new(&MasterKey::new([byte; 32])).unwrap()
    }

    #[test]
    fn the_index_of_a_purpose_is_its_place_in_the_list() {
        for (i, purpose) in Purpose::ALL.into_iter().enumerate() {
            assert_eq!(purpose as usize, i);
        }
    }

    #[test]
    fn the_same_value_sealed_twice_looks_different() {
        let sealer = sealer(1);
        let [a, b] = [0; 2].map(|_| {
            sealer
                .seal(Purpose::Session, POOL, b"same", &SystemEntropy)
                .unwrap()
        });
        assert_ne!(a, b);
        assert_eq!(a.as_bytes().len(), 4 + OVERHEAD);
    }

    #[test]
    fn every_single_bit_counts() {
        let sealer = sealer(1);
        let value = sealer
            .seal(Purpose::Session, POOL, b"content", &SystemEntropy)
            .unwrap();
        for bit in 0..value.as_bytes().len() * 8 {
            let mut bytes = value.as_bytes().to_vec();
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(
                sealer.open(Purpose::Session, POOL, &Sealed::from_bytes(bytes)),
                Err(Unopenable),
                "bit {bit}"
            );
        }
        for length in 0..value.as_bytes().len() {
            let short = Sealed::from_bytes(value.as_bytes()[..length].to_vec());
            assert_eq!(sealer.open(Purpose::Session, POOL, &short), Err(Unopenable));
        }
    }

    #[test]
    fn a_value_opens_for_its_own_purpose_alone() {
        let sealer = sealer(1);
        for purpose in Purpose::ALL {
            let value = sealer.seal(purpose, POOL, b"content", &SystemEntropy).unwrap();
            for other in Purpose::ALL {
                assert_eq!(sealer.open(other, POOL, &value).is_ok(), purpose == other);
            }
        }
    }

    #[test]
    fn parts_cannot_be_shifted_among_each_other() {
        let sealer = sealer(1);
        let value = sealer
            .seal(Purpose::Code, &["ab", "c"], b"content", &SystemEntropy)
            .unwrap();
        for bound_to in [
            &["a", "bc"] as &[&str],
            &["abc"],
            &["ab", "c", ""],
            &["c", "ab"],
            &[],
        ] {
            assert_eq!(sealer.open(Purpose::Code, bound_to, &value), Err(Unopenable));
        }
    }

    #[test]
    fn a_former_master_key_still_opens_but_seals_no_more() {
        let old = sealer(1)
            .seal(Purpose::Verifier, POOL, b"content", &SystemEntropy)
            .unwrap();
        assert_eq!(sealer(2).open(Purpose::Verifier, POOL, &old), Err(Unopenable));
        let rotated = sealer(2).with_former(&MasterKey::new([1; 32])).unwrap();
        assert_eq!(
            rotated.open(Purpose::Verifier, POOL, &old).unwrap().as_slice(),
            b"content"
        );
        let new = rotated
            .seal(Purpose::Verifier, POOL, b"content", &SystemEntropy)
            .unwrap();
        assert_eq!(
            sealer(2).open(Purpose::Verifier, POOL, &new).unwrap().as_slice(),
            b"content"
        );
        assert_eq!(sealer(1).open(Purpose::Verifier, POOL, &new), Err(Unopenable));
    }

    #[test]
    fn json_of_another_shape_does_not_open() {
        let sealer = sealer(1);
        let value = sealer
            .seal_json(Purpose::Session, POOL, &vec![1, 2], &SystemEntropy)
            .unwrap();
        assert_eq!(
            sealer.open_json::<Vec<i32>>(Purpose::Session, POOL, &value),
            Ok(vec![1, 2])
        );
        assert_eq!(
            sealer.open_json::<String>(Purpose::Session, POOL, &value),
            Err(Unopenable)
        );
    }

    #[test]
    fn a_master_key_is_read_from_hex_and_base64_and_never_printed() {
        let key = MasterKey::new([0xab; 32]);
        for text in [&*key.expose_base64(), &format!(" {}\n", "aB".repeat(32))] {
            assert_eq!(MasterKey::parse(text).unwrap().0, key.0);
        }
        for text in ["", "abcd", &"zz".repeat(32), &"ab".repeat(31)] {
            assert_eq!(MasterKey::parse(text).unwrap_err(), BadMasterKey);
        }
        assert_eq!(format!("{key:?} {:?}", sealer(1)), "MasterKey(…) Sealer(…)");
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_in_either_text_form(content: Vec<u8>, place: String) {
            let sealer = sealer(3);
            let value = sealer.seal(Purpose::RefreshToken, &[&place], &content, &SystemEntropy).unwrap();
            let url = Sealed::from_url_text(&value.to_url_text()).unwrap();
            let base64 = Sealed::from_base64(&value.to_base64()).unwrap();
            for read in [url, base64] {
                let opened = sealer.open(Purpose::RefreshToken, &[&place], &read).unwrap();
                prop_assert_eq!(opened.as_slice(), content.as_slice());
            }
        }

        #[test]
        fn arbitrary_input_is_refused(bytes: Vec<u8>, text: String) {
            prop_assert_eq!(sealer(3).open(Purpose::Session, POOL, &Sealed::from_bytes(bytes)), Err(Unopenable));
            if let Ok(value) = Sealed::from_url_text(&text) {
                prop_assert_eq!(sealer(3).open(Purpose::Session, POOL, &value), Err(Unopenable));
            }
        }
    }
}
