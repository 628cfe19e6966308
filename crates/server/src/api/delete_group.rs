//! `DeleteGroup`: deletes a group.

use model::DeleteGroupRequest;
use pool::error::Error;
use pool::group;

use super::call::Call;

pub(super) async fn delete_group(call: &Call<'_>, request: DeleteGroupRequest) -> Result<(), Error> {
    group::delete_group(call.service, &request.user_pool_id, &request.group_name).await
}
