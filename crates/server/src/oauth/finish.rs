//! The end of a sign-in in the browser.

use axum::response::Response;
use pool::error::Error;
use pool::oauth::{AuthorizationRequest, browser, code};
use pool::user::User;

use super::{cookie, error};
use crate::App;

/// Sends a browser back to the app in which `user` has given every proof that the pool wants, and keeps the user signed in
/// there for an hour. Everything that comes before is the caller's: triggers around the sign-in, form, second factors.
pub async fn finish_sign_in(app: &App, request: &AuthorizationRequest, user: &User) -> Response {
    match sent_back(app, request, user).await {
        Ok(response) => response,
        Err(failure) => error::failed(&failure),
    }
}

/// Keeps `user` signed in in a browser for an hour and sends it to a page of ours, which goes on from there.
pub(crate) fn keep_signed_in(app: &App, user: &User, page: &str) -> Response {
    match browser::issue(app.service(), user) {
        Ok(session) => {
            let mut response = error::to(page);
            cookie::keep(app, &mut response, &session.cookie);
            response
        }
        Err(failure) => error::failed(&failure),
    }
}

async fn sent_back(app: &App, request: &AuthorizationRequest, user: &User) -> Result<Response, Error> {
    let session = browser::issue(app.service(), user)?;
    let target = code::grant(app.service(), request, user, session.auth_time).await?;
    let mut response = error::to(&target);
    cookie::keep(app, &mut response, &session.cookie);
    Ok(response)
}
