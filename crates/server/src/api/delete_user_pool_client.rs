//! `DeleteUserPoolClient`: deletes an app client.

use model::DeleteUserPoolClientRequest;
use pool::app_client;
use pool::error::Error;

use super::call::Call;

pub(super) async fn delete_user_pool_client(
    call: &Call<'_>,
    request: DeleteUserPoolClientRequest,
) -> Result<(), Error> {
    app_client::delete_user_pool_client(call.service, &request.user_pool_id, request.client_id.expose()).await
}
