//! `UpdateUserPoolClient`.

use std::sync::Arc;

use super::AppClientSettings;
use super::describe_user_pool_client::{describe_user_pool_client, read};
use crate::error::{Error, text};
use crate::ports::{Change, Conflict, StoreError};
use crate::registry::LoadedClient;
use crate::service::Service;

/// How often a change is made again when others change the same app client.
const TRIES: u32 = 8;

/// An app client's new settings.
#[derive(Clone, Debug)]
pub struct UpdateUserPoolClient {
    /// The pool.
    pub user_pool_id: String,
    /// The app client.
    pub client_id: String,
    /// The new name; `None` keeps the name, the one thing that is not reset.
    pub name: Option<String>,
    /// All settings: those that the request left out are Cognito's defaults again.
    pub settings: AppClientSettings,
}

/// Replaces an app client's settings; its id and secret stay.
///
/// # Errors
/// [`Error::ResourceNotFound`]; [`Error::InvalidParameter`] for settings that do not go together; [`Error::FeatureUnavailableInTier`].
pub async fn update_user_pool_client(
    service: &Service,
    request: UpdateUserPoolClient,
) -> Result<Arc<LoadedClient>, Error> {
    let UpdateUserPoolClient {
        user_pool_id,
        client_id,
        name,
        mut settings,
    } = request;
    let pool = service.user_pool(&user_pool_id).await?;
    settings.complete();
    settings.check(&pool.pool.schema)?;
    settings.check_tier(&pool.pool.settings)?;
    for _ in 0..TRIES {
        let mut client = read(service, &user_pool_id, &client_id).await?;
        settings.oauth.check(&pool.pool, client.sealed_secret.is_some())?;
        client.settings = settings.clone();
        if let Some(name) = &name {
            client.name.clone_from(name);
        }
        client.modified_at = service.now();
        match service
            .commit(vec![Change::ReplaceAppClient(Box::new(client))])
            .await
        {
            Ok(()) => return describe_user_pool_client(service, &user_pool_id, &client_id).await,
            Err(StoreError::Conflict(Conflict::Changed)) => tokio::task::yield_now().await,
            Err(failed) => return Err(failed.into()),
        }
    }
    Err(Error::TooManyRequests(text::TRY_AGAIN.into()))
}
