//! The keys that wrap data keys, by the ARN that a pool's `KMSKeyID` names.

use std::collections::BTreeMap;
use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// An AES key of 256 bits that stands in for a key of AWS KMS.
pub struct WrappingKey {
    arn: String,
    cipher: LessSafeKey,
}

impl WrappingKey {
    /// The key namespace of a function's keyring (*key provider id* in the message).
    pub const NAMESPACE: &str = "rehome";

    /// Reads the standard Base64 of 32 bytes, white space around it ignored. `arn` is what `KMSKeyID` says.
    ///
    /// # Errors
    /// [`BadWrappingKey`] when the text is no such key.
    pub fn parse(arn: impl Into<String>, text: &str) -> Result<Self, BadWrappingKey> {
        let bytes = Zeroizing::new(STANDARD.decode(text.trim()).map_err(|_| BadWrappingKey)?);
        // Takes nothing but 32 bytes.
        let key = UnboundKey::new(&AES_256_GCM, &bytes).map_err(|_| BadWrappingKey)?;
        Ok(Self {
            arn: arn.into(),
            cipher: LessSafeKey::new(key),
        })
    }

    /// The ARN: the key name of a function's keyring.
    #[must_use]
    pub fn arn(&self) -> &str {
        &self.arn
    }

    pub(super) fn cipher(&self) -> &LessSafeKey {
        &self.cipher
    }
}

impl fmt::Debug for WrappingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WrappingKey({:?}, …)", self.arn)
    }
}

/// The text is no wrapping key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key for custom senders is 32 bytes as Base64")]
pub struct BadWrappingKey;

/// All wrapping keys that there are.
#[derive(Debug, Default)]
pub struct WrappingKeys(BTreeMap<String, WrappingKey>);

impl WrappingKeys {
    /// The key of this ARN.
    #[must_use]
    pub fn find(&self, arn: &str) -> Option<&WrappingKey> {
        self.0.get(arn)
    }
}

impl FromIterator<WrappingKey> for WrappingKeys {
    fn from_iter<I: IntoIterator<Item = WrappingKey>>(keys: I) -> Self {
        Self(keys.into_iter().map(|key| (key.arn.clone(), key)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_32_bytes_as_base64() {
        let key = WrappingKey::parse("arn", &format!("{}\n", STANDARD.encode([7; 32]))).unwrap();
        assert_eq!(key.arn(), "arn");
        for text in [
            "",
            "AAAA",
            "no base64",
            &"07".repeat(32),
            &STANDARD.encode([7; 16]),
        ] {
            assert!(WrappingKey::parse("arn", text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_key_cannot_be_printed() {
        let text = STANDARD.encode([7; 32]);
        let keys: WrappingKeys = [WrappingKey::parse("arn:1", &text).unwrap()]
            .into_iter()
            .collect();
        assert_eq!(
            format!("{keys:?}"),
            r#"WrappingKeys({"arn:1": WrappingKey("arn:1", …)})"#
        );
        assert!(keys.find("arn:1").is_some() && keys.find("arn:2").is_none());
    }
}
