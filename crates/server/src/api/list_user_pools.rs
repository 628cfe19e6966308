//! `ListUserPools`: the pools, page by page.

use model::{ListUserPoolsRequest, ListUserPoolsResponse, UserPoolDescriptionType};
use pool::error::Error;
use pool::user_pool::{self, ListUserPools, UserPool};

use super::call::Call;
use super::user_pool::{count, lambda_config, moment};

pub(super) async fn list_user_pools(
    call: &Call<'_>,
    request: ListUserPoolsRequest,
) -> Result<ListUserPoolsResponse, Error> {
    let page = ListUserPools {
        max_results: count(request.max_results),
        next_token: request.next_token,
    };
    let listed = user_pool::list_user_pools(call.service, page).await?;
    let pools = listed
        .user_pools
        .iter()
        .map(description)
        .collect::<Result<_, _>>()?;
    Ok(ListUserPoolsResponse {
        next_token: listed.next_token,
        user_pools: Some(pools),
    })
}

fn description(pool: &UserPool) -> Result<UserPoolDescriptionType, Error> {
    Ok(UserPoolDescriptionType {
        creation_date: Some(moment(pool.created_at)),
        id: Some(pool.id.to_string()),
        lambda_config: Some(lambda_config(pool)?),
        last_modified_date: Some(moment(pool.modified_at)),
        name: Some(pool.name.clone()),
        ..UserPoolDescriptionType::default()
    })
}
