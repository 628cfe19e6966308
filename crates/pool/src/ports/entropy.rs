//! Chance, as a port: tests foresee what is drawn.
//!
//! The machine's source lives here beside its port, since drawing from it waits for nothing and can be used
//! from a rule as it is; there is no adapter crate that it would belong to.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::jwt::{KeyError, SigningKey};

/// The letters and digits of [`Entropy::alphanumeric`]: lower case and digits, as in ids of app clients.
const ALPHANUMERIC: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// A source of chance fit for keys. Only [`Entropy::fill`] has to be implemented.
pub trait Entropy: Send + Sync {
    /// Fills `bytes`, each value being equally likely and unforeseeable.
    fn fill(&self, bytes: &mut [u8]);

    /// A version 4 UUID (RFC 9562) in lower case, as in `jti`, `origin_jti` and `event_id`.
    fn uuid(&self) -> String {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        bytes[6] = (bytes[6] & 0x0f) | 0x40;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        uuid_text(&bytes)
    }

    /// A new `sub`. Like Cognito's it reads as a UUID of version 7 whose variant digit is arbitrary
    /// (`64684428-c021-7049-51b0-d218e66ffecd`), all other digits being random: it tells no time.
    fn sub(&self) -> String {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        bytes[6] = (bytes[6] & 0x0f) | 0x70;
        uuid_text(&bytes)
    }

    /// `length` decimal digits, each of the ten equally likely, as in a confirmation code.
    fn digits(&self, length: usize) -> String {
        drawn_from(b"0123456789", length, &|bytes| self.fill(bytes))
    }

    /// `length` digits and lower-case letters, each of the 36 equally likely, as in an app client's id.
    fn alphanumeric(&self, length: usize) -> String {
        drawn_from(ALPHANUMERIC, length, &|bytes| self.fill(bytes))
    }

    /// `length` characters of `alphabet` (ASCII, at most 256), each equally likely, as in a temporary password.
    fn text_of(&self, alphabet: &[u8], length: usize) -> String {
        drawn_from(alphabet, length, &|bytes| self.fill(bytes))
    }

    /// A new key for tokens; takes about a tenth of a second. Its randomness is aws-lc's own: see [`SigningKey::generate`].
    ///
    /// # Errors
    /// [`KeyError`] when no key could be made.
    fn signing_key(&self) -> Result<SigningKey, KeyError> {
        SigningKey::generate()
    }

    /// 32 random bytes in base64url, 43 characters: an opaque value that nobody guesses.
    fn opaque(&self) -> String {
        let mut bytes = [0; 32];
        self.fill(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

/// The machine's source: the operating system's own. aws-lc's generator gathers entropy of its own at its first byte,
/// which takes a twentieth of a second: half of the time in which a server is to give its first answer.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        if getrandom::fill(bytes).is_err() {
            // Without chance nothing that follows is safe, and no caller could do better than stop.
            std::process::abort();
        }
    }
}

/// Draws by rejection: a byte above the last whole multiple of the alphabet's size would favour its start.
fn drawn_from(alphabet: &[u8], length: usize, fill: &dyn Fn(&mut [u8])) -> String {
    let mut text = String::with_capacity(length);
    let size = alphabet.len().min(256);
    if size == 0 {
        return text;
    }
    let limit = 256 - 256 % size;
    let mut bytes = [0; 32];
    while text.len() < length {
        fill(&mut bytes);
        let fit = bytes
            .iter()
            .map(|byte| usize::from(*byte))
            .filter(|value| *value < limit);
        text.extend(
            fit.take(length - text.len())
                .map(|value| char::from(alphabet[value % size])),
        );
    }
    text
}

fn uuid_text(bytes: &[u8; 16]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(36);
    for (i, byte) in bytes.iter().enumerate() {
        if matches!(i, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_has_version_4_and_the_variant_of_the_rfc() {
        for _ in 0..100 {
            let uuid = SystemEntropy.uuid();
            assert_eq!(uuid.len(), 36);
            assert_eq!(&uuid[14..15], "4");
            assert!(matches!(&uuid[19..20], "8" | "9" | "a" | "b"));
            assert!(uuid.split('-').map(str::len).eq([8, 4, 4, 4, 12]));
        }
    }

    #[test]
    fn a_sub_has_version_7() {
        let sub = SystemEntropy.sub();
        assert_eq!(sub.len(), 36);
        assert_eq!(&sub[14..15], "7");
        assert_ne!(sub, SystemEntropy.sub());
    }

    #[test]
    fn digits_come_equally_often() {
        let text = SystemEntropy.digits(20_000);
        assert_eq!(text.len(), 20_000);
        for digit in '0'..='9' {
            let times = text.matches(digit).count();
            // Twelve standard deviations to either side.
            assert!((1_490..=2_510).contains(&times), "{digit} came {times} times");
        }
    }

    #[test]
    fn bytes_that_would_favour_the_start_of_the_alphabet_are_thrown_away() {
        let calls = std::cell::Cell::new(0_u8);
        let fill = |bytes: &mut [u8]| {
            calls.set(calls.get() + 1);
            bytes.fill(if calls.get() == 1 { 250 } else { 249 });
        };
        assert_eq!(drawn_from(b"0123456789", 3, &fill), "999");
        assert_eq!(calls.get(), 2);
    }

    #[test]
    fn an_empty_alphabet_gives_an_empty_text() {
        assert_eq!(SystemEntropy.text_of(b"", 5), "");
        assert_eq!(SystemEntropy.alphanumeric(0), "");
        assert_eq!(SystemEntropy.alphanumeric(26).len(), 26);
        assert_eq!(SystemEntropy.opaque().len(), 43);
    }
}
