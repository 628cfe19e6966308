//! `GET /_rehome/outbox`: the codes that a development server has sent, shown to its own machine alone.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;

use crate::App;
use crate::courier::outbox_handler;
use crate::http::local;

pub(super) async fn outbox(State(app): State<App>, request: Request) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let headers = request.headers();
    let from_here = peer.is_some_and(|ConnectInfo(peer)| peer.ip().to_canonical().is_loopback())
        && local::came_directly(headers)
        && local::is_addressed_here(headers)
        && local::is_of_no_other_origin(headers);
    match &app.options().outbox {
        Some(outbox) if from_here => outbox_handler(State(Arc::clone(outbox))).await.into_response(),
        _ => (StatusCode::NOT_FOUND, "not found\n").into_response(),
    }
}
