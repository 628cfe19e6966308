//! `ListUserPoolClients`: a pool's app clients, page by page.

use model::{ListUserPoolClientsRequest, ListUserPoolClientsResponse, UserPoolClientDescription};
use pool::app_client::{self, AppClient, ListUserPoolClients};
use pool::error::Error;

use super::call::Call;
use super::user_pool::count;

pub(super) async fn list_user_pool_clients(
    call: &Call<'_>,
    request: ListUserPoolClientsRequest,
) -> Result<ListUserPoolClientsResponse, Error> {
    let page = ListUserPoolClients {
        user_pool_id: request.user_pool_id,
        max_results: request.max_results.map(count),
        next_token: request.next_token,
    };
    let listed = app_client::list_user_pool_clients(call.service, page).await?;
    Ok(ListUserPoolClientsResponse {
        next_token: listed.next_token,
        user_pool_clients: Some(listed.app_clients.iter().map(description).collect()),
    })
}

fn description(client: &AppClient) -> UserPoolClientDescription {
    UserPoolClientDescription {
        client_id: Some(client.id.as_str().into()),
        client_name: Some(client.name.clone()),
        user_pool_id: Some(client.user_pool_id.to_string()),
    }
}
