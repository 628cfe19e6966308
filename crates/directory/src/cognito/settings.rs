//! What the old pool is and how it may be asked, checked already. Reading it from anywhere is the caller's.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// An old pool.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The pool's Region.
    pub region: String,
    /// The pool.
    pub user_pool_id: String,
    /// An app client of it that allows `ALLOW_ADMIN_USER_PASSWORD_AUTH` or `ADMIN_NO_SRP_AUTH`.
    pub client_id: String,
    /// The app client's secret, where it has one.
    pub client_secret: Option<ClientSecret>,
    /// `http://` or `https://`, without a path; AWS's own when absent.
    pub endpoint: Option<String>,
    /// The role to take on first, where the pool is in another account.
    pub role: Option<Role>,
    /// The function's own credentials; absent only where an endpoint takes any signature.
    pub credentials: Option<Credentials>,
}

/// A role of another account.
#[derive(Clone, Debug)]
pub struct Role {
    /// Its ARN.
    pub arn: String,
    /// The external id that it asks for.
    pub external_id: Option<String>,
    /// Where AWS STS answers; AWS's own in the pool's Region when absent.
    pub endpoint: Option<String>,
}

/// An app client's secret.
#[derive(Clone)]
pub struct ClientSecret(SecretString);

impl ClientSecret {
    /// Takes it in.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret(…)")
    }
}

/// AWS credentials.
#[derive(Clone)]
pub struct Credentials {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: SecretString,
    pub(crate) session_token: Option<SecretString>,
}

impl Credentials {
    /// As in `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`.
    #[must_use]
    pub fn new(access_key_id: String, secret_access_key: String, session_token: Option<String>) -> Self {
        Self {
            access_key_id,
            secret_access_key: secret_access_key.into(),
            session_token: session_token.map(SecretString::from),
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(…)")
    }
}
