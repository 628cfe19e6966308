//! `DeleteResourceServer`: takes a resource server off a pool.

use model::DeleteResourceServerRequest;
use pool::error::Error;
use pool::resource_server;

use super::call::Call;

pub(super) async fn delete_resource_server(
    call: &Call<'_>,
    request: DeleteResourceServerRequest,
) -> Result<(), Error> {
    resource_server::delete_resource_server(call.service, &request.user_pool_id, &request.identifier).await
}
