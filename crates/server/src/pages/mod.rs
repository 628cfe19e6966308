//! The pages that people see: sign-in and what belongs to it, rendered here, usable without a script.
//!
//! Source: *User-interactive managed login and classic hosted UI endpoints*, for paths and what each page is for; the forms' fields as
//! in the real service's classic pages where these are known. A page reads its form, calls the rule of the `pool` crate that
//! the API calls too, and shows what came of it. What must be remembered between two steps of a sign-in is the same sealed
//! `Session` as in the API, in a hidden field: nothing is kept here.
//!
//! The query of `/oauth2/authorize` goes along from page to page unchanged, only ever behind paths of our own, and is checked
//! anew on each.

mod add_passkey;
mod after;
mod assets;
mod attribute;
mod challenge;
mod confirm;
mod csrf;
mod error_page;
mod forgot_password;
mod form;
mod frame;
mod language;
mod login_name;
mod look;
mod password_rules;
mod problem;
mod qr_code;
mod security;
mod set_up;
mod sign_in;
mod sign_up;
mod theme;
mod visit;
mod words;

use axum::extract::Request;
use axum::response::Response;
use http::{HeaderMap, Method, StatusCode};

use crate::App;
use crate::http::Record;
use visit::{Refusal, Visit};

pub(crate) use look::image_path;
pub use words::{Languages, WordsError};

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// `/login`: all steps of a sign-in.
    SignIn,
    /// `/signup`.
    SignUp,
    /// `/confirm`: the code of a sign-up.
    Confirm,
    /// `/confirmUser`: the link of a sign-up.
    ConfirmUser,
    /// `/resendcode`.
    ResendCode,
    /// `/forgotPassword`.
    ForgotPassword,
    /// `/confirmForgotPassword`.
    ConfirmForgotPassword,
    /// `/passkeys/add`.
    AddPasskey,
    /// `/signedout`.
    SignedOut,
    /// `/error`.
    Error,
    /// What pages are made of: `/pages/…`.
    Asset,
}

/// The paths. Case does not matter: Cognito's own documentation spells some in two ways.
const PATHS: [(&str, Page); 10] = [
    ("/login", Page::SignIn),
    ("/signup", Page::SignUp),
    ("/confirm", Page::Confirm),
    ("/confirmuser", Page::ConfirmUser),
    ("/resendcode", Page::ResendCode),
    ("/forgotpassword", Page::ForgotPassword),
    ("/confirmforgotpassword", Page::ConfirmForgotPassword),
    ("/passkeys/add", Page::AddPasskey),
    ("/signedout", Page::SignedOut),
    ("/error", Page::Error),
];

/// Which page a request is for, if for any. A call of the AWS protocol says so in a header, whatever its path.
pub(crate) fn of(path: &str, headers: &HeaderMap) -> Option<Page> {
    if headers.contains_key("x-amz-target") {
        return None;
    }
    if path.starts_with(assets::PREFIX) {
        return Some(Page::Asset);
    }
    let known = PATHS.iter().find(|(known, _)| known.eq_ignore_ascii_case(path));
    known.map(|(_, page)| *page)
}

/// Shows a page, or takes its form.
pub(crate) async fn answer(app: &App, page: Page, request: Request) -> Response {
    let record = request.extensions().get::<Record>().cloned();
    let record = record.unwrap_or_else(|| Record::new(String::new()));
    if page == Page::Asset {
        return assets::answer(app, request.uri().path(), request.method()).await;
    }
    let is_post = match *request.method() {
        Method::GET | Method::HEAD => false,
        Method::POST => true,
        _ => return security::plain(StatusCode::METHOD_NOT_ALLOWED, "method not allowed\n"),
    };
    let headers = request.headers().clone();
    match begin(app, page, request, &record, is_post).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(app, &record, &headers),
    }
}

/// The pages that belong to a request for authorization need one that is in order; the others need an app client at most.
async fn begin(
    app: &App,
    page: Page,
    request: Request,
    record: &Record,
    is_post: bool,
) -> Result<Response, Refusal> {
    let (head, body) = request.into_parts();
    match page {
        Page::Error | Page::SignedOut | Page::ConfirmUser if is_post => {
            return Ok(security::plain(
                StatusCode::METHOD_NOT_ALLOWED,
                "method not allowed\n",
            ));
        }
        Page::Error => return error_page::show(app, &head).await,
        Page::SignedOut => return error_page::signed_out(app, &head).await,
        Page::ConfirmUser => return confirm::by_link(app, &head).await,
        _ => {}
    }
    let (visit, form) = Visit::begin(app, head, body, record).await?;
    let visit = &visit;
    Ok(match (page, form) {
        (Page::SignIn, None) => sign_in::show(visit),
        (Page::SignIn, Some(form)) => sign_in::take(visit, &form).await,
        (Page::SignUp, None) => sign_up::show(visit),
        (Page::SignUp, Some(form)) => sign_up::take(visit, &form).await,
        (Page::Confirm, Some(form)) => confirm::take(visit, &form).await,
        (Page::ResendCode, Some(form)) => confirm::resend(visit, &form).await,
        (Page::ForgotPassword, None) => forgot_password::show(visit),
        (Page::ForgotPassword, Some(form)) => forgot_password::take(visit, &form).await,
        (Page::ConfirmForgotPassword, Some(form)) => forgot_password::confirm(visit, &form).await,
        (Page::AddPasskey, None) => add_passkey::show(visit).await,
        (Page::AddPasskey, Some(form)) => add_passkey::take(visit, &form).await,
        // Pages in the middle of something, asked for out of nowhere: they begin where it begins.
        (Page::ConfirmForgotPassword, None) => visit.go("/forgotPassword"),
        (Page::Confirm | Page::ResendCode, None)
        | (Page::ConfirmUser | Page::SignedOut | Page::Error | Page::Asset, _) => visit.go("/login"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_known_in_any_case_and_calls_of_the_protocol_are_not_pages() {
        let none = HeaderMap::new();
        assert_eq!(
            of("/confirmForgotPassword", &none),
            Some(Page::ConfirmForgotPassword)
        );
        assert_eq!(
            of("/confirmforgotPassword", &none),
            Some(Page::ConfirmForgotPassword)
        );
        assert_eq!(of("/confirmUser", &none), Some(Page::ConfirmUser));
        assert_eq!(of("/login/", &none), None);
        assert_eq!(of("/", &none), None);
        let call = HeaderMap::from_iter([("x-amz-target".parse().unwrap(), "x".parse().unwrap())]);
        assert_eq!(of("/login", &call), None);
    }
}
