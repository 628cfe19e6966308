//! The bytes of an event or of an answer. They may hold a password: unprintable, zeroed on drop.

use std::fmt;
use std::io::{self, Write};

use serde_json::Value;
use zeroize::Zeroizing;

/// The serialised JSON of an event or of an answer.
#[derive(Clone)]
pub struct Payload(Zeroizing<Vec<u8>>);

impl Payload {
    /// Takes bytes as they came from the wire.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes for the wire.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Serialises into a buffer of the final size, so that growing leaves no copy of a secret behind.
    pub(crate) fn of(value: &Value) -> Self {
        let mut size = Size(0);
        let mut bytes = Zeroizing::new(Vec::new());
        // Writing a `Value` to memory cannot fail; if it did, the empty payload is no event to anybody.
        if serde_json::to_writer(&mut size, value).is_ok() {
            bytes.reserve_exact(size.0);
            if serde_json::to_writer(&mut *bytes, value).is_err() {
                bytes.clear();
            }
        }
        Self(bytes)
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Payload({} bytes)", self.0.len())
    }
}

/// Counts what would be written.
struct Size(usize);

impl Write for Size {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_cannot_be_printed() {
        let payload = Payload::from_bytes(b"{\"password\":\"Canary-1\"}".to_vec());
        assert_eq!(format!("{payload:?}"), "Payload(23 bytes)");
    }
}
