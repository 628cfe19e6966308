//! `RevokeToken`: the end of one sign-in.
//!
//! Source: *Ending user sessions with token revocation*; texts observed where the table of texts says so.

use serde::Deserialize;

use super::family::TokenFamily;
use super::{is_revoked, refresh};
use crate::error::{Error, text};
use crate::jwt::peek_claims;
use crate::ports::{Change, Conflict, StoreError};
use crate::registry::LoadedClient;
use crate::secret::{ClientSecret, RefreshToken};
use crate::service::Service;
use crate::subject;

/// How often the revocation is tried while others refresh with the same token.
const TRIES: u32 = 100;

/// Which token, by whom.
#[derive(Debug)]
pub struct RevokeToken {
    /// A refresh token; any of its family stands for all.
    pub token: RefreshToken,
    /// The app client that got it.
    pub client_id: String,
    /// The app client's secret, if it has one.
    pub client_secret: Option<ClientSecret>,
}

/// Makes a refresh token, and all access tokens of its sign-in, worthless; other sign-ins of the user go on. A token that is
/// unknown, or worthless already, is fine.
///
/// # Errors
/// [`Error::Unauthorized`] for an unknown app client, a wrong or missing secret, and a token of another app client;
/// [`Error::UnsupportedOperation`] when the app client's tokens cannot be revoked; [`Error::UnsupportedTokenType`] for an
/// access or ID token.
pub async fn revoke_token(service: &Service, request: &RevokeToken) -> Result<(), Error> {
    let unauthorized = || Error::Unauthorized(text::INVALID_CLIENT_OR_SECRET.into());
    let subject = match subject::public_client(service, &request.client_id).await {
        Err(Error::ResourceNotFound(_)) => return Err(unauthorized()),
        other => other?,
    };
    if !has_secret(&subject.client, request.client_secret.as_ref()) {
        return Err(unauthorized());
    }
    if !subject.client.client.settings.enable_token_revocation {
        return Err(Error::UnsupportedOperation(text::NOT_ENABLED_FOR_CLIENT.into()));
    }
    let token = request.token.expose();
    if is_jwt_of_a_user(token) {
        return Err(Error::UnsupportedTokenType(text::UNSUPPORTED_TOKEN_TYPE.into()));
    }
    let pool = &subject.pool.pool.id;
    let Some(sign_in) = refresh::open(service, pool, token) else {
        return Ok(());
    };
    if sign_in.client_id != subject.client.client.id {
        return Err(unauthorized());
    }
    let fresh = TokenFamily::of(pool, &sign_in);
    for _ in 0..TRIES {
        let now = service.now();
        let found = service
            .store()
            .find_bearer(pool, &sign_in.sub, &sign_in.origin_jti)
            .await?;
        let Some((user, family)) = found else {
            return Ok(());
        };
        let mut family = family.unwrap_or_else(|| fresh.clone());
        if family.revoked || is_revoked(&user, sign_in.auth_time) || fresh.expires_at <= now {
            return Ok(());
        }
        family.revoke(&sign_in);
        let family = Box::new(family);
        match service.commit(vec![Change::PutTokenFamily { family, now }]).await {
            Ok(()) => return Ok(()),
            Err(StoreError::Conflict(Conflict::Changed)) => tokio::task::yield_now().await,
            Err(failed) => return Err(failed.into()),
        }
    }
    Err(Error::TooManyRequests(text::TRY_AGAIN.into()))
}

/// Whether the secret is the app client's; a public one has none, and one that is sent along is ignored.
fn has_secret(client: &LoadedClient, given: Option<&ClientSecret>) -> bool {
    client.secret.as_ref().is_none_or(|secret| given == Some(secret))
}

/// Whether this is an access or ID token by its own words, whoever may have signed it.
fn is_jwt_of_a_user(token: &str) -> bool {
    #[derive(Deserialize)]
    struct Claims {
        token_use: String,
    }
    let claims = peek_claims(token).and_then(|claims| serde_json::from_slice(&claims).ok());
    claims.is_some_and(|claims: Claims| matches!(claims.token_use.as_str(), "access" | "id"))
}
