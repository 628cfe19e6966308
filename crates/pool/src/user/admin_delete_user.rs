//! `AdminDeleteUser`.

use super::admin_get_user::get;
use crate::error::Error;
use crate::ports::Change;
use crate::service::Service;

/// Deletes a user. The names are free again at once.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool; [`Error::UserNotFound`].
pub async fn admin_delete_user(service: &Service, user_pool_id: &str, username: &str) -> Result<(), Error> {
    let loaded = service.user_pool(user_pool_id).await?;
    let user = get(service, &loaded.pool, username).await?;
    let gone = Change::DeleteUser {
        user_pool_id: user.user_pool_id,
        sub: user.sub,
    };
    Ok(service.commit(vec![gone]).await?)
}
