//! What is kept in a password's place.

use std::fmt;

use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::Identity;
use super::generator_powers::generator_power;
use super::group::{Element, LENGTH};
use super::hex;

/// Bytes of a salt.
pub const SALT_LENGTH: usize = 16;
/// Bytes of a verifier's lasting form: the salt, then v.
pub const VERIFIER_LENGTH: usize = SALT_LENGTH + LENGTH;

/// A salt and v = g^x: enough to judge a password, not to know it. Belongs to one [`Identity`]; it cannot be copied
/// to another user name or pool. As secret as a password hash.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Verifier {
    salt: [u8; SALT_LENGTH],
    v: [u8; LENGTH],
}

impl Verifier {
    /// The verifier of a password under a fresh random salt.
    #[must_use]
    pub fn new(identity: &Identity<'_>, password: &str, salt: [u8; SALT_LENGTH]) -> Self {
        let x = identity.private_key(password, &salt);
        Self {
            salt,
            v: generator_power(&x).to_bytes(),
        }
    }

    /// Whether this is the password; in constant time.
    #[must_use]
    pub fn matches_password(&self, identity: &Identity<'_>, password: &str) -> bool {
        let x = identity.private_key(password, &self.salt);
        let v = Zeroizing::new(generator_power(&x).to_bytes());
        v.ct_eq(&self.v).into()
    }

    /// `SALT`: lower-case hexadecimal without leading zeros, normally 32 digits.
    #[must_use]
    pub fn salt_hex(&self) -> String {
        hex::encode_number(&self.salt)
    }

    /// Salt and v, [`VERIFIER_LENGTH`] bytes: to be sealed at once.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new([self.salt.as_slice(), &self.v].concat())
    }

    /// Reads what [`Verifier::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`BrokenVerifier`] when the length is another.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BrokenVerifier> {
        let (salt, v) = bytes.split_first_chunk().ok_or(BrokenVerifier)?;
        Ok(Self {
            salt: *salt,
            v: v.try_into().map_err(|_| BrokenVerifier)?,
        })
    }

    /// The verifier of a device, which computes it itself: two big-endian numbers, leading zeros or none.
    ///
    /// # Errors
    /// [`BrokenVerifier`] for a number that is too long, and for a v of which everybody knows the password.
    pub fn from_numbers(salt: &[u8], v: &[u8]) -> Result<Self, BrokenVerifier> {
        let verifier = Self {
            salt: filled(salt)?,
            v: filled(v)?,
        };
        if verifier.element().is_zero() {
            return Err(BrokenVerifier);
        }
        Ok(verifier)
    }

    /// v.
    pub(super) fn element(&self) -> Element {
        Element::from_bytes(&self.v)
    }
}

/// A number in `N` bytes.
fn filled<const N: usize>(number: &[u8]) -> Result<[u8; N], BrokenVerifier> {
    let start = number.iter().position(|byte| *byte != 0).unwrap_or(number.len());
    let digits = &number[start..];
    let mut bytes = [0; N];
    let place = N.checked_sub(digits.len()).ok_or(BrokenVerifier)?;
    bytes[place..].copy_from_slice(digits);
    Ok(bytes)
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verifier(…)")
    }
}

/// The bytes are no verifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a verifier is {VERIFIER_LENGTH} bytes")]
pub struct BrokenVerifier;
