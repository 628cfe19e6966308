//! `AdminListGroupsForUser`.

use super::list_groups::{ListedGroups, last_of_full_page, limit};
use super::{Group, groups_of};
use crate::error::Error;
use crate::id::GroupName;
use crate::page;
use crate::service::Service;
use crate::user;

/// Which page of a user's groups.
#[derive(Clone, Debug)]
pub struct AdminListGroupsForUser {
    /// The pool.
    pub user_pool_id: String,
    /// The user's name or alias.
    pub username: String,
    /// At most so many, 1 to 60; 60 when not given.
    pub limit: Option<u32>,
    /// Where the page before ended.
    pub next_token: Option<String>,
}

/// Lists the groups that a user is in.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool; [`Error::UserNotFound`]; [`Error::InvalidParameter`] for a limit of 0
/// and for a token that this listing has not given.
pub async fn admin_list_groups_for_user(
    service: &Service,
    request: AdminListGroupsForUser,
) -> Result<ListedGroups, Error> {
    let limit = limit(request.limit)?;
    let user = user::admin_get_user(service, &request.user_pool_id, &request.username).await?;
    let listing = [
        "AdminListGroupsForUser",
        user.user_pool_id.as_str(),
        user.sub.as_str(),
    ];
    let after: Option<GroupName> = page::open_token(service, &listing, request.next_token.as_deref())?;
    // A user is in a hundred at most, so a page is cut from all of them.
    let mut groups: Vec<Group> = groups_of(service, &user)
        .await?
        .iter()
        .map(|group| Group::clone(group))
        .filter(|group| after.as_ref().is_none_or(|after| group.name > *after))
        .collect();
    groups.sort_by(|one, other| one.name.cmp(&other.name));
    let position = last_of_full_page(&mut groups, limit).map(|group| &group.name);
    let next_token = page::token(service, &listing, position)?;
    Ok(ListedGroups { groups, next_token })
}
