//! The cookie of a browser's session.

use axum::response::Response;
use http::header::{COOKIE as COOKIE_HEADER, SET_COOKIE};
use http::{HeaderMap, HeaderValue};
use pool::oauth::browser::{COOKIE, LIFE};
use pool::secret::BrowserCookie;

use crate::App;

/// The session that a request brings.
pub(crate) fn browser_cookie(headers: &HeaderMap) -> Option<BrowserCookie> {
    let pairs = headers.get_all(COOKIE_HEADER).iter();
    let mut pairs = pairs
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'));
    pairs.find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == COOKIE).then(|| BrowserCookie::new(value.to_owned()))
    })
}

/// Has the browser keep a session.
pub(super) fn keep(app: &App, response: &mut Response, cookie: &BrowserCookie) {
    set(app, response, cookie.expose(), LIFE.as_seconds());
}

/// Has the browser forget its session.
pub(super) fn forget(app: &App, response: &mut Response) {
    set(app, response, "", 0);
}

/// `Lax`: an app sends its people here from another site, and they shall be known then.
fn set(app: &App, response: &mut Response, value: &str, seconds: i64) {
    let secure = if app.options().public_url.starts_with("https:") {
        "; Secure"
    } else {
        ""
    };
    let line = format!("{COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    if let Ok(mut line) = HeaderValue::from_str(&line) {
        line.set_sensitive(true);
        response.headers_mut().append(SET_COOKIE, line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_is_found_among_other_cookies() {
        let with =
            |line: &'static str| HeaderMap::from_iter([(COOKIE_HEADER, HeaderValue::from_static(line))]);
        let found = |line| browser_cookie(&with(line)).map(|cookie| cookie.expose().to_owned());
        assert_eq!(found("a=b; cognito=x_-y; c=d").as_deref(), Some("x_-y"));
        assert_eq!(found("xcognito=1; cognito2=2"), None);
        assert!(browser_cookie(&HeaderMap::new()).is_none());
    }
}
