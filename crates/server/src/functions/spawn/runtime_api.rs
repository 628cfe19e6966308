//! Lambda's Runtime API, version 2018-06-01, for one child. Every request becomes a [`Report`] to the supervisor.
//!
//! A child is known by its port alone, as in Lambda; the port is bound to loopback.

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use pool::ports::InvokeError;
use tokio::sync::{mpsc, oneshot};
use trigger::Payload;

use super::work::Invocation;
use crate::functions::{MAX_ANSWER_BYTES, error_document};

/// Numbers the environments of a function in the order of their start.
pub(super) type EnvironmentId = u64;

/// What happened in an environment.
pub(super) struct Report {
    pub(super) environment: EnvironmentId,
    pub(super) what: Happening,
}

/// The things that happen in an environment.
pub(super) enum Happening {
    /// The child asks for its next event; dropping the sender refuses it.
    Next(oneshot::Sender<Invocation>),
    /// The child answers an event. `known` hears of it when somebody waited for it; it is dropped when the answer
    /// comes too late, twice or with a wrong id.
    Done {
        request_id: String,
        outcome: Result<Payload, InvokeError>,
        known: oneshot::Sender<()>,
    },
    /// The child says why it cannot start.
    InitError(InvokeError),
    /// The child is gone; the text is like `Runtime exited with error: exit status 1`.
    Exited(String),
}

/// Reports of one environment.
#[derive(Clone)]
pub(super) struct Reporter {
    pub(super) environment: EnvironmentId,
    pub(super) reports: mpsc::UnboundedSender<Report>,
}

impl Reporter {
    /// Says what happened; a supervisor that is gone has no use for it.
    pub(super) fn report(&self, what: Happening) {
        let _ = self.reports.send(Report {
            environment: self.environment,
            what,
        });
    }
}

/// The routes of the Runtime API.
pub(super) fn router(reporter: Reporter) -> Router {
    Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route(
            "/2018-06-01/runtime/invocation/{request_id}/response",
            post(response),
        )
        .route("/2018-06-01/runtime/invocation/{request_id}/error", post(error))
        .route("/2018-06-01/runtime/init/error", post(init_error))
        .with_state(reporter)
}

/// Waits as long as it takes for an event.
async fn next(State(reporter): State<Reporter>) -> Response {
    let (respond, invocation) = oneshot::channel();
    reporter.report(Happening::Next(respond));
    let Ok(invocation) = invocation.await else {
        return refusal(
            StatusCode::FORBIDDEN,
            "InvalidStateTransition",
            "an event is still without its answer",
        );
    };
    let headers = [
        ("lambda-runtime-aws-request-id", invocation.request_id),
        ("lambda-runtime-deadline-ms", invocation.deadline_ms.to_string()),
        ("lambda-runtime-invoked-function-arn", invocation.function.0),
        ("lambda-runtime-trace-id", invocation.trace_id),
        ("content-type", "application/json".to_owned()),
    ];
    (
        headers.into_iter().collect::<Headers>().0,
        Bytes::from_owner(Event(invocation.payload)),
    )
        .into_response()
}

async fn response(State(reporter): State<Reporter>, Path(request_id): Path<String>, body: Body) -> Response {
    // Collected piece by piece: the body of a streaming runtime has no length.
    let (outcome, fits) = match axum::body::to_bytes(body, MAX_ANSWER_BYTES).await {
        Ok(bytes) => (Ok(Payload::from_bytes(bytes.to_vec())), true),
        Err(_) => (Err(error_document::too_large()), false),
    };
    let answer = done(&reporter, request_id, outcome).await;
    if fits {
        answer
    } else {
        refusal(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestEntityTooLarge",
            "the answer is too large",
        )
    }
}

async fn error(
    State(reporter): State<Reporter>,
    Path(request_id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    done(
        &reporter,
        request_id,
        Err(error_document::read(&body, error_type(&headers))),
    )
    .await
}

async fn init_error(State(reporter): State<Reporter>, headers: HeaderMap, body: Bytes) -> Response {
    reporter.report(Happening::InitError(error_document::read(
        &body,
        error_type(&headers),
    )));
    accepted()
}

async fn done(reporter: &Reporter, request_id: String, outcome: Result<Payload, InvokeError>) -> Response {
    let (known, is_known) = oneshot::channel();
    reporter.report(Happening::Done {
        request_id,
        outcome,
        known,
    });
    match is_known.await {
        Ok(()) => accepted(),
        Err(_) => refusal(
            StatusCode::BAD_REQUEST,
            "InvalidRequestID",
            "no event with this id waits for an answer",
        ),
    }
}

/// The type that the runtime gives an error whose document has none.
fn error_type(headers: &HeaderMap) -> &str {
    headers
        .get("lambda-runtime-function-error-type")
        .and_then(|value| value.to_str().ok())
        .unwrap_or("Unhandled")
}

fn accepted() -> Response {
    (
        StatusCode::ACCEPTED,
        [(CONTENT_TYPE, "application/json")],
        r#"{"status":"OK"}"#,
    )
        .into_response()
}

fn refusal(status: StatusCode, error_type: &str, message: &str) -> Response {
    let document = serde_json::json!({ "errorMessage": message, "errorType": error_type });
    (status, [(CONTENT_TYPE, "application/json")], document.to_string()).into_response()
}

/// The event as the body of an answer: wiped when it has gone out.
struct Event(Payload);

impl AsRef<[u8]> for Event {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// Headers made of texts of ours; one that cannot stand in a header is left out.
struct Headers(HeaderMap);

impl FromIterator<(&'static str, String)> for Headers {
    fn from_iter<I: IntoIterator<Item = (&'static str, String)>>(pairs: I) -> Self {
        let valid = |(name, text): (&'static str, String)| {
            Some((
                http::HeaderName::from_static(name),
                http::HeaderValue::try_from(text).ok()?,
            ))
        };
        Self(pairs.into_iter().filter_map(valid).collect())
    }
}
