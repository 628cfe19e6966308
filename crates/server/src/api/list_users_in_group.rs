//! `ListUsersInGroup`: who is in a group, page by page.

use model::{ListUsersInGroupRequest, ListUsersInGroupResponse};
use pool::error::Error;
use pool::group::{self, ListUsersInGroup};

use super::attributes;
use super::call::Call;
use super::user_pool::count;

pub(super) async fn list_users_in_group(
    call: &Call<'_>,
    request: ListUsersInGroupRequest,
) -> Result<ListUsersInGroupResponse, Error> {
    let page = ListUsersInGroup {
        user_pool_id: request.user_pool_id,
        group_name: request.group_name,
        limit: request.limit.map(count),
        next_token: request.next_token,
    };
    let listed = group::list_users_in_group(call.service, page).await?;
    let users = listed.users.iter();
    let users = users.map(|user| attributes::user(user, attributes::listed(user, |_| true)));
    Ok(ListUsersInGroupResponse {
        next_token: listed.next_token,
        users: Some(users.collect()),
    })
}
