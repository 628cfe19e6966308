//! What the old pool is and how it may be asked, checked already. Reading it from anywhere is the caller's.

use crate::aws::Credentials;
use crate::secret::Secret;

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
    pub client_secret: Option<Secret>,
    /// `http://` or `https://`, without a path; AWS's own when absent.
    pub endpoint: Option<String>,
    /// The role to take on first, where the pool is in another account.
    pub role: Option<Role>,
    /// Whether the groups of a user are read too.
    pub with_groups: bool,
    /// The function's own credentials; absent only where an endpoint takes any signature.
    pub credentials: Option<Credentials>,
}

/// A role of another account.
#[derive(Clone, Debug)]
pub struct Role {
    /// Its ARN.
    pub arn: String,
    /// The external id that it asks for.
    pub external_id: Option<Secret>,
    /// Where AWS STS answers; AWS's own in the pool's Region when absent.
    pub endpoint: Option<String>,
}
