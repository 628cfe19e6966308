//! `UpdateGroup`: changes what a group is for, its role and its precedence.

use model::{UpdateGroupRequest, UpdateGroupResponse};
use pool::error::Error;
use pool::group::{self, UpdateGroup};

use super::call::Call;
use super::group::written;

pub(super) async fn update_group(
    call: &Call<'_>,
    request: UpdateGroupRequest,
) -> Result<UpdateGroupResponse, Error> {
    let change = UpdateGroup {
        user_pool_id: request.user_pool_id,
        name: request.group_name,
        description: request.description,
        role_arn: request.role_arn,
        precedence: request.precedence,
    };
    let group = group::update_group(call.service, change).await?;
    Ok(UpdateGroupResponse {
        group: Some(written(&group)),
    })
}
