//! `AdminGetUser`, and finding the user whom an administrator names.

use super::User;
use crate::error::{Error, text};
use crate::service::Service;
use crate::user_pool::UserPool;

/// The user of this name. As in every operation of administrators, an alias or username attribute will do.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool; [`Error::UserNotFound`].
pub async fn admin_get_user(service: &Service, user_pool_id: &str, username: &str) -> Result<User, Error> {
    let loaded = service.user_pool(user_pool_id).await?;
    get(service, &loaded.pool, username).await
}

/// The user of a name that somebody gave.
pub(super) async fn get(service: &Service, pool: &UserPool, username: &str) -> Result<User, Error> {
    let found = service
        .store()
        .find_user(&pool.id, &pool.case().login_key(username))
        .await?;
    found.ok_or_else(|| Error::UserNotFound(text::USER_UNKNOWN.into()))
}
