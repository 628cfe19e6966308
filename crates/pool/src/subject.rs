//! Who calls and for whom: the app client, its pool, the secret hash. The first checks of every call.

use std::collections::BTreeMap;
use std::sync::Arc;

use metrics::SharedString;

use crate::error::{Error, text};
use crate::registry::{LoadedClient, LoadedPool};
use crate::secret::secret_hash_matches;
use crate::service::Service;

/// Who is calling: an application, or a server with the rights of an administrator.
#[derive(Clone, Debug)]
pub enum Face {
    /// `InitiateAuth`, `RespondToAuthChallenge`.
    Public,
    /// The pool's own pages, in a person's browser. The password reaches them, whatever `ExplicitAuthFlows` says: the setting is
    /// about the API (the hosted pages of the real service do not look at it either).
    Page,
    /// `AdminInitiateAuth`, `AdminRespondToAuthChallenge`, with the pool that they name.
    Admin {
        /// The pool's id as it was given.
        user_pool_id: String,
    },
}

impl Face {
    /// What is counted.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Public => "api",
            Self::Page => "page",
            Self::Admin { .. } => "admin",
        }
    }
}

/// What triggers learn about a call.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// The SDK, like `aws-sdk-js-2.1639.0`; `None` when it is not known.
    pub sdk_version: Option<String>,
    /// `ClientMetadata` of the call.
    pub client_metadata: BTreeMap<String, String>,
}

impl Caller {
    /// The same with nothing for the triggers.
    #[must_use]
    pub(crate) fn without_metadata(&self) -> Self {
        Self {
            sdk_version: self.sdk_version.clone(),
            client_metadata: BTreeMap::new(),
        }
    }
}

/// For whom a call is: the app client and its pool.
pub(crate) struct Subject {
    pub(crate) pool: Arc<LoadedPool>,
    pub(crate) client: Arc<LoadedClient>,
}

impl Subject {
    /// The pool as a label of metrics.
    pub(crate) fn pool_label(&self, service: &Service) -> SharedString {
        service.pool_labels.of(&self.pool.pool.id)
    }
}

/// Finds app client and pool. The admin API names both, and says so when they do not belong together.
pub(crate) async fn resolve(service: &Service, face: &Face, client_id: &str) -> Result<Subject, Error> {
    let Face::Admin { user_pool_id } = face else {
        return public_client(service, client_id).await;
    };
    let pool = service.user_pool(user_pool_id).await?;
    let unknown = || Error::ResourceNotFound(text::client_unknown_in_pool(client_id, &pool.pool.id));
    let client = service.find_app_client(client_id).await?.ok_or_else(unknown)?;
    if client.client.user_pool_id != pool.pool.id {
        return Err(unknown());
    }
    Ok(Subject { pool, client })
}

/// Finds the app client that a public operation names, and its pool.
pub(crate) async fn public_client(service: &Service, client_id: &str) -> Result<Subject, Error> {
    let unknown = || Error::ResourceNotFound(text::client_unknown(client_id));
    let client = service.find_app_client(client_id).await?.ok_or_else(unknown)?;
    let pool = service.user_pool(client.client.user_pool_id.as_str()).await?;
    Ok(Subject { pool, client })
}

/// Checks `SECRET_HASH` over `username`, the name exactly as the same request has it. A hash sent to a client without
/// a secret is ignored, as public clients have always been able to send one.
///
/// Source: *Computing secret hash values*; the texts as observed.
pub(crate) fn check_secret_hash(
    client: &LoadedClient,
    username: &str,
    hash: Option<&str>,
) -> Result<(), Error> {
    let Some(secret) = &client.secret else {
        return Ok(());
    };
    let id = &client.client.id;
    let Some(hash) = hash.filter(|hash| !hash.is_empty()) else {
        return Err(Error::NotAuthorized(text::secret_hash_missing(id)));
    };
    if secret_hash_matches(hash, username, id.as_str(), secret) {
        Ok(())
    } else {
        Err(Error::NotAuthorized(text::secret_hash_wrong(id)))
    }
}
