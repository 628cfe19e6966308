//! One call of an API that speaks AWS JSON 1.1.

use bytes::Bytes;
use migration::{Cause, CouldNotAsk};
use reqwest::{Client, StatusCode};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::Credentials;
use super::sign::{Unsigned, signed};
use crate::http::{self, Answer, Limits};

/// A call, and to whom.
pub(crate) struct Call<'a> {
    pub(crate) service: &'static str,
    pub(crate) region: &'a str,
    pub(crate) url: &'a str,
    /// The service's name in `X-Amz-Target`.
    pub(crate) target: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) body: &'a Bytes,
}

/// An error document: its name, and a message that may quote what was sent.
pub(crate) struct ErrorAnswer {
    pub(crate) name: String,
    pub(crate) message: String,
}

#[derive(Deserialize)]
struct ErrorDocument {
    #[serde(rename = "__type")]
    name: Option<String>,
    #[serde(alias = "Message")]
    message: Option<String>,
}

/// Sends it, once, and reads the answer, whatever its status.
pub(crate) async fn call(
    http: &Client,
    call: &Call<'_>,
    credentials: &Credentials,
    limits: Limits<'_>,
) -> Result<Answer, CouldNotAsk> {
    let target = format!("{}.{}", call.target, call.operation);
    let headers = [
        ("content-type", "application/x-amz-json-1.1"),
        ("x-amz-target", target.as_str()),
    ];
    let unsigned = Unsigned {
        operation: call.operation,
        service: call.service,
        region: call.region,
        url: call.url,
        headers: &headers,
        body: call.body,
    };
    let request = signed(&unsigned, credentials, http.post(call.url))?.body(call.body.clone());
    http::exchange(request, call.operation, limits).await
}

/// The body zeroes itself when the last of its copies is dropped: it may hold a password.
pub(crate) fn body(input: &impl Serialize) -> Option<Bytes> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(2048));
    serde_json::to_writer(&mut *bytes, input).ok()?;
    Some(Bytes::from_owner(bytes))
}

/// The error of an answer that is none of success; where it names none, what its status comes to.
pub(crate) fn error_of(operation: &'static str, answer: &Answer) -> Result<ErrorAnswer, CouldNotAsk> {
    let document = serde_json::from_slice::<ErrorDocument>(&answer.body).ok();
    let named = document
        .as_ref()
        .and_then(|document| document.name.clone())
        .or_else(|| answer.error_type.clone());
    let Some(name) = named else {
        let cause = match answer.status {
            StatusCode::TOO_MANY_REQUESTS => Cause::Throttled,
            status if status.is_server_error() => Cause::Broken,
            _ => Cause::NotUnderstood,
        };
        return Err(CouldNotAsk::new(cause, operation));
    };
    // `com.amazonaws…#Name` in some answers.
    let name = name.rsplit('#').next().unwrap_or(&name).to_owned();
    let message = document.and_then(|document| document.message).unwrap_or_default();
    Ok(ErrorAnswer { name, message })
}
