//! `GET` and `POST /oauth2/userInfo`: the user of an access token.

use axum::extract::State;
use axum::response::Response;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, StatusCode};
use model::Operation;
use pool::error::Error;
use pool::oauth::user_info as rule;
use pool::secret::AccessToken;
use serde_json::Value;

use super::{error, pool_of_host, rate};
use crate::App;

/// Both errors as documented.
const NO_TOKEN: (StatusCode, &str, &str) = (
    StatusCode::BAD_REQUEST,
    "invalid_request",
    "Bad OAuth2 request at UserInfo Endpoint",
);
const BAD_TOKEN: (StatusCode, &str, &str) = (
    StatusCode::UNAUTHORIZED,
    "invalid_token",
    "Access token is expired, disabled, or deleted, or the user has globally signed out.",
);

pub(super) async fn user_info(State(app): State<App>, headers: HeaderMap) -> Response {
    let Some(token) = bearer(&headers) else {
        return refusal(NO_TOKEN);
    };
    if let Err(refusal) = rate::draw(&app, Operation::GetUser, None) {
        return error::token_error(&refusal);
    }
    let host = match pool_of_host(&app, &headers).await {
        Ok(host) => host,
        Err(failure) => return error::failed(&failure),
    };
    match rule::user_info(app.service(), host.as_ref(), &token).await {
        Ok(known) => error::json_answer(StatusCode::OK, &Value::Object(known)),
        Err(failure @ Error::Internal(_)) => error::failed(&failure),
        Err(_) => refusal(BAD_TOKEN),
    }
}

/// RFC 6750, section 2.1. A token in form or query is not looked at.
fn bearer(headers: &HeaderMap) -> Option<AccessToken> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let is_bearer = scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty();
    is_bearer.then(|| AccessToken::new(token.trim().to_owned()))
}

fn refusal((status, code, description): (StatusCode, &str, &str)) -> Response {
    let mut response = error::json_error(status, code, Some(description));
    let challenge = format!(r#"Bearer error="{code}", error_description="{description}""#);
    if let Ok(challenge) = HeaderValue::from_str(&challenge) {
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response
}
