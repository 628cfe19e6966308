//! `DescribeResourceServer`: a resource server as it stands now.

use model::{DescribeResourceServerRequest, DescribeResourceServerResponse};
use pool::error::Error;
use pool::resource_server;

use super::call::Call;
use super::resource_server as wire;

pub(super) async fn describe_resource_server(
    call: &Call<'_>,
    request: DescribeResourceServerRequest,
) -> Result<DescribeResourceServerResponse, Error> {
    let pool = &request.user_pool_id;
    let server = resource_server::describe_resource_server(call.service, pool, &request.identifier).await?;
    Ok(DescribeResourceServerResponse {
        resource_server: wire::written(server, pool),
    })
}
