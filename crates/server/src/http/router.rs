//! Which face answers what.

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::{Method, StatusCode};
use tower_http::catch_panic::CatchPanicLayer;

use super::{cors, health, observe, outbox, overload};
use crate::{App, api, discovery, oauth, pages};

/// All routes of a server.
///
/// The AWS protocol takes `POST` on any path, since some clients post to whatever endpoint they were given; a path
/// that is someone else's for `GET` is still the protocol's for `POST`.
pub fn router(app: App) -> Router {
    let routes = Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
        .route("/_rehome/outbox", get(outbox::outbox))
        .route("/{user_pool_id}/.well-known/jwks.json", get(discovery::jwks))
        .route(
            "/{user_pool_id}/.well-known/openid-configuration",
            get(discovery::openid_configuration),
        )
        .merge(oauth::routes())
        .method_not_allowed_fallback(elsewhere)
        .fallback(elsewhere)
        .layer(from_fn_with_state(app.clone(), overload::take_turns));
    watched(routes).with_state(app)
}

/// Around all routes: a log line each, and an answer even to what panics.
fn watched<S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    routes
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(observe::observe))
}

/// Whatever has no route of its own.
async fn elsewhere(State(app): State<App>, request: Request) -> Response {
    if let Some(page) = pages::of(request.uri().path(), request.headers()) {
        return pages::answer(&app, page, request).await;
    }
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

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use hyper::service::Service as _;
    use hyper_util::service::TowerToHyperService;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_internal_error_that_tells_only_the_requests_id() {
        async fn broken() -> &'static str {
            panic!("canary")
        }
        let routes = TowerToHyperService::new(watched(Router::new().route("/", get(broken))));
        let response = routes.call(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.headers()["x-amzn-errortype"], "InternalErrorException:");
        assert_eq!(response.headers()["x-amzn-requestid"].len(), 36);
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        assert_eq!(
            &body[..],
            br#"{"__type":"InternalErrorException","message":"An internal error occurred."}"#
        );
    }
}
