//! The keys that may sign requests.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};

/// Whose signatures count at operations that Cognito wants signed.
#[derive(Clone, Debug)]
pub enum AccessKeys {
    /// Everybody's: a header of the right form is enough. For a server that only its own machine reaches.
    AnySignature,
    /// Those of these keys.
    Known(Vec<AccessKey>),
}

/// An AWS access key.
#[derive(Clone, Debug)]
pub struct AccessKey {
    /// Its id, like `AKIAIOSFODNN7EXAMPLE`.
    pub id: String,
    /// Its secret.
    pub secret: SecretAccessKey,
}

/// The secret of an access key.
#[derive(Clone)]
pub struct SecretAccessKey(SecretString);

impl SecretAccessKey {
    /// Takes the text.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text.into())
    }

    /// The text, for the one place that signs with it.
    pub(super) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<String> for SecretAccessKey {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for SecretAccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretAccessKey(…)")
    }
}
