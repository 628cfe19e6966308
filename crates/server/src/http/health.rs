//! For those who run the server: is it alive, can it answer, how is it doing.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;

use crate::App;

/// Alive: answers as long as the process does.
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// Ready: see [`crate::readiness`].
pub(super) async fn readyz(State(app): State<App>) -> Response {
    match app.readiness().look(app.service()).await {
        Ok(()) => "ok\n".into_response(),
        Err(reason) => (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {reason}\n")).into_response(),
    }
}

/// Counts and times, in Prometheus's text form.
pub(super) async fn metrics(State(app): State<App>) -> Response {
    // Readiness is one of them, whether or not a balancer asks.
    let _counted = app.readiness().look(app.service()).await;
    match &app.options().metrics {
        Some(metrics) => (
            [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
            metrics.render(),
        )
            .into_response(),
        None => (StatusCode::NOT_FOUND, "metrics are off\n").into_response(),
    }
}
