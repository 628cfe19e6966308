//! Texts of an event that nobody may print: they come in, go out on the wire through `expose`, and are zeroed.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer};

/// Declares a text whose only door is `expose`; it has no `Serialize` and its `Debug` shows nothing.
macro_rules! secret_text {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(SecretString);

        impl $name {
            /// Takes the text in; it is zeroed when the value is dropped.
            #[must_use]
            pub fn new(text: impl Into<String>) -> Self {
                Self(SecretString::from(text.into()))
            }

            /// The text itself. The one door: search for `expose` to find every place that looks.
            #[must_use]
            pub fn expose(&self) -> &str {
                self.0.expose_secret()
            }

            /// Whether there is no text at all.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.expose().is_empty()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(Self::new)
            }
        }
    )+};
}

secret_text! {
    /// The password that a person typed.
    Password,
    /// What a person answered to a custom challenge.
    ChallengeAnswer,
    /// A code or temporary password, encrypted for the custom sender (Base64).
    EncryptedCode,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_cannot_be_printed() {
        assert_eq!(format!("{:?}", Password::new("Canary-1")), "Password(…)");
    }
}
