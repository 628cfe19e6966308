//! A function behind Lambda's Invoke API: AWS's own, or anything that speaks it (moto, LocalStack, SAM's `local
//! start-lambda`, cargo-lambda, Lambda's runtime interface emulator in a container).
//!
//! Source: "Invoke" in Lambda's API reference. One call is one attempt: the rules decide on more.

mod credentials;
mod target;

use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use pool::ports::{FunctionArn, InvokeError};
use reqwest::{Client, Response};
use serde::Deserialize;
use tokio::time::timeout;
use trigger::Payload;

pub use credentials::{CredentialSource, Credentials, CredentialsUnavailable};

use super::settings::EndpointSettings;
use super::{ArnParts, MAX_ANSWER_BYTES, Machine, error_document};
use crate::traces::Carried;
use target::Target;
pub(super) use target::is_aws;

/// What Lambda says of itself when it is broken; we say it of a Lambda that is not there.
const SERVICE_EXCEPTION: &str = "ServiceException";

/// Where to send the events of one function.
pub(super) struct Endpoint {
    http: Client,
    target: Target,
    region: String,
    machine: Machine,
}

/// No client can be made for an endpoint.
#[derive(Debug, thiserror::Error)]
pub enum NotAnEndpoint {
    /// The ARN is not a function's, so it has no region.
    #[error("`{0}` is not the ARN of a Lambda function")]
    Arn(String),
    /// TLS or the client could not be set up.
    #[error("no HTTPS client can be made")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Endpoint {
    /// The endpoint of `arn`, which also gives the region that calls are signed for.
    pub(super) fn new(
        arn: &FunctionArn,
        settings: &EndpointSettings,
        machine: Machine,
    ) -> Result<Self, NotAnEndpoint> {
        let parts = ArnParts::of(arn).ok_or_else(|| NotAnEndpoint::Arn(arn.to_string()))?;
        let target = Target::new(&parts, settings).ok_or_else(|| NotAnEndpoint::Arn(arn.to_string()))?;
        if target.sends_in_clear() {
            tracing::warn!(
                function.arn = %arn,
                "events with passwords go to this endpoint unencrypted: use https:// outside a network of your own"
            );
        }
        Ok(Self {
            http: client()?,
            target,
            region: parts.region.to_owned(),
            machine,
        })
    }

    /// Sends one event and waits at most `limit` for its answer.
    pub(super) async fn invoke(
        &self,
        function: &FunctionArn,
        payload: &Payload,
        limit: Duration,
    ) -> Result<Payload, InvokeError> {
        let answered = async { answer(self.call(function, payload, "RequestResponse").await?).await };
        timeout(limit, answered)
            .await
            .unwrap_or(Err(InvokeError::TimedOut))
    }

    /// Has Lambda queue one event. What runs functions without a queue answers when the function has ended, at most after
    /// `limit`.
    pub(super) async fn hand_over(
        &self,
        function: &FunctionArn,
        payload: &Payload,
        limit: Duration,
    ) -> Result<(), InvokeError> {
        let accepted = async { answer(self.call(function, payload, "Event").await?).await };
        let accepted = timeout(limit, accepted).await;
        accepted.unwrap_or(Err(InvokeError::TimedOut)).map(drop)
    }

    /// One request and the head of its response.
    async fn call(
        &self,
        function: &FunctionArn,
        payload: &Payload,
        invocation_type: &'static str,
    ) -> Result<Response, InvokeError> {
        let url = self
            .target
            .url(function)
            .ok_or_else(|| not_invoked("ResourceNotFoundException"))?;
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
        headers.insert(
            "x-amz-invocation-type",
            http::HeaderValue::from_static(invocation_type),
        );
        if let Some(source) = &self.machine.credentials {
            let credentials = source.credentials().await.map_err(|error| {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "a call of Lambda cannot be signed"
                );
                not_invoked("UnrecognizedClientException")
            })?;
            let now = self.machine.clock.now();
            credentials::sign(
                &credentials,
                &self.region,
                now,
                (&url, &mut headers),
                payload.as_bytes(),
            )
            .map_err(|_| not_invoked("InvalidSignatureException"))?;
        }
        // After the signature, which need not cover it.
        if let Some(trace) = Carried::from_here() {
            trace.put_into(&mut headers);
        }
        let body = Bytes::from_owner(Body(payload.clone()));
        self.http.post(url).headers(headers).body(body).send().await.map_err(|error| {
            tracing::error!(
                function.arn = %function,
                error = &error.without_url() as &dyn std::error::Error,
                "Lambda's endpoint cannot be reached: is it running, and is `endpoint` in the functions file right?"
            );
            not_invoked(SERVICE_EXCEPTION)
        })
    }
}

/// The payload as the body of a request: wiped when the request is gone.
struct Body(Payload);

impl AsRef<[u8]> for Body {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// Rustls with ring and the roots that come along: nothing is read from the system, no default is relied on. Neither
/// redirects nor proxies: an event with a password goes where the settings say and nowhere else.
fn client() -> Result<Client, NotAnEndpoint> {
    let roots = rustls::RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| NotAnEndpoint::Client(error.into()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .map_err(|error| NotAnEndpoint::Client(error.into()))
}

/// Tells apart the three ends of a call: an answer, a function that failed, a service that refused.
async fn answer(mut response: Response) -> Result<Payload, InvokeError> {
    let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
    let body = read_body(response).await?;
    if !status.is_success() {
        return Err(not_invoked(&refusal_code(status, &headers, &body)));
    }
    if let Some(kind) = headers.get("x-amz-function-error") {
        return Err(error_document::read(&body, kind.to_str().unwrap_or("Unhandled")));
    }
    // Lambda's runtime interface emulator answers a failure without the header; it also leaves out the header that
    // Lambda puts on every answer, so that nothing of Lambda's is read twice.
    let emulated = !headers.contains_key("x-amz-executed-version");
    if let Some(failed) = emulated.then(|| error_document::read_if_one(&body)).flatten() {
        return Err(failed);
    }
    Ok(Payload::from_bytes(body))
}

/// The whole body, unless it is larger than Lambda's largest.
async fn read_body(mut response: Response) -> Result<Vec<u8>, InvokeError> {
    let expected = response
        .content_length()
        .and_then(|length| usize::try_from(length).ok())
        .unwrap_or(0);
    let mut body = Vec::with_capacity(expected.min(MAX_ANSWER_BYTES));
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|_| not_invoked(SERVICE_EXCEPTION))?
    {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err(error_document::too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The error's name: from the header, the body or the status, whichever has it first. Clients get to see it, so only
/// what looks like a name passes.
fn refusal_code(status: http::StatusCode, headers: &HeaderMap, body: &[u8]) -> String {
    #[derive(Default, Deserialize)]
    struct Refusal {
        #[serde(rename = "__type")]
        kind: Option<String>,
    }
    let header = headers
        .get("x-amzn-errortype")
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let named = header.or_else(|| serde_json::from_slice::<Refusal>(body).ok()?.kind);
    // Written `Name`, `Name:http://…` or `namespace#Name`.
    let name = named
        .as_deref()
        .map(|text| text.split(':').next().unwrap_or(text));
    let name = name.map(|text| text.rsplit('#').next().unwrap_or(text));
    let is_name =
        |text: &&str| (1..=100).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
    let by_status = match status.as_u16() {
        401 | 403 => "AccessDeniedException",
        404 => "ResourceNotFoundException",
        409 => "ResourceConflictException",
        413 => "RequestTooLargeException",
        429 => "TooManyRequestsException",
        _ => SERVICE_EXCEPTION,
    };
    name.filter(is_name).unwrap_or(by_status).to_owned()
}

fn not_invoked(code: &str) -> InvokeError {
    InvokeError::NotInvoked {
        code: code.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(status: u16, header: Option<&str>, body: &str) -> String {
        let mut headers = HeaderMap::new();
        if let Some(value) = header {
            headers.insert("x-amzn-errortype", value.parse().unwrap());
        }
        refusal_code(
            http::StatusCode::from_u16(status).unwrap(),
            &headers,
            body.as_bytes(),
        )
    }

    #[test]
    fn a_refusal_is_named_by_header_body_or_status() {
        assert_eq!(
            code(400, Some("AccessDeniedException:http://internal/"), ""),
            "AccessDeniedException"
        );
        assert_eq!(
            code(409, None, r#"{"__type":"a.b#ResourceConflictException"}"#),
            "ResourceConflictException"
        );
        assert_eq!(code(429, None, "slow down"), "TooManyRequestsException");
        assert_eq!(code(502, None, "<html>"), "ServiceException");
    }

    #[test]
    fn what_is_no_name_is_not_shown_to_clients() {
        assert_eq!(code(403, Some("<script>"), ""), "AccessDeniedException");
    }
}
