//! `AdminDeleteUser`.

use super::User;
use super::admin_get_user::get;
use crate::error::{Error, text};
use crate::ports::{Change, Conflict, StoreError};
use crate::service::Service;

/// Deletes a user. The names are free again at once.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool; [`Error::UserNotFound`].
pub async fn admin_delete_user(service: &Service, user_pool_id: &str, username: &str) -> Result<(), Error> {
    let loaded = service.user_pool(user_pool_id).await?;
    let user = get(service, &loaded.pool, username).await?;
    remove(service, user).await
}

/// Deletes a user who has been found.
///
/// # Errors
/// [`Error::UserNotFound`] when somebody else has deleted the user meanwhile.
pub(crate) async fn remove(service: &Service, user: User) -> Result<(), Error> {
    let gone = Change::DeleteUser {
        user_pool_id: user.user_pool_id,
        sub: user.sub,
    };
    service.commit(vec![gone]).await.map_err(|error| match error {
        StoreError::Conflict(Conflict::Changed) => Error::UserNotFound(text::USER_UNKNOWN.into()),
        other => other.into(),
    })
}
