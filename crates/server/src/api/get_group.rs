//! `GetGroup`: a group by its name.

use model::{GetGroupRequest, GetGroupResponse};
use pool::error::Error;
use pool::group;

use super::call::Call;
use super::group::written;

pub(super) async fn get_group(call: &Call<'_>, request: GetGroupRequest) -> Result<GetGroupResponse, Error> {
    let group = group::get_group(call.service, &request.user_pool_id, &request.group_name).await?;
    Ok(GetGroupResponse {
        group: Some(written(&group)),
    })
}
