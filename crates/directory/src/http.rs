//! The one HTTP client of all kinds.
//!
//! TLS is ring with the compiled-in roots: nothing is loaded or gathered at start, so a cold start stays short.

use std::sync::Arc;
use std::time::Duration;

use migration::{Cause, CouldNotAsk, Deadline, Inquiry, Step};
use reqwest::header::HeaderValue;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use tokio::time::timeout_at;
use zeroize::Zeroizing;

use crate::connecting::{InShare, Share};

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
        .connector_layer(InShare)
        .build()?;
    Ok(client)
}

/// How long a request may take, and of which inquiry it is a part.
#[derive(Clone, Copy)]
pub(crate) struct Limits<'a> {
    pub(crate) deadline: Deadline,
    inquiry: Option<&'a Inquiry>,
}

impl<'a> Limits<'a> {
    /// Of a request that nobody's sign-in waits for.
    pub(crate) fn until(deadline: Deadline) -> Self {
        Self {
            deadline,
            inquiry: None,
        }
    }

    /// For the check of a password.
    pub(crate) fn of_verify(inquiry: &'a Inquiry) -> Self {
        Self {
            deadline: inquiry.verify_deadline(),
            inquiry: Some(inquiry),
        }
    }

    /// For a profile.
    pub(crate) fn of_find(inquiry: &'a Inquiry) -> Self {
        Self {
            deadline: inquiry.deadline(),
            inquiry: Some(inquiry),
        }
    }

    /// What there is for connecting.
    pub(crate) fn connect_left(self) -> Duration {
        let remaining = self.deadline.remaining();
        self.inquiry
            .map_or(remaining, |inquiry| inquiry.connect_left().min(remaining))
    }
}

/// Sends a request and reads the answer, both before the deadline.
pub(crate) async fn exchange(
    mut request: RequestBuilder,
    operation: &'static str,
    limits: Limits<'_>,
) -> Result<Answer, CouldNotAsk> {
    if let Some(trace) = limits.inquiry.and_then(Inquiry::trace) {
        let headers = [
            ("x-amzn-trace-id", Some(trace.to_owned())),
            ("traceparent", traceparent(trace)),
        ];
        for (name, value) in headers {
            if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
                request = request.header(name, value);
            }
        }
    }
    let share = Share::of(limits.connect_left());
    let sent = share.around(send(request, operation));
    let answer = timeout_at(limits.deadline.instant(), sent).await;
    if let (Some(inquiry), Some(taken)) = (limits.inquiry, share.taken()) {
        inquiry.note(Step::Connect, taken);
    }
    answer.unwrap_or_else(|_| Err(CouldNotAsk::new(Cause::TooSlow, operation)))
}

/// The trace of X-Ray's header in the standard's form, for those who do not know X-Ray. Of a trace that is not followed nothing is
/// said: Lambda makes one up for every event, and the old directory's own traces would be cut by it.
/// Sources: "Tracing header" in X-Ray's guide; *Trace Context* (W3C).
fn traceparent(amazons: &str) -> Option<String> {
    let part = |name: &str| {
        amazons
            .split(';')
            .find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='))
    };
    let hexadecimal =
        |text: &str, length| text.len() == length && text.bytes().all(|b| b.is_ascii_hexdigit());
    let (first, rest) = part("Root")?.strip_prefix("1-")?.split_once('-')?;
    let parent = part("Parent")?;
    let sound = hexadecimal(first, 8) && hexadecimal(rest, 24) && hexadecimal(parent, 16);
    (sound && part("Sampled")? == "1").then(|| format!("00-{first}{rest}-{parent}-01").to_ascii_lowercase())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_that_is_followed_is_told_in_the_form_of_the_standard_too() {
        let header = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a87bd80c:1|68fd508a:5";
        assert_eq!(
            traceparent(header).as_deref(),
            Some("00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01")
        );
    }

    #[test]
    fn of_one_that_is_not_followed_or_not_whole_nothing_is_said() {
        for header in [
            "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0",
            "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1",
            "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8",
            "Root=2-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
            "Root=1-5759e988-short;Parent=53995c3f42cd8ad8;Sampled=1",
            "",
        ] {
            assert_eq!(traceparent(header), None, "{header}");
        }
    }
}
