//! `GetGroup`, and finding the group that a request names.

use super::Group;
use crate::error::{Error, text};
use crate::id::{GroupName, UserPoolId};
use crate::service::Service;

/// The group of this name.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool or group.
pub async fn get_group(service: &Service, user_pool_id: &str, name: &str) -> Result<Group, Error> {
    let loaded = service.user_pool(user_pool_id).await?;
    get(service, &loaded.pool.id, name).await
}

/// The group of a pool that is known to be there.
///
/// # Errors
/// [`Error::ResourceNotFound`].
pub(super) async fn get(service: &Service, pool: &UserPoolId, name: &str) -> Result<Group, Error> {
    find(service, pool, name)
        .await?
        .ok_or_else(|| Error::ResourceNotFound(text::GROUP_NOT_FOUND.into()))
}

/// The same without an opinion on its absence. Read afresh: who administers sees what is.
pub(super) async fn find(service: &Service, pool: &UserPoolId, name: &str) -> Result<Option<Group>, Error> {
    // What cannot be a name is the name of no group.
    let Some(name) = GroupName::parse(name) else {
        return Ok(None);
    };
    Ok(service.store().find_group(pool, &name).await?)
}
