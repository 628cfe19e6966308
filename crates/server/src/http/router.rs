//! Which face answers what.

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::from_fn;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::{Method, StatusCode};
use tower_http::catch_panic::CatchPanicLayer;

use super::{cors, health, observe, outbox};
use crate::{App, api, discovery};

/// All routes of a server.
///
/// The AWS protocol takes `POST` on any path, since some clients post to whatever endpoint they were given; a path
/// that is someone else's for `GET` is still the protocol's for `POST`.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
        .route("/_rehome/outbox", get(outbox::outbox))
        .route("/{user_pool_id}/.well-known/jwks.json", get(discovery::jwks))
        .route(
            "/{user_pool_id}/.well-known/openid-configuration",
            get(discovery::openid_configuration),
        )
        .method_not_allowed_fallback(elsewhere)
        .fallback(elsewhere)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(observe::observe))
        .with_state(app)
}

/// Whatever has no route of its own.
async fn elsewhere(State(app): State<App>, request: Request) -> Response {
    match *request.method() {
        Method::POST => api::answer(&app, request).await,
        Method::OPTIONS => cors::preflight(request.headers()),
        Method::GET | Method::HEAD => (StatusCode::NOT_FOUND, "not found\n").into_response(),
        _ => (StatusCode::METHOD_NOT_ALLOWED, "method not allowed\n").into_response(),
    }
}

/// A panic is a bug of ours; the client gets what any failure of ours gives. The panic hook has told the rest.
fn panicked(_payload: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    api::internal_error()
}
