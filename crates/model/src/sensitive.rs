//! Text that must not be seen: passwords, codes, tokens, secrets and what the model marks sensitive.

use std::fmt;

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A string that `Debug` does not show, that is compared in constant time and wiped when dropped.
///
/// It serialises as its text, because this crate is the wire; nothing else prints it.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sensitive(#[serde(with = "text")] Zeroizing<String>);

impl Sensitive {
    /// The text. The only way to look at it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The text itself; whoever takes it wipes it.
    #[must_use]
    pub fn into_inner(mut self) -> String {
        std::mem::take(&mut *self.0)
    }
}

impl From<String> for Sensitive {
    fn from(text: String) -> Sensitive {
        Sensitive(Zeroizing::new(text))
    }
}

impl From<&str> for Sensitive {
    fn from(text: &str) -> Sensitive {
        Sensitive::from(text.to_owned())
    }
}

impl PartialEq for Sensitive {
    fn eq(&self, other: &Sensitive) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for Sensitive {}

impl fmt::Debug for Sensitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sensitive(…)")
    }
}

/// Serde's way through [`Zeroizing`], without its `serde` feature.
mod text {
    use serde::{Deserialize, Deserializer, Serializer};
    use zeroize::Zeroizing;

    pub(super) fn serialize<S: Serializer>(
        text: &Zeroizing<String>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(text)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Zeroizing<String>, D::Error> {
        String::deserialize(deserializer).map(Zeroizing::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing_and_json_shows_the_text() {
        let secret = Sensitive::from("P@ssw0rd");
        assert_eq!(format!("{secret:?}"), "Sensitive(…)");
        assert_eq!(serde_json::to_string(&secret).unwrap(), "\"P@ssw0rd\"");
        assert_eq!(serde_json::from_str::<Sensitive>("\"P@ssw0rd\"").unwrap(), secret);
        assert_eq!(secret.into_inner(), "P@ssw0rd");
    }
}
