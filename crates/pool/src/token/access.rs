//! What an access token opens: the operations of the user's own.

use std::sync::Arc;

use serde::Deserialize;

use super::{API_SCOPE, is_revoked};
use crate::error::{Error, text};
use crate::id::{DeviceKey, Sub};
use crate::jwt::{JwtError, peek_claims};
use crate::oauth::Scopes;
use crate::registry::{LoadedClient, LoadedPool};
use crate::secret::AccessToken;
use crate::service::Service;
use crate::user::{User, UserStatus};

/// The bearer of an access token.
#[derive(Debug)]
pub struct Authorized {
    /// The pool.
    pub pool: Arc<LoadedPool>,
    /// The app client that the token was given to.
    pub client: Arc<LoadedClient>,
    /// The user as of now.
    pub user: User,
    /// The device that the sign-in came from, in a pool that tracks them.
    pub device_key: Option<DeviceKey>,
    /// What the token opens.
    pub scopes: Scopes,
    /// When the user signed in, in seconds.
    pub auth_time: i64,
}

/// The claims that authorisation looks at.
#[derive(Deserialize)]
struct Claims {
    sub: String,
    iss: String,
    client_id: String,
    token_use: String,
    scope: String,
    auth_time: i64,
    exp: i64,
    username: String,
    /// Only in tokens of pools that track devices.
    device_key: Option<String>,
    /// Only in tokens that can be revoked.
    origin_jti: Option<String>,
}

/// Checks an access token that is to open the user's own operations.
///
/// # Errors
/// As [`authorize_for`].
pub async fn authorize(service: &Service, token: &AccessToken) -> Result<Authorized, Error> {
    authorize_for(service, token, API_SCOPE).await
}

/// Checks an access token: signature, issuer, use, age, scope; then app client and user as they are now.
///
/// # Errors
/// [`Error::NotAuthorized`] with the text that says which check failed; [`Error::ResourceNotFound`] when the app client
/// is gone; [`Error::UserNotFound`] or [`Error::UserNotConfirmed`] when the user is.
pub(crate) async fn authorize_for(
    service: &Service,
    token: &AccessToken,
    scope: &str,
) -> Result<Authorized, Error> {
    let invalid = || Error::not_authorized(text::INVALID_ACCESS_TOKEN);
    // The issuer names the pool whose keys decide whether the rest is to be believed.
    let unproven: Claims = peek_claims(token.expose())
        .and_then(|claims| serde_json::from_slice(&claims).ok())
        .ok_or_else(invalid)?;
    let pool_id = unproven.iss.rsplit('/').next().unwrap_or_default();
    let pool = match service.user_pool(pool_id).await {
        Err(Error::ResourceNotFound(_)) => return Err(invalid()),
        other => other?,
    };
    let claims = pool
        .verifying_keys
        .verify(token.expose())
        .map_err(|error| match error {
            JwtError::Malformed => invalid(),
            JwtError::UnknownKey | JwtError::WrongSignature => {
                Error::not_authorized(text::ACCESS_TOKEN_SIGNATURE)
            }
        })?;
    let claims: Claims = serde_json::from_slice(&claims).map_err(|_| invalid())?;
    if claims.token_use != "access" || claims.iss != service.place().issuer(&pool.pool.id) {
        return Err(invalid());
    }
    if service.now().seconds() >= claims.exp {
        return Err(Error::not_authorized(text::ACCESS_TOKEN_EXPIRED));
    }
    let scopes = Scopes::parse(&claims.scope);
    if !scopes.has(scope) {
        return Err(Error::not_authorized(text::ACCESS_TOKEN_SCOPE));
    }
    let unknown_client = || Error::ResourceNotFound(text::client_unknown(&claims.client_id));
    let client = service
        .find_app_client(&claims.client_id)
        .await?
        .ok_or_else(unknown_client)?;
    let user = bearer(service, &pool, &claims).await?;
    let device_key = claims.device_key.as_deref().and_then(DeviceKey::parse);
    Ok(Authorized {
        pool,
        client,
        user,
        device_key,
        scopes,
        auth_time: claims.auth_time,
    })
}

/// The user of a token, if the token is still worth something. One read tells both.
async fn bearer(service: &Service, pool: &LoadedPool, claims: &Claims) -> Result<User, Error> {
    let pool_id = &pool.pool.id;
    let sub = Sub::parse(&claims.sub).ok_or_else(|| Error::not_authorized(text::INVALID_ACCESS_TOKEN))?;
    let origin_jti = claims.origin_jti.as_deref().unwrap_or_default();
    let found = service.store().find_bearer(pool_id, &sub, origin_jti).await?;
    let Some((user, family)) = found else {
        // Somebody else may have the name by now.
        let key = pool.pool.case().login_key(&claims.username);
        return Err(match service.store().find_user(pool_id, &key).await? {
            None => Error::UserNotFound(text::USER_UNKNOWN.into()),
            Some(other) if other.status == UserStatus::Unconfirmed => {
                Error::UserNotConfirmed(text::USER_NOT_CONFIRMED.into())
            }
            Some(_) => Error::not_authorized(text::INVALID_ACCESS_TOKEN),
        });
    };
    if !user.enabled {
        return Err(Error::not_authorized(text::USER_DISABLED));
    }
    if is_revoked(&user, claims.auth_time) || family.is_some_and(|family| family.revoked) {
        return Err(Error::not_authorized(text::ACCESS_TOKEN_REVOKED));
    }
    Ok(user)
}
