//! A request's body: bounded in size and time, and JSON.

use std::time::Duration;

use axum::body::Body;
use http_body_util::BodyExt as _;
use model::Operation;
use serde_json::Value;
use zeroize::Zeroizing;

use super::refusal::Refusal;

/// The longest body that is read, in bytes. The longest that makes sense, a pool with its whole schema and templates, stays below a
/// third of this.
pub(crate) const LIMIT: usize = 1024 * 1024;
/// The same for styles with their pictures. Source: API reference, *2-megabyte request-size limit*.
const LIMIT_OF_STYLES: usize = 2 * 1024 * 1024;
/// How much of a longer one is read and thrown away before the answer: a client that is still sending would miss it.
const DISCARD_LIMIT: usize = 16 * 1024 * 1024;
/// How long a body may take.
const TIME_LIMIT: Duration = Duration::from_secs(20);

/// The longest body of an operation.
pub(super) fn limit(operation: Operation) -> usize {
    match operation {
        Operation::CreateManagedLoginBranding | Operation::UpdateManagedLoginBranding => LIMIT_OF_STYLES,
        _ => LIMIT,
    }
}

/// Reads a body of at most `limit` bytes. It holds passwords, so it is wiped when it goes.
pub(crate) async fn read(body: Body, limit: usize) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    match tokio::time::timeout(TIME_LIMIT, collect(body, limit)).await {
        Ok(collected) => collected,
        Err(_) => Err(Refusal::new(
            "RequestTimeoutException",
            "The request body did not arrive in time.",
        )),
    }
}

async fn collect(mut body: Body, limit: usize) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let expected = usize::try_from(axum::body::HttpBody::size_hint(&body).lower()).unwrap_or(usize::MAX);
    // All at once, so that no half-grown copy with a password in it is left behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(expected.min(limit)));
    let mut seen = 0_usize;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refusal::serialization("The request body could not be read."))?;
        let Some(data) = frame.data_ref() else { continue };
        seen = seen.saturating_add(data.len());
        if seen <= limit {
            bytes.extend_from_slice(data);
        } else if seen > DISCARD_LIMIT {
            break;
        }
    }
    if seen > limit {
        return Err(Refusal::serialization(format!(
            "The request body is longer than {limit} bytes."
        )));
    }
    Ok(bytes)
}

/// The body as JSON. What is wrong with it is told without quoting it.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, Refusal> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(Refusal::serialization("The request body is not UTF-8."));
    };
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Refusal::serialization(format!(
            "The request body is not JSON (line {line}, column {column})."
        ))
    })
}

/// Leaves out parameters and answers of a sign-in that are `null`. amazon-cognito-identity-js sends a device key that it has not, or
/// has no longer, that way, and Cognito takes it as absent.
pub(super) fn without_null_parameters(mut body: Value) -> Value {
    for member in ["AuthParameters", "ChallengeResponses"] {
        if let Some(Value::Object(parameters)) = body.get_mut(member) {
            parameters.retain(|_, value| !value.is_null());
        }
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_json_is_refused_without_being_quoted() {
        for body in [
            &b"secret"[..],
            b"",
            b"{\"a\":",
            b"{\"a\":1}x",
            b"\xff\xfe{}",
            b"[[[[",
            b"{'a':1}",
            b"NaN",
        ] {
            let refusal = parse(body).unwrap_err();
            assert_eq!(refusal.exception, "SerializationException");
            assert!(!refusal.message.unwrap().contains("secret"));
        }
    }

    #[test]
    fn json_too_deep_for_the_stack_is_refused() {
        let deep = "[".repeat(1_000_000);
        assert_eq!(
            parse(deep.as_bytes()).unwrap_err().exception,
            "SerializationException"
        );
    }

    #[tokio::test]
    async fn a_body_that_is_too_long_is_refused() {
        let refusal = read(Body::from(vec![b' '; LIMIT + 1]), LIMIT).await.unwrap_err();
        assert_eq!(refusal.exception, "SerializationException");
        assert_eq!(
            read(Body::from(vec![b' '; LIMIT]), LIMIT).await.unwrap().len(),
            LIMIT
        );
    }

    /// A body that never comes.
    struct Never;

    impl axum::body::HttpBody for Never {
        type Data = bytes::Bytes;
        type Error = std::convert::Infallible;

        fn poll_frame(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<hyper::body::Frame<Self::Data>, Self::Error>>> {
            std::task::Poll::Pending
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_come_is_given_up() {
        assert_eq!(
            read(Body::new(Never), LIMIT).await.unwrap_err().exception,
            "RequestTimeoutException"
        );
    }
}
