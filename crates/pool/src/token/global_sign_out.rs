//! `GlobalSignOut` and `AdminUserGlobalSignOut`: the end of all sign-ins of a user so far.

use super::{authorize, revoke_all};
use crate::error::Error;
use crate::secret::AccessToken;
use crate::service::Service;
use crate::user::{self, User, update_user};
use crate::user_pool::UserPool;

/// Makes all tokens of the bearer worthless. The next sign-in works at once.
///
/// # Errors
/// Those of [`authorize`].
pub async fn global_sign_out(service: &Service, token: &AccessToken) -> Result<(), Error> {
    let bearer = authorize(service, token).await?;
    sign_out(service, &bearer.pool.pool, bearer.user, bearer.auth_time).await
}

/// Makes all tokens of a user worthless. The next sign-in works at once.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool; [`Error::UserNotFound`].
pub async fn admin_user_global_sign_out(
    service: &Service,
    user_pool_id: &str,
    username: &str,
) -> Result<(), Error> {
    let loaded = service.user_pool(user_pool_id).await?;
    let user = user::admin_get_user(service, user_pool_id, username).await?;
    sign_out(service, &loaded.pool, user, 0).await
}

/// Ends the sign-ins so far, and one that took place at `auth_time` by the clock of another node.
async fn sign_out(service: &Service, pool: &UserPool, user: User, auth_time: i64) -> Result<(), Error> {
    let now = service.now();
    update_user(service, pool, user, |user| {
        revoke_all(user, now, auth_time);
        Ok(())
    })
    .await?;
    Ok(())
}
