//! `ListResourceServers`: a pool's resource servers, page by page.

use model::{ListResourceServersRequest, ListResourceServersResponse};
use pool::error::Error;
use pool::resource_server::{self, ListResourceServers};

use super::call::Call;
use super::resource_server as wire;
use super::user_pool::count;

pub(super) async fn list_resource_servers(
    call: &Call<'_>,
    request: ListResourceServersRequest,
) -> Result<ListResourceServersResponse, Error> {
    let page = ListResourceServers {
        user_pool_id: request.user_pool_id.clone(),
        max_results: request.max_results.map(count),
        next_token: request.next_token,
    };
    let listed = resource_server::list_resource_servers(call.service, page).await?;
    let servers = listed.resource_servers.into_iter();
    Ok(ListResourceServersResponse {
        resource_servers: servers
            .map(|server| wire::written(server, &request.user_pool_id))
            .collect(),
        next_token: listed.next_token,
    })
}
