//! `UpdateUserPoolClient`: replaces an app client's settings; what is left out is Cognito's default again.

use model::{UpdateUserPoolClientRequest, UpdateUserPoolClientResponse};
use pool::app_client::{self, UpdateUserPoolClient};
use pool::error::Error;

use super::call::Call;
use super::user_pool_client as wire;

pub(super) async fn update_user_pool_client(
    call: &Call<'_>,
    request: UpdateUserPoolClientRequest,
) -> Result<UpdateUserPoolClientResponse, Error> {
    let settings = wire::settings(&request)?;
    let update = UpdateUserPoolClient {
        user_pool_id: request.user_pool_id,
        client_id: request.client_id.into_inner(),
        name: request.client_name,
        settings,
    };
    let client = app_client::update_user_pool_client(call.service, update).await?;
    Ok(UpdateUserPoolClientResponse {
        user_pool_client: Some(wire::written(&client)?),
    })
}
