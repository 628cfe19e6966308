//! `AdminListGroupsForUser`: the groups that a user is in, page by page.

use model::{AdminListGroupsForUserRequest, AdminListGroupsForUserResponse};
use pool::error::Error;
use pool::group::{self, AdminListGroupsForUser};

use super::call::Call;
use super::group::written;
use super::user_pool::count;

pub(super) async fn admin_list_groups_for_user(
    call: &Call<'_>,
    request: AdminListGroupsForUserRequest,
) -> Result<AdminListGroupsForUserResponse, Error> {
    let page = AdminListGroupsForUser {
        user_pool_id: request.user_pool_id,
        username: request.username.into_inner(),
        limit: request.limit.map(count),
        next_token: request.next_token,
    };
    let listed = group::admin_list_groups_for_user(call.service, page).await?;
    Ok(AdminListGroupsForUserResponse {
        groups: Some(listed.groups.iter().map(written).collect()),
        next_token: listed.next_token,
    })
}
