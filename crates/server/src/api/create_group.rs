//! `CreateGroup`: makes a group.

use model::{CreateGroupRequest, CreateGroupResponse};
use pool::error::Error;
use pool::group::{self, CreateGroup};

use super::call::Call;
use super::group::written;

pub(super) async fn create_group(
    call: &Call<'_>,
    request: CreateGroupRequest,
) -> Result<CreateGroupResponse, Error> {
    let new = CreateGroup {
        user_pool_id: request.user_pool_id,
        name: request.group_name,
        description: request.description,
        role_arn: request.role_arn,
        precedence: request.precedence,
    };
    let group = group::create_group(call.service, new).await?;
    Ok(CreateGroupResponse {
        group: Some(written(&group)),
    })
}
