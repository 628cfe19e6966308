//! `ListUsersInGroup`.

use super::get_group::get;
use super::list_groups::{last_of_full_page, limit};
use crate::error::Error;
use crate::id::Sub;
use crate::page;
use crate::service::Service;
use crate::user::User;

/// Which page of a group's members.
#[derive(Clone, Debug)]
pub struct ListUsersInGroup {
    /// The pool.
    pub user_pool_id: String,
    /// The group's name.
    pub group_name: String,
    /// At most so many, 1 to 60; 60 when not given.
    pub limit: Option<u32>,
    /// Where the page before ended.
    pub next_token: Option<String>,
}

/// A page of members, in no order that clients may rely on.
#[derive(Clone, Debug)]
pub struct ListedMembers {
    /// The members.
    pub users: Vec<User>,
    /// The next page, when there is one.
    pub next_token: Option<String>,
}

/// Lists who is in a group.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool or group; [`Error::InvalidParameter`] for a limit of 0 and for a token
/// that this listing has not given.
pub async fn list_users_in_group(
    service: &Service,
    request: ListUsersInGroup,
) -> Result<ListedMembers, Error> {
    let limit = limit(request.limit)?;
    let loaded = service.user_pool(&request.user_pool_id).await?;
    let pool = &loaded.pool.id;
    let group = get(service, pool, &request.group_name).await?;
    let listing = ["ListUsersInGroup", pool.as_str(), group.id.as_str()];
    let after: Option<Sub> = page::open_token(service, &listing, request.next_token.as_deref())?;
    let mut users = service
        .store()
        .list_group_members(pool, &group.id, after.as_ref(), limit + 1)
        .await?;
    let position = last_of_full_page(&mut users, limit).map(|user| &user.sub);
    let next_token = page::token(service, &listing, position)?;
    Ok(ListedMembers { users, next_token })
}
