//! `CreateResourceServer`: makes a resource server.

use model::{CreateResourceServerRequest, CreateResourceServerResponse};
use pool::error::Error;
use pool::resource_server::{self, ResourceServer};

use super::call::Call;
use super::resource_server as wire;

pub(super) async fn create_resource_server(
    call: &Call<'_>,
    request: CreateResourceServerRequest,
) -> Result<CreateResourceServerResponse, Error> {
    let new = ResourceServer {
        identifier: request.identifier,
        name: request.name,
        scopes: wire::scopes(request.scopes),
    };
    let pool = &request.user_pool_id;
    let server = resource_server::create_resource_server(call.service, pool, new).await?;
    Ok(CreateResourceServerResponse {
        resource_server: wire::written(server, pool),
    })
}
