//! Redirects, and errors in the forms that browsers and apps get them.

use axum::response::{IntoResponse as _, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION, PRAGMA, REFERRER_POLICY};
use http::{HeaderMap, HeaderValue, StatusCode};
use pool::encoding::query_value;
use pool::error::Error;
use pool::oauth::Refused;
use pool::oauth::token::TokenError;
use serde_json::json;

use crate::http::cors;

/// A browser is sent to a URL. What is in it is for the app alone: neither kept nor told to other sites.
#[must_use]
pub fn to(url: &str) -> Response {
    let Ok(location) = HeaderValue::from_str(url) else {
        return failed(&Error::internal("a redirect is no header"));
    };
    let mut response = StatusCode::FOUND.into_response();
    let headers = response.headers_mut();
    headers.insert(LOCATION, location);
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    not_kept(headers);
    response
}

/// Where a browser goes whose request leads to no sign-in: back to the app, or to the error page.
#[must_use]
pub fn refused(refused: &Refused) -> Response {
    match refused {
        Refused::Page { error, client_id } => {
            let client_id = client_id.as_deref().unwrap_or_default();
            to(&format!(
                "/error?error={error}&client_id={}",
                query_value(client_id)
            ))
        }
        Refused::Redirect { to: url } => to(url),
        Refused::Failed(error) => failed(error),
    }
}

/// Our failure: logged once; the browser learns nothing of it.
pub(super) fn failed(error: &Error) -> Response {
    tracing::error!(error = crate::chain(error), "an OAuth endpoint failed");
    json_error(StatusCode::INTERNAL_SERVER_ERROR, "server_error", None)
}

/// What an app gets instead of tokens. Every error of a client is 400 (documented), but for a rate that is exceeded.
pub(super) fn token_error(error: &TokenError) -> Response {
    match error {
        TokenError::Failed(cause) => failed(cause),
        TokenError::TooManyRequests => json_error(StatusCode::TOO_MANY_REQUESTS, error.code(), None),
        _ => json_error(StatusCode::BAD_REQUEST, error.code(), error.description()),
    }
}

/// An error for an app.
pub(super) fn json_error(status: StatusCode, code: &str, description: Option<&str>) -> Response {
    let body = match description {
        None => json!({ "error": code }),
        Some(description) => json!({ "error": code, "error_description": description }),
    };
    json_answer(status, &body)
}

/// An answer to an app, for pages of any origin, and for nobody to keep.
pub(super) fn json_answer(status: StatusCode, body: &serde_json::Value) -> Response {
    let mut response = (status, body.to_string()).into_response();
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/json;charset=UTF-8"),
    );
    not_kept(headers);
    cors::open(headers);
    response
}

/// RFC 6749, section 5.1.
fn not_kept(headers: &mut HeaderMap) {
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
}
