//! For those who run the server: is it alive, can it answer, how is it doing.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use pool::user_pool::{ListUserPools, list_user_pools};

use crate::App;

/// Alive: answers as long as the process does.
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// Ready: the store answers, and takes what is written.
pub(super) async fn readyz(State(app): State<App>) -> Response {
    if let Some(fault) = app.service().store_fault() {
        tracing::warn!(fault, "not ready");
        return (StatusCode::SERVICE_UNAVAILABLE, format!("{fault}\n")).into_response();
    }
    match list_user_pools(
        app.service(),
        ListUserPools {
            max_results: 1,
            next_token: None,
        },
    )
    .await
    {
        Ok(_) => "ok\n".into_response(),
        Err(error) => {
            tracing::warn!(
                error = crate::chain(&error),
                "not ready: the store does not answer"
            );
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n").into_response()
        }
    }
}

/// Counts and times, in Prometheus's text form.
pub(super) async fn metrics(State(app): State<App>) -> Response {
    match &app.options().metrics {
        Some(metrics) => (
            [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
            metrics.render(),
        )
            .into_response(),
        None => (StatusCode::NOT_FOUND, "metrics are off\n").into_response(),
    }
}
