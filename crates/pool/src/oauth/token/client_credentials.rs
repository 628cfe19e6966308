//! `grant_type=client_credentials`: an app client acts for itself.
//!
//! Source: *Scopes, M2M, and resource servers*: scopes of resource servers alone; without `scope` all that the app client has.

use std::collections::BTreeMap;

use super::{Given, TokenError};
use crate::app_client::OAuthFlow;
use crate::oauth::{Scopes, is_standard_scope};
use crate::service::Service;
use crate::subject::{Caller, Subject};
use crate::token::{self, Tokens};

/// Gives an app client a token for itself. It has a secret, and has shown it: none other may have this flow.
pub(super) async fn grant(
    service: &Service,
    subject: &Subject,
    given: Given<'_>,
) -> Result<Tokens, TokenError> {
    let client = &subject.client.client;
    let oauth = &client.settings.oauth;
    if subject.client.secret.is_none() || !oauth.allows(OAuthFlow::ClientCredentials) {
        return Err(TokenError::UnauthorizedClient);
    }
    let listed = oauth.allowed_oauth_scopes.iter().flatten().cloned();
    let of_servers = listed.filter(|scope| !is_standard_scope(scope));
    let allowed = of_servers.collect::<Scopes>().known_to(&subject.pool.pool);
    let scopes = match given.get("scope")? {
        None => allowed,
        Some(asked) => {
            let asked = Scopes::parse(asked);
            if !asked.iter().all(|scope| allowed.has(scope)) {
                return Err(TokenError::InvalidScope);
            }
            asked
        }
    };
    if scopes.is_empty() {
        return Err(TokenError::InvalidGrant);
    }
    let caller = Caller {
        sdk_version: None,
        client_metadata: metadata(given)?,
    };
    Ok(token::issue_to_app_client(service, &subject.pool, client, &scopes, &caller).await?)
}

/// `aws_client_metadata`: a JSON object of texts, for the trigger.
fn metadata(given: Given<'_>) -> Result<BTreeMap<String, String>, TokenError> {
    match given.get("aws_client_metadata")? {
        None => Ok(BTreeMap::new()),
        Some(text) => serde_json::from_str(text).map_err(|_| TokenError::InvalidRequest(None)),
    }
}
