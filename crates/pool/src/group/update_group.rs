//! `UpdateGroup`.

use super::{Group, TRIES, get_group::get};
use crate::error::{Error, text};
use crate::ports::{Change, Conflict, StoreError};
use crate::service::Service;

/// What of a group changes.
#[derive(Clone, Debug)]
pub struct UpdateGroup {
    /// Its pool.
    pub user_pool_id: String,
    /// Its name, which stays.
    pub name: String,
    /// The new description; none and an empty one keep the old. Observed.
    pub description: Option<String>,
    /// The new role; `None` keeps the old.
    pub role_arn: Option<String>,
    /// The new precedence; `None` keeps the old.
    pub precedence: Option<i32>,
}

/// Changes a group. A request that changes nothing leaves the time of the last change, too. Observed.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool or group.
pub async fn update_group(service: &Service, request: UpdateGroup) -> Result<Group, Error> {
    let UpdateGroup {
        user_pool_id,
        name,
        description,
        role_arn,
        precedence,
    } = request;
    let description = description.filter(|text| !text.is_empty());
    let loaded = service.user_pool(&user_pool_id).await?;
    for _ in 0..TRIES {
        let mut group = get(service, &loaded.pool.id, &name).await?;
        if description.is_none() && role_arn.is_none() && precedence.is_none() {
            return Ok(group);
        }
        group.description = description.clone().or(group.description);
        group.role_arn = role_arn.clone().or(group.role_arn);
        group.precedence = precedence.or(group.precedence);
        group.modified_at = service.now();
        match service
            .commit(vec![Change::ReplaceGroup(Box::new(group.clone()))])
            .await
        {
            Ok(()) => return Ok(group),
            Err(StoreError::Conflict(Conflict::Changed)) => tokio::task::yield_now().await,
            Err(failed) => return Err(failed.into()),
        }
    }
    Err(Error::TooManyRequests(text::TRY_AGAIN.into()))
}
