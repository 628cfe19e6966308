//! `GetUserAuthFactors` and `AdminGetUserAuthFactors`: with what a user may sign in.

use super::User;
use super::admin_get_user::get;
use crate::error::Error;
use crate::secret::AccessToken;
use crate::service::Service;
use crate::sign_in::first_factors;
use crate::token::authorize;
use crate::user_pool::FirstFactor;

/// A user, and what a choice-based sign-in would offer.
#[derive(Debug)]
pub struct UserAuthFactors {
    /// The user, with the second factors.
    pub user: User,
    /// `ConfiguredUserAuthFactors`.
    pub first_factors: Vec<FirstFactor>,
}

/// The factors of the bearer of a token.
///
/// # Errors
/// Those of [`authorize`].
pub async fn get_user_auth_factors(
    service: &Service,
    access_token: &AccessToken,
) -> Result<UserAuthFactors, Error> {
    let bearer = authorize(service, access_token).await?;
    Ok(UserAuthFactors {
        first_factors: first_factors(&bearer.pool.pool, &bearer.user),
        user: bearer.user,
    })
}

/// The factors of the user whom an administrator names.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool; [`Error::UserNotFound`].
pub async fn admin_get_user_auth_factors(
    service: &Service,
    user_pool_id: &str,
    username: &str,
) -> Result<UserAuthFactors, Error> {
    let loaded = service.user_pool(user_pool_id).await?;
    let user = get(service, &loaded.pool, username).await?;
    Ok(UserAuthFactors {
        first_factors: first_factors(&loaded.pool, &user),
        user,
    })
}
