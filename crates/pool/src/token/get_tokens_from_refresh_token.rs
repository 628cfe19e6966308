//! `GetTokensFromRefreshToken`: new tokens for a sign-in that has taken place, in rotation where the app client rotates.
//!
//! Source: *Refresh tokens*, *Refresh token rotation*; errors and the fate of old tokens observed.

use trigger::pre_token_generation::Source;

use super::family::{TokenFamily, Worth};
use super::refresh::{Presented, seal};
use super::{Grant, SignIn, Tokens, issue};
use crate::app_client::RefreshTokenRotation;
use crate::error::{Error, text};
use crate::ports::{Change, Conflict, StoreError};
use crate::registry::LoadedClient;
use crate::secret::{ClientSecret, RefreshToken};
use crate::service::Service;
use crate::subject::{self, Caller, Subject};
use crate::telemetry;
use crate::time::Span;

/// How often a rotation is tried while others refresh with the same token.
const TRIES: u32 = 100;

/// Which token, by whom.
#[derive(Debug)]
pub struct GetTokensFromRefreshToken {
    /// The refresh token.
    pub refresh_token: RefreshToken,
    /// The app client that got it.
    pub client_id: String,
    /// The app client's secret, if it has one.
    pub client_secret: Option<ClientSecret>,
    /// `DeviceKey`.
    pub device_key: Option<String>,
    /// For the trigger.
    pub caller: Caller,
}

/// Gives new ID and access tokens; with them, where the app client rotates, a refresh token that takes the place of the one
/// it was given for and ends when that one would have. Of several who come with one token at once, each gets tokens while
/// the token's grace period lasts, the last one's refresh token being the one that counts; without a grace period one
/// gets them and the others are refused.
///
/// # Errors
/// [`Error::ResourceNotFound`] for an unknown app client; [`Error::NotAuthorized`] for a wrong secret, a token that is not good
/// and another device than the token's; [`Error::RefreshTokenReuse`] for one whose place another has taken, which ends nothing; those of the *pre token
/// generation* trigger.
pub async fn get_tokens_from_refresh_token(
    service: &Service,
    request: &GetTokensFromRefreshToken,
) -> Result<Tokens, Error> {
    let mut counted = telemetry::Step::begin("GetTokensFromRefreshToken", "api");
    let outcome = get_tokens(service, request, &mut counted).await;
    counted.end(
        outcome
            .as_ref()
            .map_or_else(telemetry::outcome_of, |_| "signed_in"),
    );
    outcome
}

async fn get_tokens(
    service: &Service,
    request: &GetTokensFromRefreshToken,
    counted: &mut telemetry::Step,
) -> Result<Tokens, Error> {
    let subject = subject::public_client(service, &request.client_id).await?;
    counted.pool = subject.pool_label(service);
    check_secret(&subject.client, request.client_secret.as_ref())?;
    let (token, device_key) = (&request.refresh_token, request.device_key.as_deref());
    exchange(service, &subject, token, device_key, &request.caller).await
}

/// The same for an app client that has shown who it is.
///
/// # Errors
/// As [`get_tokens_from_refresh_token`], but for those of the app client.
pub(crate) async fn exchange(
    service: &Service,
    subject: &Subject,
    refresh_token: &RefreshToken,
    device_key: Option<&str>,
    caller: &Caller,
) -> Result<Tokens, Error> {
    let presented = Presented::new(service, subject, refresh_token.expose()).await?;
    let rotation = rotation(subject);
    check(service, &presented, rotation)?;
    presented
        .check_device(service, &subject.pool.pool, device_key)
        .await?;
    let grant = Grant {
        service,
        pool: &subject.pool,
        client: &subject.client.client,
        user: &presented.user,
        caller,
        source: Source::RefreshTokens,
    };
    // First the tokens: a function that refuses them must not cost the client its refresh token.
    let mut tokens = issue(&grant, &presented.sign_in).await?;
    if let Some(rotation) = rotation {
        tokens.refresh_token = Some(rotate(service, subject, presented, rotation).await?);
    }
    Ok(tokens)
}

/// The rotation of an app client that rotates.
fn rotation(subject: &Subject) -> Option<RefreshTokenRotation> {
    let rotation = subject.client.client.settings.refresh_token_rotation;
    rotation.filter(|rotation| rotation.enabled)
}

/// The secret itself comes here, not a hash. What a public app client sends is ignored. Observed.
fn check_secret(client: &LoadedClient, given: Option<&ClientSecret>) -> Result<(), Error> {
    let id = &client.client.id;
    match (&client.secret, given) {
        (None, _) => Ok(()),
        (Some(_), None) => Err(Error::NotAuthorized(text::client_secret_missing(id))),
        (Some(secret), Some(given)) if secret == given => Ok(()),
        (Some(_), Some(_)) => Err(Error::NotAuthorized(text::secret_hash_wrong(id))),
    }
}

/// Whether the token is good. What is said of one that is not depends on whether the app client rotates. Observed.
fn check(
    service: &Service,
    presented: &Presented,
    rotation: Option<RefreshTokenRotation>,
) -> Result<(), Error> {
    match (presented.worth(service)?, rotation) {
        (Worth::Good, _) => Ok(()),
        (Worth::Displaced, Some(_)) => Err(Error::RefreshTokenReuse(text::REFRESH_TOKEN_REUSE.into())),
        (Worth::Revoked, Some(_)) => Err(Error::not_authorized(text::ROTATING_TOKEN_REVOKED)),
        (Worth::Displaced | Worth::Revoked, None) => Err(Error::not_authorized(text::REFRESH_TOKEN_REVOKED)),
    }
}

/// Puts a new refresh token in the place of the presented one.
async fn rotate(
    service: &Service,
    subject: &Subject,
    mut presented: Presented,
    rotation: RefreshTokenRotation,
) -> Result<RefreshToken, Error> {
    let grace = Span::seconds(i64::from(rotation.retry_grace_period_seconds));
    for _ in 0..TRIES {
        let (next, now) = (service.entropy().uuid(), service.now());
        let known = presented.family.take();
        let mut family = known.unwrap_or_else(|| TokenFamily::of(&subject.pool.pool.id, &presented.sign_in));
        family.rotate(&presented.sign_in.jti, next.clone(), now.plus(grace));
        family.outlast(&presented.sign_in);
        let family = Box::new(family);
        match service.commit(vec![Change::PutTokenFamily { family, now }]).await {
            Ok(()) => {
                let sign_in = SignIn {
                    jti: next,
                    ..presented.sign_in
                };
                return seal(service, &subject.pool, &sign_in);
            }
            Err(StoreError::Conflict(Conflict::Changed)) => {
                // Another has refreshed with this token, or revoked it: it is judged anew.
                presented = presented.again(service).await?;
                check(service, &presented, Some(rotation))?;
            }
            Err(failed) => return Err(failed.into()),
        }
    }
    Err(Error::TooManyRequests(text::TRY_AGAIN.into()))
}
