//! The OAuth 2.0 and OpenID Connect endpoints over HTTP.
//!
//! Each reads its request, asks a rule of [`pool::oauth`] and writes the answer. Browsers come to `authorize` and `logout` and
//! are sent on; apps come to `token`, `userInfo` and `revoke`, from pages of any origin too.

mod authorize;
mod client_auth;
mod cookie;
mod error;
mod finish;
mod form;
mod host;
mod logout;
mod rate;
mod revoke;
mod token;
mod user_info;

use axum::Router;
use axum::routing::{get, post};

use crate::App;

pub(crate) use cookie::browser_cookie;
pub use error::{refused, to};
pub use finish::finish_sign_in;
pub(crate) use finish::keep_signed_in;
pub(crate) use host::pool_of_host;

/// The endpoints, each where Cognito has it.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/oauth2/authorize", get(authorize::authorize))
        .route("/oauth2/token", post(token::token))
        .route(
            "/oauth2/userInfo",
            get(user_info::user_info).post(user_info::user_info),
        )
        .route("/oauth2/revoke", post(revoke::revoke))
        .route("/logout", get(logout::logout))
}
