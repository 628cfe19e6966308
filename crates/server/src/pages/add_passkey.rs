//! `/passkeys/add`: a passkey for who has just signed in, and for who comes from an app to have one.
//!
//! Source: *User-interactive managed login endpoints*. Whoever is signed in in this browser gets one; others sign in first.

use askama::Template;
use axum::response::Response;
use model::Operation;
use pool::error::Error;
use pool::oauth::authorization::Prompt;
use pool::oauth::{Scopes, browser, code};
use pool::time::Span;
use pool::token::Authorized;
use pool::web_authn;
use std::sync::Arc;

use super::challenge::status_of;
use super::form::Form;
use super::frame::Frame;
use super::visit::Visit;
use super::{assets, problem};
use crate::oauth;

/// The cookie that remembers *not now*.
pub(super) const LATER_COOKIE: &str = "passkey-later";
/// For how long: ninety days, in seconds.
const LATER: u32 = 90 * 24 * 3600;

#[derive(Template)]
#[template(path = "add_passkey.html")]
struct AddPasskeyPage<'v> {
    frame: Frame<'v>,
    options: String,
}

/// Who is signed in here, and since when.
struct SignedIn {
    bearer: Authorized,
    auth_time: i64,
}

/// The offer.
pub(super) async fn show(visit: &Visit<'_>) -> Response {
    match signed_in(visit).await {
        Ok(Some(who)) => page(visit, &who, None).await,
        Ok(None) => visit.go("/login"),
        Err(error) => visit.failed(&error),
    }
}

/// *Not now*, or a passkey.
pub(super) async fn take(visit: &Visit<'_>, form: &Form) -> Response {
    let who = match signed_in(visit).await {
        Ok(Some(who)) => who,
        Ok(None) => return visit.go("/login"),
        Err(error) => return visit.failed(&error),
    };
    let Some(credential) = form.get("credential") else {
        let mut response = onward(visit, &who).await;
        visit
            .browser
            .set_cookie(&mut response, LATER_COOKIE, "1", Some(LATER));
        return response;
    };
    match register(visit, &who, credential).await {
        Ok(()) => onward(visit, &who).await,
        Err(error @ Error::Internal(_)) => visit.failed(&error),
        Err(error) => page(visit, &who, Some(problem::of(visit.words(), &error))).await,
    }
}

async fn register(visit: &Visit<'_>, who: &SignedIn, credential: &str) -> Result<(), Error> {
    visit.draw(Operation::CompleteWebAuthnRegistration, None)?;
    let invalid =
        |_| Error::WebAuthnCredentialNotSupported(pool::error::text::INVALID_PASSKEY_CREDENTIAL.into());
    let credential = serde_json::from_str(credential).map_err(invalid)?;
    web_authn::complete_registration_of(visit.service(), &who.bearer, &credential).await
}

/// A pool without passkeys, or a user who has as many as one may have, has nothing to be asked.
async fn page(visit: &Visit<'_>, who: &SignedIn, problem: Option<String>) -> Response {
    let options = match web_authn::start_registration_of(visit.service(), &who.bearer) {
        Ok(options) => options.to_string(),
        Err(error @ Error::Internal(_)) => return visit.failed(&error),
        Err(_) => return onward(visit, who).await,
    };
    let status = status_of(problem.as_ref());
    let mut frame = visit.frame(&visit.words().add_passkey_title);
    frame.scripts.push(assets::passkey_script());
    frame.problem = problem;
    visit.page(status, &AddPasskeyPage { frame, options })
}

/// Who is signed in in this browser, if that is enough for what the app asks. An app that asks for a new sign-in has had it when
/// it was as long ago as a step of a sign-in may take.
async fn signed_in(visit: &Visit<'_>) -> Result<Option<SignedIn>, Error> {
    let Some(cookie) = oauth::browser_cookie(&visit.browser.headers) else {
        return Ok(None);
    };
    let found = browser::open(visit.service(), &visit.pool().id, &cookie).await?;
    let now = visit.service().now();
    let recently = |auth_time: i64| {
        let age = Span::seconds(now.seconds().saturating_sub(auth_time));
        visit.request.prompt != Prompt::None && age <= visit.client().session_life()
    };
    let enough = |auth_time| visit.request.accepts_session(auth_time, now) || recently(auth_time);
    Ok(found
        .filter(|(_, auth_time)| enough(*auth_time))
        .map(|(user, auth_time)| SignedIn {
            bearer: Authorized {
                device_key: None,
                pool: Arc::clone(&visit.request.pool),
                client: Arc::clone(&visit.request.client),
                user,
                // A browser's session opens nothing but this.
                scopes: Scopes::parse(""),
                auth_time,
            },
            auth_time,
        }))
}

/// To the app.
async fn onward(visit: &Visit<'_>, who: &SignedIn) -> Response {
    match code::grant(visit.service(), &visit.request, &who.bearer.user, who.auth_time).await {
        Ok(target) => oauth::to(&target),
        Err(error) => visit.failed(&error),
    }
}
