//! `ListGroups`: a pool's groups, page by page.

use model::{ListGroupsRequest, ListGroupsResponse};
use pool::error::Error;
use pool::group::{self, ListGroups};

use super::call::Call;
use super::group::written;
use super::user_pool::count;

pub(super) async fn list_groups(
    call: &Call<'_>,
    request: ListGroupsRequest,
) -> Result<ListGroupsResponse, Error> {
    let page = ListGroups {
        user_pool_id: request.user_pool_id,
        limit: request.limit.map(count),
        next_token: request.next_token,
    };
    let listed = group::list_groups(call.service, page).await?;
    Ok(ListGroupsResponse {
        groups: Some(listed.groups.iter().map(written).collect()),
        next_token: listed.next_token,
    })
}
