//! `POST /oauth2/token`.

use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use model::Operation;
use pool::oauth::authorization::{Pairs, once};
use pool::oauth::token::{self, TokenError};
use pool::token::Tokens;
use serde_json::{Map, Value};

use super::{client_auth, error, form, pool_of_host};
use crate::App;
use crate::quota::Draw;

pub(super) async fn token(State(app): State<App>, request: Request) -> Response {
    match exchange(&app, request).await {
        Ok(tokens) => error::json_answer(StatusCode::OK, &written(&tokens)),
        Err(refusal) => error::token_error(&refusal),
    }
}

async fn exchange(app: &App, request: Request) -> Result<Tokens, TokenError> {
    let (head, body) = request.into_parts();
    let form = form::read(&head.headers, body).await?;
    let client = client_auth::read(&head.uri, &head.headers, &form)?;
    draw_on_quota(app, &form)?;
    let host = pool_of_host(app, &head.headers)
        .await
        .map_err(TokenError::Failed)?;
    token::token(app.service(), host.as_ref(), &client, &form).await
}

/// Tokens for programs have a rate of their own; the others count as sign-ins do.
fn draw_on_quota(app: &App, form: &Pairs) -> Result<(), TokenError> {
    let operation = match once(form, "grant_type") {
        Ok(Some("client_credentials")) => Operation::GetClientToken,
        _ => Operation::GetTokensFromRefreshToken,
    };
    let draw = Draw {
        operation,
        challenge: None,
        user_pool_id: None,
    };
    let drawn = app.quotas().draw(draw, app.service().now());
    drawn.map_err(|category| {
        crate::telemetry::throttled(category);
        TokenError::TooManyRequests
    })
}

/// RFC 6749, section 5.1, with the ID token of OpenID Connect.
fn written(tokens: &Tokens) -> Value {
    let mut answer = Map::new();
    let mut put = |name: &str, value: Value| answer.insert(name.to_owned(), value);
    if let Some(token) = &tokens.id_token {
        put("id_token", token.expose().into());
    }
    put("access_token", tokens.access_token.expose().into());
    if let Some(token) = &tokens.refresh_token {
        put("refresh_token", token.expose().into());
    }
    put("expires_in", tokens.expires_in.into());
    put("token_type", "Bearer".into());
    Value::Object(answer)
}
