//! `AdminRemoveUserFromGroup`: ends a user's membership in a group.

use model::AdminRemoveUserFromGroupRequest;
use pool::error::Error;
use pool::group;

use super::call::Call;

pub(super) async fn admin_remove_user_from_group(
    call: &Call<'_>,
    request: AdminRemoveUserFromGroupRequest,
) -> Result<(), Error> {
    let (pool, username) = (&request.user_pool_id, request.username.expose());
    group::admin_remove_user_from_group(call.service, pool, username, &request.group_name).await
}
