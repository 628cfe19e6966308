//! The model's regular expressions. They are Java's: the whole text must match, and `\w`, `\s`, `\S` are ASCII.

use std::fmt;
use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};

/// Java's `\s` inside brackets.
const WHITE_SPACE: &str = r"\t\n\x0B\f\r ";
/// Java's `\w` inside brackets.
const WORD: &str = "A-Za-z0-9_";

/// Where what is checked differs from the text that messages quote: shape, text, what is checked.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    // Cognito lists the space among the symbols of a password, so `[\S]+` cannot be what it checks. Its older model had
    // `^[\S]+.*[\S]+$`: white space inside, none at the ends.
    ("PasswordType", r"[\S]+", r"[^\s](?:.*[^\s])?"),
    // Look-behind: no dot at the end.
    (
        "S3BucketType",
        r"^[0-9A-Za-z\.\-_]*(?<!\.)$",
        r"(?:[0-9A-Za-z.\-_]*[0-9A-Za-z\-_])?",
    ),
];

/// A pattern of the model, compiled when first used.
pub struct Pattern {
    shape: &'static str,
    text: &'static str,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    pub(crate) const fn new(shape: &'static str, text: &'static str) -> Pattern {
        Pattern {
            shape,
            text,
            compiled: OnceLock::new(),
        }
    }

    /// The pattern as the model writes it and messages quote it.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        self.text
    }

    /// Whether the whole of `text` matches.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        // A pattern that does not compile would refuse nobody; the tests compile them all.
        self.regex().is_none_or(|regex| regex.is_match(text))
    }

    pub(crate) fn regex(&self) -> Option<&Regex> {
        self.compiled
            .get_or_init(|| compile(self.shape, self.text))
            .as_ref()
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

fn compile(shape: &str, text: &str) -> Option<Regex> {
    let checked = EXCEPTIONS
        .iter()
        .find(|row| row.0 == shape && row.1 == text)
        .map_or(text, |row| row.2);
    // In the model's patterns `\w` and `\s` stand inside brackets only, and `\S` only alone in them.
    let ascii = checked
        .replace(r"[\S]", &format!("[^{WHITE_SPACE}]"))
        .replace(r"\w", WORD)
        .replace(r"\s", WHITE_SPACE);
    RegexBuilder::new(&format!(r"\A(?:{ascii})\z"))
        .size_limit(64 << 20)
        .build()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_may_hold_spaces_inside_but_not_at_its_ends() {
        let pattern = Pattern::new("PasswordType", r"[\S]+");
        assert!(pattern.matches("correct horse"));
        assert!(pattern.matches("é"));
        assert!(!pattern.matches(" horse"));
        assert!(!pattern.matches("horse "));
        assert!(!pattern.matches(""));
        assert!(!Pattern::new("ConfirmationCodeType", r"[\S]+").matches("1 12 123"));
    }

    #[test]
    fn a_bucket_does_not_end_with_a_dot() {
        let pattern = Pattern::new("S3BucketType", r"^[0-9A-Za-z\.\-_]*(?<!\.)$");
        assert!(pattern.matches("my.bucket"));
        assert!(pattern.matches(""));
        assert!(!pattern.matches("my.bucket."));
    }

    #[test]
    fn words_are_ascii_as_in_java() {
        let pattern = Pattern::new("ClientIdType", r"[\w+]+");
        assert!(pattern.matches("abc_1+"));
        assert!(!pattern.matches("é"));
        assert!(!pattern.matches("abc\n"));
    }
}
