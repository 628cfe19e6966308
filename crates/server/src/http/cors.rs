//! What browsers ask before they call from another origin.
//!
//! Every client's origin is welcome: what protects a call is its signature, password or token, never a cookie. Where any
//! signature counts, signed operations of other origins are refused: see [`local`](super::local).

use axum::response::Response;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
};
use http::{HeaderMap, HeaderValue};

/// What clients in browsers send; allowed when they do not say what they are going to send.
const USUAL_HEADERS: HeaderValue = HeaderValue::from_static(
    "content-type,x-amz-target,x-amz-user-agent,cache-control,authorization,x-amz-date,x-amz-security-token,\
     x-amz-content-sha256,amz-sdk-invocation-id,amz-sdk-request",
);
/// As observed on recorded answers of the real service.
const EXPOSED_HEADERS: HeaderValue =
    HeaderValue::from_static("x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date");

/// The answer to `OPTIONS`, on any path.
pub(super) fn preflight(request_headers: &HeaderMap) -> Response {
    let mut response = Response::default();
    let headers = response.headers_mut();
    let asked = request_headers
        .get(ACCESS_CONTROL_REQUEST_HEADERS)
        .cloned()
        .unwrap_or(USUAL_HEADERS);
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, asked);
    headers.insert(
        ACCESS_CONTROL_ALLOW_METHODS,
        HeaderValue::from_static("GET,POST,OPTIONS"),
    );
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("172800"));
    response
}

/// Lets pages of any origin read this answer and its id.
pub(crate) fn open(headers: &mut HeaderMap) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS);
}
