//! Who the app client is: its id, and its secret if it has one.

use super::refusal::TokenError;
use crate::id::UserPoolId;
use crate::secret::ClientSecret;
use crate::service::Service;
use crate::subject::{self, Subject};

/// Who the app client says it is.
#[derive(Debug)]
pub struct ClientAuthentication {
    /// Its id.
    pub client_id: String,
    /// Its secret, if one came.
    pub client_secret: Option<ClientSecret>,
}

/// Believes an app client that has no secret, and one that has shown its own. What a public app client sends as a secret is
/// ignored, as everywhere else.
///
/// # Errors
/// [`TokenError::InvalidClient`].
pub(super) async fn authenticate(
    service: &Service,
    host: Option<&UserPoolId>,
    client: &ClientAuthentication,
) -> Result<Subject, TokenError> {
    let subject = match subject::public_client(service, &client.client_id).await {
        Err(crate::error::Error::ResourceNotFound(_)) => return Err(TokenError::InvalidClient),
        other => other.map_err(TokenError::Failed)?,
    };
    let here = host.is_none_or(|pool| subject.pool.pool.id == *pool);
    let secret = subject.client.secret.as_ref();
    let shown = secret.is_none_or(|secret| client.client_secret.as_ref() == Some(secret));
    if here && shown {
        Ok(subject)
    } else {
        Err(TokenError::InvalidClient)
    }
}
