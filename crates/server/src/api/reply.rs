//! Answers on the wire.

use axum::body::Body;
use axum::response::Response;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;

use super::refusal::Refusal;
use crate::http::cors;

/// The one media type of the protocol.
pub(super) const CONTENT_TYPE_VALUE: &str = "application/x-amz-json-1.1";
/// A message in a header is for logs of proxies; a long one would only break them.
const LONGEST_HEADER: usize = 1024;

/// The body of an error, in this order.
#[derive(Serialize)]
struct ErrorBody<'a> {
    __type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
}

/// 200 with what the operation has written; an empty body stays empty.
pub(super) fn success(body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    common(response.headers_mut());
    response
}

/// An error: in the body for clients that read it, in headers for those that do not.
pub(super) fn refusal(refusal: &Refusal) -> Response {
    let body = ErrorBody {
        __type: refusal.exception,
        message: refusal.message.as_deref(),
    };
    let mut response = Response::new(Body::from(serde_json::to_vec(&body).unwrap_or_default()));
    *response.status_mut() = refusal.status;
    let headers = response.headers_mut();
    common(headers);
    insert(
        headers,
        HeaderName::from_static("x-amzn-errortype"),
        &format!("{}:", refusal.exception),
    );
    if let Some(message) = &refusal.message {
        let line = message.trim_end().replace(['\r', '\n'], " ");
        if line.len() <= LONGEST_HEADER {
            insert(headers, HeaderName::from_static("x-amzn-errormessage"), &line);
        }
    }
    response
}

fn common(headers: &mut HeaderMap) {
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE_VALUE));
    // Tokens and profiles are nobody's to keep.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    cors::open(headers);
}

/// Leaves out what cannot be a header: text beyond ASCII.
fn insert(headers: &mut HeaderMap, name: HeaderName, text: &str) {
    if let (true, Ok(value)) = (text.is_ascii(), HeaderValue::from_str(text)) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    async fn body(response: Response) -> Vec<u8> {
        to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()
    }

    #[tokio::test]
    async fn an_error_has_the_bytes_of_the_real_one() {
        let response = refusal(&Refusal::new("UserNotFoundException", "User does not exist."));
        assert_eq!(response.headers()["x-amzn-errortype"], "UserNotFoundException:");
        assert_eq!(response.headers()["x-amzn-errormessage"], "User does not exist.");
        let body = body(response).await;
        assert_eq!(
            body,
            br#"{"__type":"UserNotFoundException","message":"User does not exist."}"#
        );
        assert_eq!(body.len(), 67);
    }

    #[tokio::test]
    async fn an_unknown_operation_has_no_message() {
        let response = refusal(&Refusal::unknown_operation());
        assert_eq!(body(response).await, br#"{"__type":"UnknownOperationException"}"#);
    }

    #[test]
    fn a_message_that_is_no_header_is_only_in_the_body() {
        let tail_only = refusal(&Refusal::new("InvalidParameterException", "user.custom:x: no.\n"));
        assert_eq!(tail_only.headers()["x-amzn-errormessage"], "user.custom:x: no.");
        let beyond_ascii = refusal(&Refusal::new("InvalidParameterException", "Value 'ä'"));
        assert!(!beyond_ascii.headers().contains_key("x-amzn-errormessage"));
        let long = refusal(&Refusal::new("InvalidParameterException", "x".repeat(5000)));
        assert!(!long.headers().contains_key("x-amzn-errormessage"));
    }
}
