//! `AdminAddUserToGroup`.

use super::get_group::get;
use super::{MOST_OF_A_USER, TRIES, groups_of, membership};
use crate::error::{Error, text};
use crate::id::GroupId;
use crate::ports::Change;
use crate::service::Service;
use crate::user;

/// Makes a user a member of a group; once more is fine. The user is looked for first. Observed.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool or group; [`Error::UserNotFound`]; [`Error::LimitExceeded`] for one group
/// more than a user may be in.
pub async fn admin_add_user_to_group(
    service: &Service,
    user_pool_id: &str,
    username: &str,
    group_name: &str,
) -> Result<(), Error> {
    let mut user = user::admin_get_user(service, user_pool_id, username).await?;
    for _ in 0..TRIES {
        let group = get(service, &user.user_pool_id, group_name).await?;
        if user.groups.contains(&group.id) {
            return Ok(());
        }
        // Groups that have been deleted since are forgotten here, where the user is written anyway.
        user.groups = living(service, &user).await?;
        if user.groups.len() >= MOST_OF_A_USER {
            return Err(Error::LimitExceeded(text::TOO_MANY_GROUPS_OF_A_USER.into()));
        }
        user.groups.push(group.id.clone());
        let listing = Change::AddGroupMember {
            user_pool_id: user.user_pool_id.clone(),
            group: group.id,
            sub: user.sub.clone(),
        };
        match membership::commit(service, user, listing).await? {
            None => return Ok(()),
            Some(newer) => user = newer,
        }
    }
    Err(Error::TooManyRequests(text::TRY_AGAIN.into()))
}

/// The user's groups that are still there.
async fn living(service: &Service, user: &user::User) -> Result<Vec<GroupId>, Error> {
    let groups = groups_of(service, user).await?;
    Ok(groups.iter().map(|group| group.id.clone()).collect())
}
