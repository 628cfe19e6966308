//! Pages that say something and ask nothing: errors, and the end of a session.

use askama::Template;
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use pool::error::Error;

use super::frame::Frame;
use super::look::Look;
use super::visit::{Browser, Refusal};
use super::words::fill;
use crate::http::{Record, query};
use crate::{App, chain};

/// A page with some lines, and a way on if there is one.
#[derive(Template)]
#[template(path = "message.html")]
pub(super) struct Message<'v> {
    pub(super) frame: Frame<'v>,
    pub(super) lines: Vec<String>,
    pub(super) link: Option<(&'v str, String)>,
}

/// `GET /error`: an app sent somebody here with a request that cannot be answered to the app. Status and sentence as on the
/// pages of the real service.
pub(super) async fn show(app: &App, head: &Parts) -> Result<Response, Refusal> {
    let (browser, look) = about(app, head).await?;
    let words = &browser.language.words;
    let raw = head.uri.query().unwrap_or_default();
    let pairs = query::pairs(raw).unwrap_or_default();
    let error = pairs
        .iter()
        .find(|(name, _)| name == "error")
        .map(|(_, error)| error.as_str());
    let mut lines = vec![words.error_page.clone()];
    // The codes are a closed set of ours; other texts are whoever's made the link.
    let known =
        |error: &&str| ["redirect_mismatch", "unauthorized_client", "invalid_request"].contains(error);
    lines.extend(
        error
            .filter(known)
            .map(|error| fill(&words.error_code, "error", error)),
    );
    lines.push(words.error_go_back.clone());
    let page = Message {
        frame: browser.frame(&words.error_title, &look),
        lines,
        link: None,
    };
    Ok(browser.page(StatusCode::BAD_REQUEST, &page, None))
}

/// `GET /signedout`: where somebody ends who has signed out of all and came from no app.
pub(super) async fn signed_out(app: &App, head: &Parts) -> Result<Response, Refusal> {
    let (browser, look) = about(app, head).await?;
    let words = &browser.language.words;
    let page = Message {
        frame: browser.frame(&words.signed_out_title, &look),
        lines: vec![words.signed_out.clone()],
        link: None,
    };
    Ok(browser.page(StatusCode::OK, &page, None))
}

/// The browser of a request that is not for authorization, and the look of the app client that it names.
async fn about<'a>(app: &'a App, head: &Parts) -> Result<(Browser<'a>, Look), Refusal> {
    let raw = head.uri.query().unwrap_or_default();
    let browser = Browser::read(app, &head.headers, head.uri.path(), raw, false);
    let pairs = query::pairs(raw).unwrap_or_default();
    let client_id = pairs.iter().find(|(name, _)| name == "client_id");
    let client = match client_id {
        Some((_, id)) => app.service().find_app_client(id).await?,
        None => None,
    };
    let look = match client.as_ref().map(|client| &client.client) {
        Some(client) => Look::of(app.service(), &client.user_pool_id, Some(&client.id)).await?,
        None => Look::plain(),
    };
    Ok((browser, look))
}

/// Our failure: logged here, once; the person gets a number to name.
pub(super) fn failed(app: &App, record: &Record, headers: &HeaderMap, error: &Error) -> Response {
    tracing::error!(request.id = %record.request_id, error = chain(error), "a page failed inside");
    let browser = Browser::read(app, headers, "", "", true);
    let (words, look) = (&browser.language.words, Look::plain());
    let page = Message {
        frame: browser.frame(&words.error_inside_title, &look),
        lines: vec![
            words.error_inside.clone(),
            fill(&words.error_request, "id", &record.request_id),
        ],
        link: None,
    };
    browser.page(StatusCode::INTERNAL_SERVER_ERROR, &page, None)
}

/// The form did not come from a page of ours in this browser.
pub(super) fn bad_form(app: &App, headers: &HeaderMap) -> Response {
    let browser = Browser::read(app, headers, "", "", true);
    let (words, look) = (&browser.language.words, Look::plain());
    let page = Message {
        frame: browser.frame(&words.error_expired_form_title, &look),
        lines: vec![words.error_expired_form.clone()],
        link: None,
    };
    browser.page(StatusCode::FORBIDDEN, &page, None)
}
