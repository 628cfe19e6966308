//! `CreateUserPoolClient`: makes an app client.

use model::{CreateUserPoolClientRequest, CreateUserPoolClientResponse};
use pool::app_client::{self, CreateUserPoolClient, SecretChoice};
use pool::error::Error;
use pool::secret::ClientSecret;

use super::call::Call;
use super::user_pool_client as wire;

pub(super) async fn create_user_pool_client(
    call: &Call<'_>,
    mut request: CreateUserPoolClientRequest,
) -> Result<CreateUserPoolClientResponse, Error> {
    // Taken out first: nothing else of the request is secret.
    let secret = match (request.client_secret.take(), request.generate_secret) {
        (Some(secret), _) => SecretChoice::Given(ClientSecret::new(secret.into_inner())),
        (None, Some(true)) => SecretChoice::Generate,
        (None, _) => SecretChoice::None,
    };
    let settings = wire::settings(&request)?;
    let new = CreateUserPoolClient {
        user_pool_id: request.user_pool_id,
        id: None,
        name: request.client_name,
        secret,
        settings,
    };
    let client = app_client::create_user_pool_client(call.service, new).await?;
    Ok(CreateUserPoolClientResponse {
        user_pool_client: Some(wire::written(&client)?),
    })
}
