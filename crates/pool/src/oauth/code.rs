//! What a signed-in browser takes back to the app: a code, or tokens.
//!
//! Chosen: a code is a sealed value of some hundred characters where Cognito's is a UUID. Clients treat it as opaque (RFC 6749,
//! section 1.3.1), and so a sign-in that ends in a code writes nothing: only its redemption does, which must be remembered.

use serde::{Deserialize, Serialize};
use trigger::pre_token_generation::Source;

use super::authorization::{AuthorizationRequest, ResponseType};
use super::redirect::redirect;
use super::scope::Scopes;
use crate::error::{Error, text};
use crate::id::{AppClientId, Sub, UserPoolId};
use crate::seal::{Purpose, Sealed};
use crate::secret::AuthorizationCode;
use crate::service::Service;
use crate::subject::Caller;
use crate::time::{Span, Time};
use crate::token::{self, Grant, SignIn};
use crate::user::User;

/// How long a code is good. Source: *Quotas in Amazon Cognito*.
const LIFE: Span = Span::minutes(5);

/// What a code says. Pool, app client and callback are not in it: it opens for these alone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Content {
    pub(super) sub: Sub,
    pub(super) auth_time: i64,
    pub(super) scopes: Scopes,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) nonce: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) code_challenge: Option<String>,
    /// The id of the code, and of the token family that it opens.
    pub(super) id: String,
    pub(super) expires_at: Time,
}

/// The place that a code is bound to.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    pub(super) pool: &'p UserPoolId,
    pub(super) client: &'p AppClientId,
    /// The callback that the request named; empty for a request that named none.
    pub(super) redirect_uri: &'p str,
}

impl<'p> Place<'p> {
    fn texts(self) -> [&'p str; 3] {
        [self.pool.as_str(), self.client.as_str(), self.redirect_uri]
    }
}

/// The URL to which a browser goes in which `user` has signed in, at `auth_time` (seconds; see
/// [`browser`](super::browser)): the callback with a code, with tokens, or with the error of a trigger that refused.
///
/// # Errors
/// [`Error::Internal`].
pub async fn grant(
    service: &Service,
    request: &AuthorizationRequest,
    user: &User,
    auth_time: i64,
) -> Result<String, Error> {
    match request.response_type {
        ResponseType::Code => with_code(service, request, user, auth_time),
        ResponseType::Token if !request.scopes.are_readable_by(&request.client.client) => {
            Ok(request.back_with_error("invalid_scope", Some(text::SCOPE_NOT_READABLE)))
        }
        ResponseType::Token => match with_tokens(service, request, user, auth_time).await {
            Err(error @ Error::Internal(_)) => Err(error),
            Err(refusal) => Ok(request.back_with_error("invalid_request", Some(&refusal.to_string()))),
            answer => answer,
        },
    }
}

fn with_code(
    service: &Service,
    request: &AuthorizationRequest,
    user: &User,
    auth_time: i64,
) -> Result<String, Error> {
    let content = Content {
        sub: user.sub.clone(),
        auth_time,
        scopes: request.scopes.clone(),
        nonce: request.nonce.clone(),
        code_challenge: request.code_challenge.clone(),
        id: service.entropy().uuid(),
        expires_at: service.now().plus(LIFE),
    };
    let place = Place {
        pool: &request.pool.pool.id,
        client: &request.client.client.id,
        redirect_uri: if request.redirect_uri_was_given {
            &request.redirect_uri
        } else {
            ""
        },
    };
    let code = seal(service, place, &content)?;
    let mut pairs = vec![("code", code.expose())];
    pairs.extend(request.state.as_deref().map(|state| ("state", state)));
    Ok(redirect(&request.redirect_uri, request.part(), &pairs))
}

/// The implicit flow: no refresh token, and an ID token only with `openid`.
async fn with_tokens(
    service: &Service,
    request: &AuthorizationRequest,
    user: &User,
    auth_time: i64,
) -> Result<String, Error> {
    let client = &request.client.client;
    let entropy = service.entropy();
    let origin_jti = entropy.uuid();
    let sign_in = SignIn {
        client_id: client.id.clone(),
        sub: user.sub.clone(),
        auth_time,
        event_id: entropy.uuid(),
        jti: origin_jti.clone(),
        origin_jti,
        device_key: None,
        expires_at: service.now().plus(client.access_token_life()),
        scopes: Some(request.scopes.clone()),
        nonce: request.nonce.clone(),
    };
    let grant = Grant {
        service,
        pool: &request.pool,
        client,
        user,
        caller: &Caller::default(),
        source: Source::HostedAuth,
    };
    let tokens = token::issue(&grant, &sign_in).await?;
    let expires_in = tokens.expires_in.to_string();
    let id_token = tokens.id_token.as_ref().map(|token| ("id_token", token.expose()));
    let mut pairs = Vec::from_iter(id_token);
    pairs.extend([
        ("access_token", tokens.access_token.expose()),
        ("expires_in", expires_in.as_str()),
        ("token_type", "Bearer"),
    ]);
    pairs.extend(request.state.as_deref().map(|state| ("state", state)));
    Ok(redirect(&request.redirect_uri, request.part(), &pairs))
}

/// Seals a code for its place.
fn seal(service: &Service, place: Place<'_>, content: &Content) -> Result<AuthorizationCode, Error> {
    let sealed = service
        .sealer
        .seal_json(
            Purpose::AuthorizationCode,
            &place.texts(),
            content,
            service.entropy(),
        )
        .map_err(Error::internal)?;
    Ok(AuthorizationCode::new(sealed.to_url_text()))
}

/// Opens a code at its place, within its time; `None` when it is none, or none of here.
pub(super) fn open(service: &Service, place: Place<'_>, code: &AuthorizationCode) -> Option<Content> {
    let sealed = Sealed::from_url_text(code.expose()).ok()?;
    let opened = service
        .sealer
        .open_json(Purpose::AuthorizationCode, &place.texts(), &sealed);
    opened
        .ok()
        .filter(|content: &Content| service.now() < content.expires_at)
}
