//! A user as the file of pools at the server's start describes one: put in place as is, nobody being told.

use trigger::Password;

use super::new_user::{NewUser, Required, credential, draft, store};
use super::{User, UserStatus};
use crate::error::Error;
use crate::id::Sub;
use crate::service::Service;

/// A user to put in place.
#[derive(Debug)]
pub struct SeedUser {
    /// The pool.
    pub user_pool_id: String,
    /// The user name; where attributes sign in, the e-mail address or phone number.
    pub username: String,
    /// The `sub`, when it is to be a certain one.
    pub sub: Option<Sub>,
    /// The attributes.
    pub attributes: Vec<(String, String)>,
    /// Where the user stands.
    pub status: UserStatus,
    /// Whether the user may sign in at all.
    pub enabled: bool,
    /// The password. The pool's policy does not apply: the file describes what is, not what somebody chooses now.
    pub password: Option<Password>,
    /// Whether a code by SMS follows the password.
    pub sms_mfa_enabled: bool,
}

/// Puts a user in place.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool; [`Error::UsernameExists`], [`Error::AliasExists`];
/// [`Error::InvalidParameter`] for a name or attribute that does not fit.
pub async fn seed_user(service: &Service, seed: SeedUser) -> Result<User, Error> {
    let loaded = service.user_pool(&seed.user_pool_id).await?;
    let attributes: Vec<(&str, &str)> = seed
        .attributes
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let new = NewUser {
        login: &seed.username,
        username: None,
        sub: seed.sub,
        attributes: &attributes,
        required: Required::Waived,
        status: seed.status,
        password: seed.password.as_ref(),
        sms_mfa_enabled: seed.sms_mfa_enabled,
        force_alias_creation: false,
        migratable: false,
        origin: None,
    };
    let pool = &loaded.pool;
    let mut user = draft(service, pool, &new)?;
    user.enabled = seed.enabled;
    user.credential = credential(service, pool, &user, new.password)?;
    store(service, pool, user, new.force_alias_creation).await
}

/// Whether this is the user's password. No try is counted: nobody is signing in.
///
/// # Errors
/// [`Error::Internal`] when the verifier cannot be opened.
pub async fn has_password(service: &Service, user: &User, password: &Password) -> Result<bool, Error> {
    let loaded = service.user_pool(user.user_pool_id.as_str()).await?;
    user.has_password(service, &loaded.pool, password)
}
