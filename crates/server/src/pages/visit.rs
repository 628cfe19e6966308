//! One request for a page: whom it is for, in which language, and what goes back with the answer.

use askama::Template;
use axum::body::Body;
use axum::response::Response;
use http::header::{ACCEPT_LANGUAGE, COOKIE, SET_COOKIE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use model::{ChallengeNameType, Operation};
use pool::app_client::AppClient;
use pool::error::{Error, text};
use pool::oauth::{AuthorizationRequest, Refused, authorization};
use pool::service::Service;
use pool::user_pool::UserPool;

use super::frame::{Frame, LanguageLink};
use super::language::{self, Wishes};
use super::look::Look;
use super::words::{Language, Words};
use super::{assets, csrf, error_page, form::Form, security};
use crate::app::{App, TryAgainLater};
use crate::http::{Record, query};
use crate::quota::Draw;
use crate::{api, oauth};

/// A browser at a page, with a request for authorization that is in order.
pub(super) struct Visit<'a> {
    pub(super) app: &'a App,
    pub(super) record: &'a Record,
    /// What the app asks for.
    pub(super) request: AuthorizationRequest,
    pub(super) browser: Browser<'a>,
    pub(super) look: Look,
}

/// What a request says of its browser: its language and its token.
pub(super) struct Browser<'a> {
    app: &'a App,
    pub(super) headers: HeaderMap,
    pub(super) language: &'a Language,
    csrf: csrf::Token,
    path: String,
    /// With its question mark, or empty.
    pub(super) query: String,
    /// The language that was asked for, to be kept.
    chosen: Option<&'a str>,
    is_post: bool,
}

/// Why there is no page to show.
pub(super) enum Refusal {
    /// The request for authorization is not in order.
    Refused(Refused),
    /// The form did not come from our page.
    Form,
    /// We failed.
    Failed(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Refusal {
    /// The answer: a page all the same.
    pub(super) fn into_response(self, app: &App, record: &Record, headers: &HeaderMap) -> Response {
        match self {
            Self::Refused(Refused::Failed(error)) | Self::Failed(error) => {
                error_page::failed(app, record, headers, &error)
            }
            Self::Refused(refused) => oauth::refused(&refused),
            Self::Form => error_page::bad_form(app, headers),
        }
    }
}

impl<'a> Visit<'a> {
    /// Reads a request. With a form it must be one of our own pages that sends it.
    pub(super) async fn begin(
        app: &'a App,
        head: Parts,
        body: Body,
        record: &'a Record,
    ) -> Result<(Self, Option<Form>), Refusal> {
        let raw = head.uri.query().unwrap_or_default();
        let is_post = head.method == http::Method::POST;
        let host = oauth::pool_of_host(app, &head.headers).await?;
        let pairs = query::pairs(raw).unwrap_or_default();
        let asked = authorization::check(app.service(), host.as_ref(), &pairs)
            .await
            .map_err(Refusal::Refused)?;
        let _ = record.user_pool_id.set(asked.pool.pool.id.clone());
        let _ = record.app_client_id.set(asked.client.client.id.clone());
        let browser = Browser::read(app, &head.headers, head.uri.path(), raw, is_post);
        let form = if is_post {
            let bytes = api::read_body(body, api::BODY_LIMIT)
                .await
                .map_err(|_| Refusal::Form)?;
            let form = Form::parse(&bytes).ok_or(Refusal::Form)?;
            let is_ours = csrf::is_from_here(&head.headers, &app.options().public_url);
            if !is_ours || !browser.csrf.is_brought_by(form.get(csrf::FIELD)) {
                return Err(Refusal::Form);
            }
            Some(form)
        } else {
            None
        };
        let look = Look::of(app.service(), &asked.pool.pool.id, Some(&asked.client.client.id)).await?;
        let visit = Self {
            app,
            record,
            request: asked,
            browser,
            look,
        };
        Ok((visit, form))
    }

    pub(super) fn service(&self) -> &'a Service {
        self.app.service()
    }

    pub(super) fn pool(&self) -> &UserPool {
        &self.request.pool.pool
    }

    pub(super) fn client(&self) -> &AppClient {
        &self.request.client.client
    }

    pub(super) fn words(&self) -> &'a Words {
        &self.browser.language.words
    }

    /// The app client's id, as the rules take it.
    pub(super) fn client_id(&self) -> String {
        self.client().id.to_string()
    }

    /// `SECRET_HASH` of the app client, which the pages speak for.
    pub(super) fn secret_hash(&self, username: &str) -> Option<String> {
        self.request.client.secret_hash(username)
    }

    /// The frame of a page with this heading.
    pub(super) fn frame<'v>(&'v self, title: &'v str) -> Frame<'v> {
        self.browser.frame(title, &self.look)
    }

    /// A page.
    pub(super) fn page(&self, status: StatusCode, page: &impl Template) -> Response {
        self.browser.page(status, page, Some(&self.request.redirect_uri))
    }

    /// To another page of ours, with the request for authorization.
    pub(super) fn go(&self, path: &str) -> Response {
        oauth::to(&format!("{path}{}", self.browser.query))
    }

    /// The page for our own failures.
    pub(super) fn failed(&self, error: &Error) -> Response {
        error_page::failed(self.app, self.record, &self.browser.headers, error)
    }

    /// Counts a call of a rule as the API's operation would count.
    ///
    /// # Errors
    /// [`Error::TooManyRequests`] beyond the rate.
    pub(super) fn draw(
        &self,
        operation: Operation,
        challenge: Option<ChallengeNameType>,
    ) -> Result<(), Error> {
        let draw = Draw {
            operation,
            challenge,
            user_pool_id: Some(&self.pool().id),
        };
        let admitted = self.app.admit(draw, Some(self.record));
        admitted.map_err(|TryAgainLater| Error::TooManyRequests(text::TRY_AGAIN.into()))
    }
}

impl<'a> Browser<'a> {
    /// Reads what a request says.
    pub(super) fn read(
        app: &'a App,
        headers: &HeaderMap,
        path: &str,
        raw_query: &str,
        is_post: bool,
    ) -> Self {
        let pairs = query::pairs(raw_query).unwrap_or_default();
        let parameter = pairs
            .iter()
            .find(|(name, _)| name == "lang")
            .map(|(_, tag)| tag.as_str());
        let kept = cookie(headers, language::COOKIE);
        let wishes = Wishes {
            parameter,
            cookie: kept,
            header: headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()),
        };
        let languages = &app.options().languages;
        let chosen = parameter.and_then(|tag| language::find(languages, tag));
        let chosen = chosen
            .map(|language| language.tag.as_str())
            .filter(|tag| kept != Some(*tag));
        Self {
            app,
            headers: headers.clone(),
            language: language::choose(languages, &wishes),
            csrf: csrf::Token::of(cookie(headers, csrf::COOKIE)),
            path: path.to_owned(),
            query: if raw_query.is_empty() {
                String::new()
            } else {
                format!("?{raw_query}")
            },
            chosen,
            is_post,
        }
    }

    /// A cookie of the browser's.
    pub(super) fn cookie(&self, name: &str) -> Option<&str> {
        cookie(&self.headers, name)
    }

    /// The frame of a page with this heading.
    pub(super) fn frame<'v>(&'v self, title: &'v str, look: &'v Look) -> Frame<'v> {
        Frame {
            words: &self.language.words,
            language: self.language,
            languages: self.language_links(),
            look,
            style: assets::style(look.scheme),
            scripts: vec![assets::script()],
            csrf: &self.csrf.text,
            query: &self.query,
            title,
            problem: None,
            notice: None,
        }
    }

    /// This page in every language. In the middle of something it cannot be shown anew.
    fn language_links(&self) -> Vec<LanguageLink<'a>> {
        let all = self.app.options().languages.all();
        if self.is_post || all.len() < 2 {
            return Vec::new();
        }
        let rest: Vec<&str> = self
            .query
            .trim_start_matches('?')
            .split('&')
            .filter(|pair| !pair.is_empty() && !pair.starts_with("lang=") && *pair != "lang")
            .collect();
        all.iter()
            .map(|language| {
                let mut pairs = rest.clone();
                let lang = format!("lang={}", language.tag);
                pairs.push(&lang);
                LanguageLink {
                    tag: &language.tag,
                    name: &language.words.language_name,
                    href: format!("{}?{}", self.path, pairs.join("&")),
                    is_current: language.tag == self.language.tag,
                }
            })
            .collect()
    }

    /// A page, with the cookies that the browser does not have yet.
    pub(super) fn page(&self, status: StatusCode, page: &impl Template, callback: Option<&str>) -> Response {
        let html = match page.render() {
            Ok(html) => html,
            Err(error) => {
                tracing::error!(%error, "a page could not be rendered");
                return security::plain(StatusCode::INTERNAL_SERVER_ERROR, "an internal error occurred\n");
            }
        };
        let mut response = security::page(status, html, callback);
        if self.csrf.is_new {
            self.set_cookie(&mut response, csrf::COOKIE, &self.csrf.text, None);
        }
        if let Some(tag) = self.chosen {
            self.set_cookie(&mut response, language::COOKIE, tag, Some(365 * 24 * 3600));
        }
        response
    }

    /// Has the browser keep something, for so many seconds or until it ends.
    pub(super) fn set_cookie(&self, response: &mut Response, name: &str, value: &str, seconds: Option<u32>) {
        let secure = if self.app.options().public_url.starts_with("https:") {
            "; Secure"
        } else {
            ""
        };
        let age = seconds
            .map(|seconds| format!("; Max-Age={seconds}"))
            .unwrap_or_default();
        let line = format!("{name}={value}; Path=/{age}; HttpOnly; SameSite=Lax{secure}");
        if let Ok(line) = HeaderValue::from_str(&line) {
            response.headers_mut().append(SET_COOKIE, line);
        }
    }
}

/// The value of a cookie.
fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).find_map(|pair| {
        let (own, value) = pair.trim().split_once('=')?;
        (own == name).then_some(value)
    })
}
