//! `GET /oauth2/authorize`: a browser comes from an app and goes back to it, by way of the sign-in page if need be.

use axum::extract::{Extension, RawQuery, State};
use axum::response::Response;
use http::HeaderMap;
use pool::oauth::authorization::{self, Prompt};
use pool::oauth::{AuthorizationRequest, Refused, browser, code};
use pool::user::User;

use super::{browser_cookie, error, pool_of_host};
use crate::App;
use crate::app::{TryAgainLater, admit_to_the_cores};
use crate::http::{Record, query};

pub(super) async fn authorize(
    State(app): State<App>,
    RawQuery(raw): RawQuery,
    record: Option<Extension<Record>>,
    headers: HeaderMap,
) -> Response {
    let raw = raw.unwrap_or_default();
    let record = record.map(|Extension(record)| record);
    match answer(&app, &raw, record.as_ref(), &headers).await {
        Ok(response) => response,
        Err(refused) => error::refused(&refused),
    }
}

async fn answer(
    app: &App,
    raw: &str,
    record: Option<&Record>,
    headers: &HeaderMap,
) -> Result<Response, Refused> {
    let unreadable = || Refused::Page {
        error: "invalid_request",
        client_id: None,
    };
    let pairs = query::pairs(raw).ok_or_else(unreadable)?;
    let host = pool_of_host(app, headers).await?;
    let request = authorization::check(app.service(), host.as_ref(), &pairs).await?;
    if let Err(TryAgainLater) = admit_to_the_cores(record) {
        return Ok(error::to(
            &request.back_with_error("temporarily_unavailable", None),
        ));
    }
    if let Some((user, auth_time)) = signed_in(app, &request, headers).await? {
        let target = code::grant(app.service(), &request, &user, auth_time).await?;
        return Ok(error::to(&target));
    }
    if request.prompt == Prompt::None {
        return Ok(error::to(&request.back_with_error("login_required", None)));
    }
    Ok(error::to(&format!("/login?{raw}")))
}

/// Who is signed in in this browser already, if that is enough for the request.
async fn signed_in(
    app: &App,
    request: &AuthorizationRequest,
    headers: &HeaderMap,
) -> Result<Option<(User, i64)>, Refused> {
    let Some(cookie) = browser_cookie(headers) else {
        return Ok(None);
    };
    let found = browser::open(app.service(), &request.pool.pool.id, &cookie).await?;
    let now = app.service().now();
    Ok(found.filter(|(_, auth_time)| request.accepts_session(*auth_time, now)))
}
