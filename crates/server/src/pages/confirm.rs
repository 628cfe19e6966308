//! `/confirm`, `/resendcode` and the link of `/confirmUser`: a sign-up is confirmed.
//!
//! Chosen: who has confirmed signs in then; the pages of the real service sign them in at once, which takes a proof of the
//! password that nothing here keeps.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use model::Operation;
use pool::code::CodeDelivery;
use pool::error::Error;
use pool::secret::ConfirmationCode;
use pool::sign_up::{self, ConfirmSignUp, ResendConfirmationCode};
use pool::subject::Caller;

use super::challenge::{explained, status_of};
use super::error_page::Message;
use super::form::Form;
use super::frame::Frame;
use super::look::Look;
use super::sign_in::Said;
use super::visit::{Browser, Refusal, Visit};
use super::{problem, sign_in};
use crate::App;
use crate::http::query;

#[derive(Template)]
#[template(path = "confirm.html")]
struct ConfirmPage<'v> {
    frame: Frame<'v>,
    username: &'v str,
    explanation: String,
    hint: String,
}

/// What the page knows of the code.
pub(super) enum Hint {
    /// Where it went, like `EMAIL:j***@e***`.
    Sent(String),
    /// It was sent some time ago: somebody signs in who has not confirmed yet.
    NotYet,
}

impl Hint {
    /// Of a code that was just sent.
    pub(super) fn sent(delivery: &CodeDelivery) -> Self {
        Self::Sent(format!("{}:{}", delivery.medium.as_str(), delivery.destination))
    }

    fn parse(text: &str) -> Self {
        if text.contains(':') {
            Self::Sent(text.to_owned())
        } else {
            Self::NotYet
        }
    }
}

/// The page that asks for the code.
pub(super) fn page(visit: &Visit<'_>, username: &str, hint: &Hint, problem: Option<String>) -> Response {
    let words = visit.words();
    let mut frame = visit.frame(&words.confirm_title);
    let status = status_of(problem.as_ref());
    frame.problem = problem;
    let (explanation, hint) = match hint {
        Hint::Sent(hint) => (explained(words, hint), hint.clone()),
        Hint::NotYet => (words.not_confirmed_yet.clone(), String::new()),
    };
    let page = ConfirmPage {
        frame,
        username,
        explanation,
        hint,
    };
    visit.page(status, &page)
}

/// The code.
pub(super) async fn take(visit: &Visit<'_>, form: &Form) -> Response {
    let (words, username) = (visit.words(), form.name("username"));
    match confirm(visit, username, form.code("code")).await {
        Ok(()) => sign_in::page(visit, username, Said::Notice(words.confirmed.clone())),
        Err(error @ Error::Internal(_)) => visit.failed(&error),
        Err(error) => {
            let hint = Hint::parse(form.text("explanation"));
            page(visit, username, &hint, Some(problem::of(words, &error)))
        }
    }
}

async fn confirm(visit: &Visit<'_>, username: &str, code: String) -> Result<(), Error> {
    visit.draw(Operation::ConfirmSignUp, None)?;
    let request = ConfirmSignUp {
        client_id: visit.client_id(),
        username: username.to_owned(),
        secret_hash: visit.secret_hash(username),
        code: ConfirmationCode::new(code),
        force_alias_creation: false,
        caller: Caller::default(),
    };
    sign_up::confirm_sign_up(visit.service(), &request).await
}

/// `POST /resendcode`: a new code.
pub(super) async fn resend(visit: &Visit<'_>, form: &Form) -> Response {
    let username = form.name("username");
    match send_again(visit, username).await {
        Ok(sent) => page(visit, username, &Hint::sent(&sent), None),
        Err(error @ Error::Internal(_)) => visit.failed(&error),
        Err(error) => page(
            visit,
            username,
            &Hint::NotYet,
            Some(problem::of(visit.words(), &error)),
        ),
    }
}

async fn send_again(visit: &Visit<'_>, username: &str) -> Result<CodeDelivery, Error> {
    visit.draw(Operation::ResendConfirmationCode, None)?;
    let request = ResendConfirmationCode {
        client_id: visit.client_id(),
        username: username.to_owned(),
        secret_hash: visit.secret_hash(username),
        caller: Caller::default(),
    };
    sign_up::resend_confirmation_code(visit.service(), &request).await
}

/// `GET /confirmUser?client_id=…&user_name=…&confirmation_code=…`: the link in a message. It knows of no app to go back to.
pub(super) async fn by_link(app: &App, head: &Parts) -> Result<Response, Refusal> {
    let raw = head.uri.query().unwrap_or_default();
    let pairs = query::pairs(raw).unwrap_or_default();
    let get = |name: &str| {
        let found = pairs.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    // The code stands in the address: no link of the page repeats it.
    let browser = Browser::read(app, &head.headers, "", "", true);
    let words = &browser.language.words;
    let client = app.service().find_app_client(&get("client_id")).await?;
    let Some(client) = client else {
        return Ok(shown(&browser, &Look::plain(), Some(words.expired_code.clone())));
    };
    let of = &client.client;
    let look = Look::of(app.service(), &of.user_pool_id, Some(&of.id)).await?;
    let username = get("user_name");
    let request = ConfirmSignUp {
        client_id: client.client.id.to_string(),
        secret_hash: client.secret_hash(&username),
        username,
        code: ConfirmationCode::new(get("confirmation_code")),
        force_alias_creation: false,
        caller: Caller::default(),
    };
    match sign_up::confirm_sign_up(app.service(), &request).await {
        Ok(()) => Ok(shown(&browser, &look, None)),
        Err(error @ Error::Internal(_)) => Err(error.into()),
        Err(error) => Ok(shown(&browser, &look, Some(problem::of(words, &error)))),
    }
}

fn shown(browser: &Browser<'_>, look: &Look, problem: Option<String>) -> Response {
    let words = &browser.language.words;
    let (status, title, lines) = match &problem {
        None => (
            StatusCode::OK,
            &words.confirmed_title,
            vec![words.confirmed_by_link.clone()],
        ),
        Some(_) => (StatusCode::BAD_REQUEST, &words.confirm_title, Vec::new()),
    };
    let mut frame = browser.frame(title, look);
    frame.problem = problem;
    let page = Message {
        frame,
        lines,
        link: None,
    };
    browser.page(status, &page, None)
}
