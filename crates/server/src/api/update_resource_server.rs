//! `UpdateResourceServer`: replaces name and scopes of a resource server.

use model::{UpdateResourceServerRequest, UpdateResourceServerResponse};
use pool::error::Error;
use pool::resource_server::{self, ResourceServer};

use super::call::Call;
use super::resource_server as wire;

pub(super) async fn update_resource_server(
    call: &Call<'_>,
    request: UpdateResourceServerRequest,
) -> Result<UpdateResourceServerResponse, Error> {
    let new = ResourceServer {
        identifier: request.identifier,
        name: request.name,
        scopes: wire::scopes(request.scopes),
    };
    let pool = &request.user_pool_id;
    let server = resource_server::update_resource_server(call.service, pool, new).await?;
    Ok(UpdateResourceServerResponse {
        resource_server: wire::written(server, pool),
    })
}
