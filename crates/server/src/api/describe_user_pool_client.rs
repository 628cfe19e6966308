//! `DescribeUserPoolClient`: an app client as it stands now, with its secret.

use model::{DescribeUserPoolClientRequest, DescribeUserPoolClientResponse};
use pool::app_client;
use pool::error::Error;

use super::call::Call;
use super::user_pool_client as wire;

pub(super) async fn describe_user_pool_client(
    call: &Call<'_>,
    request: DescribeUserPoolClientRequest,
) -> Result<DescribeUserPoolClientResponse, Error> {
    let client_id = request.client_id.expose();
    let client =
        app_client::describe_user_pool_client(call.service, &request.user_pool_id, client_id).await?;
    Ok(DescribeUserPoolClientResponse {
        user_pool_client: Some(wire::written(&client)?),
    })
}
