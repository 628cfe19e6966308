//! `DeleteUserPoolClient`.

use super::describe_user_pool_client::read;
use crate::error::{Error, text};
use crate::ports::{Change, Conflict, StoreError};
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
    service
        .commit(vec![Change::DeleteAppClient(client.id)])
        .await
        .map_err(|error| match error {
            // Somebody else has deleted the app client meanwhile.
            StoreError::Conflict(Conflict::Changed) => Error::ResourceNotFound(text::CLIENT_NOT_FOUND.into()),
            other => other.into(),
        })
}
