//! `CreateGroup`.

use super::{Group, MOST_OF_A_POOL};
use crate::error::{Error, text};
use crate::id::{GroupId, GroupName};
use crate::ports::{Change, Conflict, StoreError};
use crate::service::Service;

/// What a group is to be.
#[derive(Clone, Debug)]
pub struct CreateGroup {
    /// Its pool.
    pub user_pool_id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The role of its members in identity pools. That the caller may pass it on is IAM's to say, so it is not checked.
    pub role_arn: Option<String>,
    /// From 0 on; the lowest goes first.
    pub precedence: Option<i32>,
}

/// Makes a group with nobody in it.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool; [`Error::GroupExists`] when the name is taken;
/// [`Error::LimitExceeded`] for one more than a pool may have.
pub async fn create_group(service: &Service, request: CreateGroup) -> Result<Group, Error> {
    let loaded = service.user_pool(&request.user_pool_id).await?;
    let name =
        GroupName::parse(&request.name).ok_or_else(|| Error::invalid_parameter(text::GROUP_NAME_FORM))?;
    if service.store().count_groups(&loaded.pool.id).await? >= MOST_OF_A_POOL {
        return Err(Error::LimitExceeded(text::TOO_MANY_GROUPS.into()));
    }
    let now = service.now();
    let group = Group {
        user_pool_id: loaded.pool.id.clone(),
        id: GroupId::generate(service.entropy()),
        name,
        description: request.description.filter(|text| !text.is_empty()),
        role_arn: request.role_arn,
        precedence: request.precedence,
        created_at: now,
        modified_at: now,
        version: 1,
    };
    match service
        .commit(vec![Change::InsertGroup(Box::new(group.clone()))])
        .await
    {
        Ok(()) => Ok(group),
        // The id is random: it is the name that is taken.
        Err(StoreError::Conflict(Conflict::IdTaken)) => Err(Error::GroupExists(text::GROUP_EXISTS.into())),
        Err(failed) => Err(failed.into()),
    }
}
