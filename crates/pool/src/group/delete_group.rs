//! `DeleteGroup`.

use super::get_group::get;
use crate::error::{Error, text};
use crate::ports::{Change, Conflict, StoreError};
use crate::service::Service;

/// Deletes a group; its members stay as users. A later group of the same name is another one.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool or group.
pub async fn delete_group(service: &Service, user_pool_id: &str, name: &str) -> Result<(), Error> {
    let loaded = service.user_pool(user_pool_id).await?;
    let group = get(service, &loaded.pool.id, name).await?;
    let gone = Change::DeleteGroup {
        user_pool_id: group.user_pool_id,
        id: group.id,
    };
    service.commit(vec![gone]).await.map_err(|error| match error {
        // Somebody else has deleted the group meanwhile.
        StoreError::Conflict(Conflict::Changed) => Error::ResourceNotFound(text::GROUP_NOT_FOUND.into()),
        other => other.into(),
    })
}
