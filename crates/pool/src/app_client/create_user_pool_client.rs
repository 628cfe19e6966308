//! `CreateUserPoolClient`.

use std::sync::Arc;

use super::{AppClient, AppClientSettings, SealedSecret};
use crate::error::{Error, text};
use crate::id::AppClientId;
use crate::ports::{Change, Conflict, StoreError};
use crate::registry::LoadedClient;
use crate::seal::Purpose;
use crate::secret::ClientSecret;
use crate::service::Service;

/// Letters and digits of a generated secret. The length is the one seen most.
const SECRET_LENGTH: usize = 52;

/// What an app client is to be.
#[derive(Clone, Debug)]
pub struct CreateUserPoolClient {
    /// Its pool.
    pub user_pool_id: String,
    /// The id, when the caller chooses it, as the file of pools at the server's start does; the API never does.
    pub id: Option<AppClientId>,
    /// The name, 1 to 128 characters.
    pub name: String,
    /// Whether it has a secret.
    pub secret: SecretChoice,
    /// All that can change later; start from [`AppClientSettings::default`].
    pub settings: AppClientSettings,
}

/// Whether an app client has a secret, and who makes it.
#[derive(Clone, Debug, Default)]
pub enum SecretChoice {
    /// It has none.
    #[default]
    None,
    /// `GenerateSecret`.
    Generate,
    /// `ClientSecret`: 24 to 64 word characters or `+`.
    Given(ClientSecret),
}

/// Makes an app client. The answer holds the secret.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool; [`Error::InvalidParameter`] for settings that do not go together, a
/// secret of another form, an id that is taken; [`Error::FeatureUnavailableInTier`].
pub async fn create_user_pool_client(
    service: &Service,
    request: CreateUserPoolClient,
) -> Result<Arc<LoadedClient>, Error> {
    let CreateUserPoolClient {
        user_pool_id,
        id,
        name,
        secret,
        mut settings,
    } = request;
    let pool = service.user_pool(&user_pool_id).await?;
    settings.complete();
    settings.check(&pool.pool.schema)?;
    settings.check_tier(&pool.pool.settings)?;
    settings
        .oauth
        .check(&pool.pool, !matches!(secret, SecretChoice::None))?;
    let id = id.unwrap_or_else(|| AppClientId::generate(service.entropy()));
    let secret = match secret {
        SecretChoice::None => None,
        SecretChoice::Generate => Some(ClientSecret::new(service.entropy().alphanumeric(SECRET_LENGTH))),
        SecretChoice::Given(secret) => Some(well_formed(secret)?),
    };
    let now = service.now();
    let client = AppClient {
        sealed_secret: secret
            .as_ref()
            .map(|secret| seal(service, &id, secret))
            .transpose()?,
        id,
        user_pool_id: pool.pool.id.clone(),
        name,
        settings,
        created_at: now,
        modified_at: now,
        version: 1,
    };
    match service
        .commit(vec![Change::InsertAppClient(Box::new(client.clone()))])
        .await
    {
        Ok(()) => Ok(Arc::new(LoadedClient { client, secret })),
        Err(StoreError::Conflict(Conflict::IdTaken)) => {
            Err(Error::InvalidParameter(text::client_exists(&client.id)))
        }
        Err(failed) => Err(failed.into()),
    }
}

fn well_formed(secret: ClientSecret) -> Result<ClientSecret, Error> {
    let text = secret.expose();
    let word = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'+');
    if (24..=64).contains(&text.len()) && text.bytes().all(word) {
        Ok(secret)
    } else {
        Err(Error::invalid_parameter(text::CLIENT_SECRET_FORM))
    }
}

fn seal(service: &Service, id: &AppClientId, secret: &ClientSecret) -> Result<SealedSecret, Error> {
    service
        .sealer
        .seal(
            Purpose::ClientSecret,
            &[id.as_str()],
            secret.expose().as_bytes(),
            service.entropy(),
        )
        .map(|sealed| SealedSecret(sealed.into_bytes()))
        .map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_given_secret_has_24_to_64_word_characters() {
        let sound = |text: &str| well_formed(ClientSecret::new(text.to_owned())).is_ok();
        assert!(sound(&"a".repeat(24)));
        assert!(sound(&"Z9_+".repeat(16)));
        assert!(!sound(&"a".repeat(23)));
        assert!(!sound(&"a".repeat(65)));
        assert!(!sound("a secret with white space in it"));
    }
}
