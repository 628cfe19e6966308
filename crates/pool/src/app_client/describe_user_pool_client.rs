//! `DescribeUserPoolClient`.

use std::sync::Arc;

use super::AppClient;
use crate::error::{Error, text};
use crate::id::AppClientId;
use crate::registry::LoadedClient;
use crate::service::Service;

/// An app client with its secret, for the answer to an administrator.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool, or such an app client in it.
pub async fn describe_user_pool_client(
    service: &Service,
    user_pool_id: &str,
    client_id: &str,
) -> Result<Arc<LoadedClient>, Error> {
    let client = read(service, user_pool_id, client_id).await?;
    let secret = service.client_secret(&client)?;
    Ok(Arc::new(LoadedClient { client, secret }))
}

/// The app client as the store has it, for those who change it or must not see a stale one.
pub(super) async fn read(service: &Service, user_pool_id: &str, client_id: &str) -> Result<AppClient, Error> {
    let unknown = || Error::ResourceNotFound(text::CLIENT_NOT_FOUND.into());
    let pool = service.user_pool(user_pool_id).await?;
    let id = AppClientId::parse(client_id).ok_or_else(unknown)?;
    let found = service.store().find_app_client(&id).await?;
    found
        .filter(|client| client.user_pool_id == pool.pool.id)
        .ok_or_else(unknown)
}
