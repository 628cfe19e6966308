//! Digests of logins: what lists hold and logs show instead of a person's name.

use std::fmt;

use ring::{digest, hmac};

use crate::profile::{Login, normalised};

pub(crate) type Digest = [u8; 32];

/// The key of keyed digests and pseudonyms; its `Debug` shows nothing.
#[derive(Clone)]
pub struct DigestKey(hmac::Key);

impl DigestKey {
    /// What a key has at least: below that, whoever has the log could try keys.
    pub const SHORTEST: usize = 16;

    /// Takes a key of at least [`DigestKey::SHORTEST`] bytes.
    #[must_use]
    pub fn new(key: &[u8]) -> Option<Self> {
        (key.len() >= Self::SHORTEST).then(|| Self(hmac::Key::new(hmac::HMAC_SHA256, key)))
    }

    /// The name of a person in logs: the first half of HMAC-SHA256 of the login, normalised, in hexadecimal. Who has the
    /// key can compute it of a login; nobody can go the other way.
    #[must_use]
    pub fn pseudonym(&self, login: &Login) -> String {
        hexadecimal(&self.of(&login.normalised())[..16])
    }

    /// What only who has the key can say of a text, in hexadecimal.
    pub(crate) fn seal(&self, text: &str) -> String {
        hexadecimal(&self.of(text))
    }

    /// Whether that was said of this text; in constant time.
    pub(crate) fn vouches(&self, text: &str, seal: &str) -> bool {
        parsed(seal).is_some_and(|seal| hmac::verify(&self.0, text.as_bytes(), &seal).is_ok())
    }

    pub(crate) fn of(&self, text: &str) -> Digest {
        bytes(hmac::sign(&self.0, text.as_bytes()).as_ref())
    }
}

impl fmt::Debug for DigestKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DigestKey(…)")
    }
}

/// Logins that are known by their digests alone. `Debug` shows how many.
#[derive(Clone, Default)]
pub struct LoginSet {
    /// SHA-256, sorted.
    plain: Vec<Digest>,
    /// HMAC-SHA256, sorted.
    keyed: Vec<Digest>,
    key: Option<DigestKey>,
}

impl fmt::Debug for LoginSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LoginSet({} entries)", self.plain.len() + self.keyed.len())
    }
}

/// A line that is no login and no digest. The line itself is not quoted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {advice}")]
pub struct ListProblem {
    /// Which line or entry, from 1.
    pub line: usize,
    /// What to write instead.
    pub advice: &'static str,
}

impl LoginSet {
    /// Reads a list: an entry a line, each a login, `sha256:` and 64 hexadecimal digits, or `hmac:` and as many under
    /// the key. Digests are those of the login in lower case, without white space around it. Empty lines and those that
    /// begin with `#` are left out.
    ///
    /// # Errors
    /// Every line that is neither.
    pub fn parse<'a>(
        lines: impl IntoIterator<Item = &'a str>,
        key: Option<&DigestKey>,
    ) -> Result<Self, Vec<ListProblem>> {
        let mut set = Self {
            key: key.cloned(),
            ..Self::default()
        };
        let mut problems = Vec::new();
        for (index, line) in lines.into_iter().enumerate() {
            if let Err(advice) = set.add(line.trim()) {
                let line = index + 1;
                problems.push(ListProblem { line, advice });
            }
        }
        set.plain.sort_unstable();
        set.keyed.sort_unstable();
        if problems.is_empty() {
            Ok(set)
        } else {
            Err(problems)
        }
    }

    fn add(&mut self, entry: &str) -> Result<(), &'static str> {
        const DIGITS: &str = "a digest has 64 hexadecimal digits after the colon";
        if entry.is_empty() || entry.starts_with('#') {
        } else if let Some(digits) = entry.strip_prefix("sha256:") {
            self.plain.push(parsed(digits).ok_or(DIGITS)?);
        } else if let Some(digits) = entry.strip_prefix("hmac:") {
            if self.key.is_none() {
                return Err("a keyed digest needs the key: set digest_key, or write sha256:");
            }
            self.keyed.push(parsed(digits).ok_or(DIGITS)?);
        } else {
            self.plain.push(sha256(&normalised(entry)));
        }
        Ok(())
    }

    /// Adds what another list has.
    pub fn extend(&mut self, other: Self) {
        self.plain.extend(other.plain);
        self.keyed.extend(other.keyed);
        self.plain.sort_unstable();
        self.keyed.sort_unstable();
        self.key = self.key.take().or(other.key);
    }

    /// Whether a name is in it.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        if self.is_empty() {
            return false;
        }
        let name = normalised(name);
        self.plain.binary_search(&sha256(&name)).is_ok()
            || self
                .key
                .as_ref()
                .is_some_and(|key| self.keyed.binary_search(&key.of(&name)).is_ok())
    }

    /// Whether it has nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.plain.is_empty() && self.keyed.is_empty()
    }
}

/// The first digits of a text's SHA-256: enough to tell versions of a configuration apart.
#[must_use]
pub fn version_of(text: &str) -> String {
    hexadecimal(&sha256(text)[..6])
}

fn sha256(text: &str) -> Digest {
    bytes(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
}

/// Both algorithms give 32 bytes.
fn bytes(digest: &[u8]) -> Digest {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest);
    bytes
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

fn parsed(digits: &str) -> Option<Digest> {
    let mut digest = [0; 32];
    if digits.len() != 64 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, pair) in digest.iter_mut().zip(digits.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    // printf 'jane@example.com' | openssl dgst -sha256 [-hmac 'sixteen bytes or more']
    const PLAIN: &str = "sha256:8c87b489ce35cf2e2f39f80e282cb2e804932a56a213983eeeb428407d43b52d";
    const KEYED: &str = "hmac:6221c15627bce4741117e267bc0bec9fa46c508bc434b52cbcd769db586a6711";

    #[test]
    fn a_list_knows_people_by_name_or_digest_in_any_case() {
        let key = DigestKey::new(b"sixteen bytes or more").unwrap();
        for entry in ["Jane@Example.com ", PLAIN, KEYED] {
            let set = LoginSet::parse(["# pilot", "", entry], Some(&key)).unwrap();
            assert!(
                set.has("jane@example.com") && set.has(" JANE@example.COM"),
                "{entry}"
            );
            assert!(!set.has("ann@example.com") && !set.has(""));
            assert_eq!(format!("{set:?}"), "LoginSet(1 entries)");
        }
    }

    #[test]
    fn a_line_that_is_no_digest_is_told_by_its_number_alone() {
        let problems = LoginSet::parse(["sha256:12", "jane", KEYED], None).unwrap_err();
        let lines: Vec<_> = problems.iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [1, 3]);
    }

    #[test]
    fn a_pseudonym_is_stable_and_needs_a_real_key() {
        let key = DigestKey::new(b"sixteen bytes or more").unwrap();
        assert_eq!(
            key.pseudonym(&Login::new("Jane@example.com")),
            KEYED.strip_prefix("hmac:").unwrap()[..32]
        );
        assert!(DigestKey::new(b"short").is_none());
        assert_eq!(version_of(""), "e3b0c44298fc");
    }
}
