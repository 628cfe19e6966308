//! Around every request: an id that the client sees, one log line, one count.
//!
//! The line is specified by its fields: `operation` (or which other face answered), `exception`, `request.id`,
//! `http.method`, `http.status`, `user_pool.id`, `app_client.id`, `trace.id`, `ms`. Never bodies, headers, logins; never a path
//! either, which would be the client's own words.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderValue, Method};
use pool::ports::{Entropy as _, SystemEntropy};
use tokio::time::Instant;
use tracing::Instrument as _;

use super::Record;
use crate::{pages, telemetry, traces};

/// The header with the request's id.
const REQUEST_ID: &str = "x-amzn-requestid";

pub(super) async fn observe(mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let _in_flight = telemetry::InFlight::begin();
    let record = Record::new(SystemEntropy.uuid());
    request.extensions_mut().insert(record.clone());
    let method = request.method().clone();
    let face = face(&request);
    let span = traces::begin(&request, face);
    let mut response = next.run(request).instrument(span.clone()).await;
    if let Ok(id) = HeaderValue::from_str(&record.request_id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    let took = started.elapsed();
    let operation = record
        .operation
        .get()
        .map_or(face, |operation| operation.as_str());
    let exception = record.exception.get().copied();
    telemetry::request(operation, exception.unwrap_or(outcome(&response)), took);
    let trace = traces::end(&span, &record, response.status());
    tracing::info!(
        target: "rehome::request",
        operation,
        exception,
        request.id = %record.request_id,
        http.method = method_name(&method),
        http.status = response.status().as_u16(),
        user_pool.id = record.user_pool_id.get().map(tracing::field::display),
        app_client.id = record.app_client_id.get().map(tracing::field::display),
        trace.id = trace.map(tracing::field::display),
        ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "request"
    );
    response
}

/// What answers a request that is no operation: one of a few words, so that strangers cannot fill the metrics.
fn face(request: &Request) -> &'static str {
    let path = request.uri().path();
    match path {
        "/healthz" => "healthz",
        "/readyz" => "readyz",
        "/metrics" => "metrics",
        "/_rehome/outbox" => "outbox",
        "/oauth2/authorize" => "authorize",
        "/oauth2/token" => "token",
        "/oauth2/userInfo" => "userInfo",
        "/oauth2/revoke" => "revoke",
        "/logout" => "logout",
        _ if path.ends_with("/.well-known/jwks.json") => "jwks",
        _ if path.ends_with("/.well-known/openid-configuration") => "openid-configuration",
        _ if pages::of(path, request.headers()).is_some() => "page",
        _ if request.method() == Method::OPTIONS => "preflight",
        _ => "unknown",
    }
}

fn outcome(response: &Response) -> &'static str {
    let status = response.status();
    if status.is_server_error() {
        "failed"
    } else if status.is_client_error() {
        "refused"
    } else {
        "ok"
    }
}

/// The usual methods by name; others are the client's own words.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
