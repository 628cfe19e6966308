//! `DeleteUserPoolClient`.

use super::describe_user_pool_client::read;
use crate::error::Error;
use crate::ports::Change;
use crate::service::Service;

/// Deletes an app client.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool, or such an app client in it.
pub async fn delete_user_pool_client(
    service: &Service,
    user_pool_id: &str,
    client_id: &str,
) -> Result<(), Error> {
    let client = read(service, user_pool_id, client_id).await?;
    Ok(service.commit(vec![Change::DeleteAppClient(client.id)]).await?)
}
