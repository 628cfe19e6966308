//! The body of an app's request: a form, bounded in size and time.

use axum::body::Body;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use pool::oauth::token::TokenError;

use crate::api;
use crate::http::query;

/// The pairs of a form.
///
/// # Errors
/// [`TokenError::InvalidRequest`] for what is no form, is too long or does not come.
pub(super) async fn read(headers: &HeaderMap, body: Body) -> Result<Vec<(String, String)>, TokenError> {
    let invalid = || TokenError::InvalidRequest(None);
    let media_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(invalid());
    }
    let bytes = api::read_body(body, api::BODY_LIMIT)
        .await
        .map_err(|_| invalid())?;
    let text = std::str::from_utf8(&bytes).map_err(|_| invalid())?;
    query::pairs(text).ok_or_else(invalid)
}
