//! `AdminEnableUser` and `AdminDisableUser`.

use super::admin_get_user::get;
use super::update_user;
use crate::error::Error;
use crate::service::Service;
use crate::token::revoke_all;

/// Lets a user sign in again. Tokens from before the user was disabled stay worthless.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool; [`Error::UserNotFound`].
pub async fn admin_enable_user(service: &Service, user_pool_id: &str, username: &str) -> Result<(), Error> {
    let loaded = service.user_pool(user_pool_id).await?;
    let (user, now) = (get(service, &loaded.pool, username).await?, service.now());
    update_user(service, &loaded.pool, user, |user| {
        user.enabled = true;
        user.modified_at = now;
        Ok(())
    })
    .await?;
    Ok(())
}

/// Keeps a user out and revokes all of the user's tokens, for good. Observed: enabling does not revive them.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool; [`Error::UserNotFound`].
pub async fn admin_disable_user(service: &Service, user_pool_id: &str, username: &str) -> Result<(), Error> {
    let loaded = service.user_pool(user_pool_id).await?;
    let (user, now) = (get(service, &loaded.pool, username).await?, service.now());
    update_user(service, &loaded.pool, user, |user| {
        user.enabled = false;
        revoke_all(user, now, 0);
        user.modified_at = now;
        Ok(())
    })
    .await?;
    Ok(())
}
