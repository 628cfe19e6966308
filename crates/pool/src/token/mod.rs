//! Tokens: what a sign-in gives, what a refresh gives, and what an access token opens.
//!
//! Source of claims, order and lifetimes: tokens of the real service.

mod access;
mod claims;
mod family;
mod get_tokens_from_refresh_token;
mod global_sign_out;
mod machine;
mod membership;
mod pre_token_generation;
mod refresh;
mod revoke_token;

use serde::{Deserialize, Serialize};
use trigger::pre_token_generation::Source;

pub(crate) use access::authorize_for;
pub use access::{Authorized, authorize};
pub(crate) use family::Worth;
pub use family::{Rotation, TokenFamily};
pub(crate) use get_tokens_from_refresh_token::exchange;
pub use get_tokens_from_refresh_token::{GetTokensFromRefreshToken, get_tokens_from_refresh_token};
pub use global_sign_out::{admin_user_global_sign_out, global_sign_out};
pub(crate) use machine::issue_to_app_client;
pub(crate) use membership::Membership;
pub(crate) use refresh::{Presented, seal};
pub use revoke_token::{RevokeToken, revoke_token};

use crate::app_client::AppClient;
use crate::error::Error;
use crate::id::{AppClientId, DeviceKey, Sub};
use crate::oauth::{OPENID, Scopes};
use crate::registry::LoadedPool;
use crate::secret::{AccessToken, IdToken, RefreshToken};
use crate::service::Service;
use crate::subject::Caller;
use crate::time::{Span, Time};
use crate::user::User;

/// The scope of a token that the API gave: it opens the user's own operations.
pub const API_SCOPE: &str = "aws.cognito.signin.user.admin";

/// What a user gets who is in.
#[derive(Debug)]
pub struct Tokens {
    /// For the API and the application's own services.
    pub access_token: AccessToken,
    /// For the application: who the user is; none where `openid` was not granted.
    pub id_token: Option<IdToken>,
    /// For new tokens later; a refresh gives none, unless the app client rotates.
    pub refresh_token: Option<RefreshToken>,
    /// Seconds for which the access token is good.
    pub expires_in: i64,
    /// `NewDeviceMetadata`: what a device that the pool did not know is to call itself.
    pub new_device: Option<NewDevice>,
}

/// `NewDeviceMetadata`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDevice {
    /// `DeviceKey`.
    pub key: DeviceKey,
    /// `DeviceGroupKey`.
    pub group_key: String,
}

/// The sign-in that a token comes from. All tokens of it, refreshed ones included, carry the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SignIn {
    /// The app client.
    pub(crate) client_id: AppClientId,
    /// The user.
    pub(crate) sub: Sub,
    /// When the user gave the proofs, in seconds.
    pub(crate) auth_time: i64,
    /// `event_id` of all tokens.
    pub(crate) event_id: String,
    /// The id of the token family.
    pub(crate) origin_jti: String,
    /// The id of this very refresh token; the first of a family bears the family's.
    pub(crate) jti: String,
    /// The device, in a pool that tracks them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) device_key: Option<DeviceKey>,
    /// When the refresh token ends, and all that take its place.
    pub(crate) expires_at: Time,
    /// What was granted to the app at the OAuth 2.0 endpoints; `None` for a sign-in through the API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) scopes: Option<Scopes>,
    /// What the app wants to find in its first ID token. It is not in later ones: OpenID Connect Core, section 12.2.
    #[serde(skip)]
    pub(crate) nonce: Option<String>,
}

/// To whom tokens are given, and on what occasion.
pub(crate) struct Grant<'g> {
    pub(crate) service: &'g Service,
    pub(crate) pool: &'g LoadedPool,
    pub(crate) client: &'g AppClient,
    pub(crate) user: &'g User,
    /// For the trigger.
    pub(crate) caller: &'g Caller,
    /// The occasion, in the trigger's words.
    pub(crate) source: Source,
}

/// Tokens of a new sign-in: ID, access and refresh token.
///
/// # Errors
/// Those of the *pre token generation* trigger, and [`Error::Internal`].
pub(crate) async fn issue_at_sign_in(
    grant: &Grant<'_>,
    device_key: Option<DeviceKey>,
) -> Result<Tokens, Error> {
    let Grant {
        service,
        pool,
        client,
        user,
        ..
    } = *grant;
    let now = service.now();
    let entropy = service.entropy();
    let origin_jti = entropy.uuid();
    let sign_in = SignIn {
        client_id: client.id.clone(),
        sub: user.sub.clone(),
        auth_time: auth_time(user, now),
        event_id: entropy.uuid(),
        jti: origin_jti.clone(),
        origin_jti,
        device_key,
        expires_at: now.plus(client.refresh_token_life()),
        scopes: None,
        nonce: None,
    };
    let mut tokens = issue(grant, &sign_in).await?;
    tokens.refresh_token = Some(seal(service, pool, &sign_in)?);
    Ok(tokens)
}

/// ID and access token of a sign-in that has taken place.
///
/// # Errors
/// As [`issue_at_sign_in`].
pub(crate) async fn issue(grant: &Grant<'_>, sign_in: &SignIn) -> Result<Tokens, Error> {
    let (service, pool, client) = (grant.service, grant.pool, grant.client);
    let membership = Membership::of(service, grant.user).await?;
    let customised = pre_token_generation::customise(grant, sign_in.scopes.as_ref(), &membership).await?;
    let occasion = claims::Occasion {
        issuer: service.place().issuer(&pool.pool.id),
        issued_at: service.now().seconds(),
        client,
        user: grant.user,
        membership: customised.membership(&membership),
        sign_in,
    };
    let mut id_claims = occasion.id_token(service.entropy().uuid());
    let mut access_claims = occasion.access_token(service.entropy().uuid());
    customised.apply(client, &mut id_claims, &mut access_claims);
    let keys = pool.signing_keys(service.now())?;
    let access_token = keys.access_token.sign(&access_claims).map_err(Error::internal)?;
    let id_token = match &sign_in.scopes {
        Some(scopes) if !scopes.has(OPENID) => None,
        granted => {
            if granted.is_some() {
                id_claims.shift_insert(0, "at_hash".to_owned(), claims::at_hash(&access_token).into());
            }
            let signed = keys.id_token.sign(&id_claims).map_err(Error::internal)?;
            Some(IdToken::new(signed))
        }
    };
    Ok(Tokens {
        access_token: AccessToken::new(access_token),
        id_token,
        refresh_token: None,
        expires_in: client.access_token_life().as_seconds(),
        new_device: None,
    })
}

/// The time of a sign-in that takes place now, in seconds. A revocation ends all sign-ins up to its second; one in that very
/// second comes after it.
pub(crate) fn auth_time(user: &User, now: Time) -> i64 {
    user.tokens_revoked_at
        .map_or(now.seconds(), |revoked| now.seconds().max(revoked.seconds() + 1))
}

/// Ends all sign-ins of a user so far, one at `auth_time` among them. What comes before in the same second, after another
/// revocation in it, bears the next second already.
pub(crate) fn revoke_all(user: &mut User, now: Time, at: i64) {
    let newest = auth_time(user, now).max(at);
    user.tokens_revoked_at = Some(now.plus(Span::seconds(newest.saturating_sub(now.seconds()))));
}

/// Whether tokens of this sign-in have been revoked for the user.
pub(crate) fn is_revoked(user: &User, auth_time: i64) -> bool {
    user.tokens_revoked_at
        .is_some_and(|revoked| auth_time <= revoked.seconds())
}
