//! `AuthParameters` and `ChallengeResponses`: named texts, some of them secret, so none is ever printed.

use std::collections::BTreeMap;
use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use crate::error::{Error, text};
use crate::registry::LoadedClient;
use crate::subject::check_secret_hash;

/// Named texts of a request.
#[derive(Clone, Default)]
pub struct Parameters(BTreeMap<String, SecretString>);

impl Parameters {
    /// The text of `name`, if it was sent and is not empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(ExposeSecret::expose_secret)
            .filter(|text| !text.is_empty())
    }

    /// The text of `name`.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when it was not sent or is empty.
    pub fn required(&self, name: &str) -> Result<&str, Error> {
        self.get(name)
            .ok_or_else(|| Error::InvalidParameter(text::missing_parameter(name)))
    }

    /// `USERNAME`, the secret hash over it checked.
    pub(super) fn username(&self, client: &LoadedClient) -> Result<&str, Error> {
        let username = self.required("USERNAME")?;
        check_secret_hash(client, username, self.get("SECRET_HASH"))?;
        Ok(username)
    }

    /// Those whose name starts with `prefix`, without it. Here an empty text counts: it deletes an attribute.
    pub fn with_prefix<'p>(&'p self, prefix: &'p str) -> impl Iterator<Item = (&'p str, &'p str)> {
        self.0
            .iter()
            .filter_map(move |(name, text)| Some((name.strip_prefix(prefix)?, text.expose_secret())))
    }
}

impl<N: Into<String>, T: Into<String>> FromIterator<(N, T)> for Parameters {
    fn from_iter<I: IntoIterator<Item = (N, T)>>(parameters: I) -> Self {
        Self(
            parameters
                .into_iter()
                .map(|(name, text)| (name.into(), SecretString::from(text.into())))
                .collect(),
        )
    }
}

/// Shows the names alone.
impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
