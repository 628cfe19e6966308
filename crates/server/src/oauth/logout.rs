//! `GET /logout`: the browser's session ends, and the person goes on.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::HeaderMap;
use pool::oauth::Refused;
use pool::oauth::logout::{self as rule, Destination};

use super::{cookie, error, pool_of_host};
use crate::App;
use crate::http::query;

pub(super) async fn logout(State(app): State<App>, RawQuery(raw): RawQuery, headers: HeaderMap) -> Response {
    let raw = raw.unwrap_or_default();
    match destination(&app, &raw, &headers).await {
        Ok(destination) => {
            let mut response = match destination {
                Destination::App(url) => error::to(&url),
                Destination::SignIn => error::to(&format!("/login?{raw}")),
            };
            cookie::forget(&app, &mut response);
            response
        }
        Err(refused) => error::refused(&refused),
    }
}

async fn destination(app: &App, raw: &str, headers: &HeaderMap) -> Result<Destination, Refused> {
    let Some(pairs) = query::pairs(raw) else {
        return Err(Refused::Page {
            error: "invalid_request",
            client_id: None,
        });
    };
    let host = pool_of_host(app, headers).await?;
    rule::check(app.service(), host.as_ref(), &pairs).await
}
