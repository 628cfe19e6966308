//! `AdminAddUserToGroup`: makes a user a member of a group.

use model::AdminAddUserToGroupRequest;
use pool::error::Error;
use pool::group;

use super::call::Call;

pub(super) async fn admin_add_user_to_group(
    call: &Call<'_>,
    request: AdminAddUserToGroupRequest,
) -> Result<(), Error> {
    let (pool, username) = (&request.user_pool_id, request.username.expose());
    group::admin_add_user_to_group(call.service, pool, username, &request.group_name).await
}
