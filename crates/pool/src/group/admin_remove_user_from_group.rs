//! `AdminRemoveUserFromGroup`.

use super::get_group::find;
use super::{TRIES, membership};
use crate::error::{Error, text};
use crate::ports::Change;
use crate::service::Service;
use crate::user;

/// Ends a user's membership in a group. A user who is not in it, and a group that is not there, are fine. Observed.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool; [`Error::UserNotFound`].
pub async fn admin_remove_user_from_group(
    service: &Service,
    user_pool_id: &str,
    username: &str,
    group_name: &str,
) -> Result<(), Error> {
    let mut user = user::admin_get_user(service, user_pool_id, username).await?;
    let Some(group) = find(service, &user.user_pool_id, group_name).await? else {
        return Ok(());
    };
    for _ in 0..TRIES {
        if !user.groups.contains(&group.id) {
            return Ok(());
        }
        user.groups.retain(|id| *id != group.id);
        let listing = Change::RemoveGroupMember {
            user_pool_id: user.user_pool_id.clone(),
            group: group.id.clone(),
            sub: user.sub.clone(),
        };
        match membership::commit(service, user, listing).await? {
            None => return Ok(()),
            Some(newer) => user = newer,
        }
    }
    Err(Error::TooManyRequests(text::TRY_AGAIN.into()))
}
