//! The token endpoint: a code, a refresh token or an app client's own secret for tokens.
//!
//! Source: *Token endpoint*, RFC 6749 sections 4.1.3, 4.4 and 6, RFC 7636.

mod authorization_code;
mod client_authentication;
mod client_credentials;
mod refresh_token;
mod refusal;

use super::authorization::{Pairs, Repeated, once};
use crate::error::text;
use crate::id::UserPoolId;
use crate::service::Service;
use crate::telemetry;
use crate::token::Tokens;

pub use client_authentication::ClientAuthentication;
use client_authentication::authenticate;
pub use refusal::TokenError;

/// Answers a request to the token endpoint: its body as pairs, and who the app client says it is. `host` is as at
/// [`authorization::check`](super::authorization::check).
///
/// # Errors
/// [`TokenError`].
pub async fn token(
    service: &Service,
    host: Option<&UserPoolId>,
    client: &ClientAuthentication,
    body: &Pairs,
) -> Result<Tokens, TokenError> {
    let mut counted = telemetry::Step::begin("other", "oauth");
    let outcome = answer(service, host, client, Given(body), &mut counted).await;
    counted.end(outcome.as_ref().map_or_else(TokenError::outcome, |_| "signed_in"));
    outcome
}

async fn answer(
    service: &Service,
    host: Option<&UserPoolId>,
    client: &ClientAuthentication,
    given: Given<'_>,
    counted: &mut telemetry::Step,
) -> Result<Tokens, TokenError> {
    // Known before the app client is: a request that cannot be understood tells nothing of secrets.
    let grant_type = given.required("grant_type")?;
    counted.name = step(grant_type);
    let subject = authenticate(service, host, client).await?;
    counted.pool = subject.pool_label(service);
    match grant_type {
        "authorization_code" => authorization_code::grant(service, &subject, given).await,
        "refresh_token" => refresh_token::grant(service, &subject, given).await,
        "client_credentials" => client_credentials::grant(service, &subject, given).await,
        _ => Err(TokenError::UnsupportedGrantType),
    }
}

/// What a grant is counted as.
fn step(grant_type: &str) -> &'static str {
    ["authorization_code", "refresh_token", "client_credentials"]
        .into_iter()
        .find(|known| *known == grant_type)
        .unwrap_or("other")
}

/// Whether an app client is who it says it is.
///
/// # Errors
/// [`TokenError::InvalidClient`].
pub async fn check_client(
    service: &Service,
    host: Option<&UserPoolId>,
    client: &ClientAuthentication,
) -> Result<(), TokenError> {
    authenticate(service, host, client).await.map(drop)
}

/// The parameters of a request.
#[derive(Clone, Copy)]
struct Given<'g>(&'g Pairs);

impl<'g> Given<'g> {
    fn get(self, name: &str) -> Result<Option<&'g str>, TokenError> {
        once(self.0, name)
            .map_err(|Repeated| TokenError::InvalidRequest(Some(text::PARAMETER_REPEATED.into())))
    }

    fn required(self, name: &str) -> Result<&'g str, TokenError> {
        self.get(name)?.ok_or(TokenError::InvalidRequest(None))
    }
}
