//! `POST /oauth2/token`.

use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use model::Operation;
use pool::id::AppClientId;
use pool::oauth::authorization::{Pairs, once};
use pool::oauth::token::{self, TokenError};
use pool::token::Tokens;
use serde_json::{Map, Value};

use super::{client_auth, error, form, pool_of_host, rate};
use crate::App;
use crate::http::Record;

pub(super) async fn token(State(app): State<App>, request: Request) -> Response {
    let record = request.extensions().get::<Record>().cloned();
    match exchange(&app, request, record.as_ref()).await {
        Ok(tokens) => error::json_answer(StatusCode::OK, &written(&tokens)),
        Err(refusal) => {
            record.map(|record| record.exception.set(refusal.code()));
            error::token_error(&refusal)
        }
    }
}

async fn exchange(app: &App, request: Request, record: Option<&Record>) -> Result<Tokens, TokenError> {
    let (head, body) = request.into_parts();
    let form = form::read(&head.headers, body).await?;
    let client = client_auth::read(&head.uri, &head.headers, &form)?;
    if let (Some(record), Some(id)) = (record, AppClientId::parse(&client.client_id)) {
        let _ = record.app_client_id.set(id);
    }
    rate::draw(app, counts_as(&form), record)?;
    let host = pool_of_host(app, &head.headers)
        .await
        .map_err(TokenError::Failed)?;
    token::token(app.service(), host.as_ref(), &client, &form).await
}

/// Tokens for programs have a rate of their own; the others count as sign-ins do.
fn counts_as(form: &Pairs) -> Operation {
    match once(form, "grant_type") {
        Ok(Some("client_credentials")) => Operation::GetClientToken,
        _ => Operation::GetTokensFromRefreshToken,
    }
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
