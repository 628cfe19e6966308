//! `POST /oauth2/revoke`: the end of one sign-in. RFC 7009.

use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use model::Operation;
use pool::error::Error;
use pool::id::UserPoolId;
use pool::oauth::authorization::once;
use pool::oauth::token::{self, TokenError};
use pool::secret::RefreshToken;
use pool::token::{RevokeToken, revoke_token};

use super::{client_auth, error, form, pool_of_host, rate};
use crate::App;
use crate::http::cors;

pub(super) async fn revoke(State(app): State<App>, request: Request) -> Response {
    match end(&app, request).await {
        Ok(()) => {
            let mut response = StatusCode::OK.into_response();
            cors::open(response.headers_mut());
            response
        }
        Err(refusal) => written(&refusal),
    }
}

/// Why a token is not revoked.
enum Refusal {
    Client,
    TokenType,
    Request(TokenError),
}

impl From<TokenError> for Refusal {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::InvalidClient => Self::Client,
            other => Self::Request(other),
        }
    }
}

async fn end(app: &App, request: Request) -> Result<(), Refusal> {
    let (head, body) = request.into_parts();
    let form = form::read(&head.headers, body).await?;
    let client = client_auth::read(&head.uri, &head.headers, &form)?;
    rate::draw(app, Operation::RevokeToken, None)?;
    let given = once(&form, "token").ok().flatten();
    let given = given.ok_or(TokenError::InvalidRequest(None))?;
    let host: Option<UserPoolId> = pool_of_host(app, &head.headers)
        .await
        .map_err(TokenError::Failed)?;
    token::check_client(app.service(), host.as_ref(), &client).await?;
    let revocation = RevokeToken {
        token: RefreshToken::new(given.to_owned()),
        client_id: client.client_id,
        client_secret: client.client_secret,
    };
    revoke_token(app.service(), &revocation)
        .await
        .map_err(|error| match error {
            Error::Unauthorized(_) => Refusal::Client,
            Error::UnsupportedTokenType(_) => Refusal::TokenType,
            Error::UnsupportedOperation(_) => Refusal::Request(TokenError::InvalidRequest(None)),
            other => Refusal::Request(TokenError::from(other)),
        })
}

/// Source: *Revoke endpoint*.
fn written(refusal: &Refusal) -> Response {
    match refusal {
        Refusal::Client => error::json_error(StatusCode::UNAUTHORIZED, "invalid_client", None),
        Refusal::TokenType => error::json_error(StatusCode::BAD_REQUEST, "unsupported_token_type", None),
        Refusal::Request(error) => error::token_error(error),
    }
}
