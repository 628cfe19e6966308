//! The groups that a user is in, and changing them.

use std::sync::Arc;

use super::Group;
use crate::error::Error;
use crate::ports::{Change, Conflict, StoreError};
use crate::service::Service;
use crate::user::{self, User};

/// A user's groups, without those that are gone. Lately used ones cost no read, so tokens show a group's changes within a
/// few seconds on other nodes.
///
/// # Errors
/// Those of the store.
pub(crate) async fn groups_of(service: &Service, user: &User) -> Result<Vec<Arc<Group>>, Error> {
    let mut groups = Vec::with_capacity(user.groups.len());
    for id in &user.groups {
        groups.extend(service.find_group(&user.user_pool_id, id).await?);
    }
    Ok(groups)
}

/// Commits a user's new groups and, with them, the same change of the group's list. Gives the newer state when somebody has
/// changed the user, or deleted the group, meanwhile; nothing has happened then.
///
/// # Errors
/// [`Error::UserNotFound`] when the user has been deleted meanwhile.
pub(super) async fn commit(service: &Service, user: User, listing: Change) -> Result<Option<User>, Error> {
    let (pool, sub) = (user.user_pool_id.clone(), user.sub.clone());
    let replaced = Change::ReplaceUser {
        user: Box::new(user),
        logins: None,
    };
    match service.commit(vec![replaced, listing]).await {
        Ok(()) => Ok(None),
        Err(StoreError::Conflict(Conflict::Changed)) => user::get_again(service, &pool, &sub).await.map(Some),
        Err(failed) => Err(failed.into()),
    }
}
