//! The master keys: what an operator keeps, and all sealing keys come from.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::ports::Entropy;

/// A key that sealing keys come from: 32 random bytes that the operator keeps.
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

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
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

/// By what a master key is known: the first bytes of something that is derived from it. It stands, readable, in every value
/// that was sealed under the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MasterKeyId([u8; Self::LENGTH]);

impl MasterKeyId {
    /// Bytes of it.
    pub(super) const LENGTH: usize = 4;

    pub(super) const fn of(bytes: [u8; Self::LENGTH]) -> Self {
        Self(bytes)
    }

    pub(super) fn bytes(self) -> [u8; Self::LENGTH] {
        self.0
    }

    /// Reads eight hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        crate::srp::hex::decode(text)?.try_into().ok().map(Self)
    }
}

impl fmt::Display for MasterKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", u32::from_be_bytes(self.0))
    }
}

impl From<MasterKeyId> for String {
    fn from(id: MasterKeyId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for MasterKeyId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("no id of a master key")
    }
}

/// The master keys of a node: one for good, more while a database goes from one to the next. All of them open; which one
/// seals is written in the database.
#[derive(Clone, Debug)]
pub struct MasterKeys {
    /// Seals in a database that knows no key yet.
    pub(super) first: MasterKey,
    pub(super) others: Vec<MasterKey>,
}

impl MasterKeys {
    /// Reads keys, one a line, each as [`MasterKey::parse`] does. Empty lines and those that begin with `#` say nothing.
    ///
    /// # Errors
    /// [`BadMasterKeys`] when a line is no key, or none is.
    pub fn parse(text: &str) -> Result<Self, BadMasterKeys> {
        let mut keys = Vec::new();
        for (line, text) in (1..).zip(text.lines()) {
            let text = text.trim();
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let key = MasterKey::parse(text).map_err(|_| BadMasterKeys::Line(line))?;
            if keys.iter().any(|other: &MasterKey| other.0 == key.0) {
                return Err(BadMasterKeys::Twice(line));
            }
            keys.push(key);
        }
        let mut keys = keys.into_iter();
        let first = keys.next().ok_or(BadMasterKeys::None)?;
        Ok(Self {
            first,
            others: keys.collect(),
        })
    }
}

impl From<MasterKey> for MasterKeys {
    fn from(key: MasterKey) -> Self {
        Self {
            first: key,
            others: Vec::new(),
        }
    }
}

/// The text holds no master keys. It does not say what it holds instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadMasterKeys {
    /// Nothing that could be one.
    #[error("{BadMasterKey}")]
    None,
    /// A line is no key.
    #[error("line {0}: {BadMasterKey}")]
    Line(usize),
    /// A line is the same key as one before it.
    #[error("line {0} is the same key as one before it")]
    Twice(usize),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_master_key_is_read_from_hex_and_base64_and_never_printed() {
        let key = MasterKey::new([0xab; 32]);
        for text in [&*key.expose_base64(), &format!(" {}\n", "aB".repeat(32))] {
            assert_eq!(MasterKey::parse(text).unwrap().0, key.0);
        }
        for text in ["", "abcd", &"zz".repeat(32), &"ab".repeat(31)] {
            assert_eq!(MasterKey::parse(text).unwrap_err(), BadMasterKey);
        }
        assert_eq!(format!("{key:?}"), "MasterKey(…)");
    }

    #[test]
    fn keys_stand_one_a_line_among_remarks() {
        let [one, two] = [1, 2].map(|byte| MasterKey::new([byte; 32]));
        let text = format!(
            "# since spring\n{}\n\n  {}  \n",
            *one.expose_base64(),
            *two.expose_base64()
        );
        let keys = MasterKeys::parse(&text).unwrap();
        assert_eq!(keys.first.0, one.0);
        assert_eq!(keys.others.iter().map(|key| key.0).collect::<Vec<_>>(), [two.0]);
        assert_eq!(format!("{keys:?}").matches("MasterKey(…)").count(), 2);
    }

    #[test]
    fn what_is_no_key_is_told_by_its_line() {
        let key = MasterKey::new([1; 32]).expose_base64();
        let wrong = |text: &str| MasterKeys::parse(text).unwrap_err();
        assert_eq!(wrong("\n# nothing\n"), BadMasterKeys::None);
        assert_eq!(wrong(&format!("{}\ncanary", *key)), BadMasterKeys::Line(2));
        assert_eq!(
            wrong(&format!("{}\n\n{}", *key, "01".repeat(32))),
            BadMasterKeys::Twice(3)
        );
        assert!(!wrong("canary").to_string().contains("canary"));
    }

    #[test]
    fn an_id_is_written_and_read_as_eight_digits() {
        let id = MasterKeyId([0, 0xab, 1, 2]);
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"00ab0102\"");
        assert_eq!(serde_json::from_str::<MasterKeyId>("\"00ab0102\"").unwrap(), id);
        for text in ["", "00ab01", "00ab010203", "canary!!"] {
            assert_eq!(MasterKeyId::parse(text), None);
        }
    }
}
