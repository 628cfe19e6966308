//! The one HTTP client of all kinds.
//!
//! TLS is ring with the compiled-in roots: nothing is loaded or gathered at start, so a cold start stays short.

use std::sync::Arc;
use std::time::Duration;

use migration::{Cause, CouldNotAsk, Deadline};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use tokio::time::timeout_at;
use zeroize::Zeroizing;

/// What no answer of a directory exceeds.
const LONGEST_BODY: usize = 1 << 20;

/// An answer, read whole. The body may hold tokens.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) error_type: Option<String>,
    pub(crate) body: Zeroizing<Vec<u8>>,
}

/// The client: no redirects, no proxy, no cookies.
///
/// # Errors
/// When the TLS configuration cannot be made; it never depends on settings.
pub fn client() -> Result<Client, Box<dyn std::error::Error + Send + Sync>> {
    let roots = rustls::RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    let client = Client::builder()
        .tls_backend_preconfigured(tls)
        .http1_only()
        .redirect(reqwest::redirect::Policy::none())
        // reqwest would take one from the environment, and hand it passwords in clear for an `http` endpoint.
        .no_proxy()
        // What lay idle longer may be dead by now, and a request on it lost half-way.
        .pool_idle_timeout(Duration::from_secs(15))
        .tcp_nodelay(true)
        .tcp_keepalive(Duration::from_secs(30))
        .build()?;
    Ok(client)
}

/// Sends a request and reads the answer, both before the deadline.
pub(crate) async fn exchange(
    request: RequestBuilder,
    operation: &'static str,
    deadline: Deadline,
) -> Result<Answer, CouldNotAsk> {
    match timeout_at(deadline.instant(), send(request, operation)).await {
        Ok(answer) => answer,
        Err(_) => Err(CouldNotAsk::new(Cause::TooSlow, operation)),
    }
}

async fn send(request: RequestBuilder, operation: &'static str) -> Result<Answer, CouldNotAsk> {
    let broken = |error: reqwest::Error| {
        // Without a connection nothing was asked; on a broken one the question may have been heard.
        let cause = if error.is_connect() {
            Cause::Unreachable
        } else if error.is_timeout() {
            Cause::TooSlow
        } else {
            Cause::Broken
        };
        CouldNotAsk::new(cause, operation).with_source(error.without_url())
    };
    let mut response = request.send().await.map_err(broken)?;
    let error_type = error_type(&response);
    let mut body = Zeroizing::new(Vec::with_capacity(8 * 1024));
    while let Some(chunk) = response.chunk().await.map_err(broken)? {
        if body.len() + chunk.len() > LONGEST_BODY {
            return Err(CouldNotAsk::new(Cause::NotUnderstood, operation));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer {
        status: response.status(),
        error_type,
        body,
    })
}

/// AWS names the error in a header too, and emulators sometimes only there.
fn error_type(response: &Response) -> Option<String> {
    let value = response.headers().get("x-amzn-errortype")?.to_str().ok()?;
    Some(value.split(':').next().unwrap_or(value).to_owned())
}
