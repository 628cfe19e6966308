//! That a form was filled in on our own page: the hidden field `_csrf` must be the cookie `XSRF-TOKEN`, as on the pages of
//! the real service, and the browser must not say that another origin sends it.
//!
//! A page of another origin can neither read the cookie nor, since it is `SameSite=Lax`, have it sent along with a form. The token is
//! the browser's and stays for its life, so that two tabs do not disturb each other; a sign-in gets a new one.

use http::HeaderMap;
use http::header::{HOST, ORIGIN};
use pool::ports::{Entropy as _, SystemEntropy};
use pool::secret::same_text;

/// The cookie.
pub(super) const COOKIE: &str = "XSRF-TOKEN";
/// The field.
pub(super) const FIELD: &str = "_csrf";
/// 32 bytes in base64url.
const LENGTH: usize = 43;

/// The token of a browser.
pub(super) struct Token {
    /// The text.
    pub(super) text: String,
    /// Whether the browser does not have it yet.
    pub(super) is_new: bool,
}

impl Token {
    /// The browser's, or a new one when it has none that we could have given.
    pub(super) fn of(cookie: Option<&str>) -> Self {
        match cookie.filter(|text| is_token(text)) {
            Some(text) => Self {
                text: text.to_owned(),
                is_new: false,
            },
            None => Self::new(),
        }
    }

    /// A new one.
    pub(super) fn new() -> Self {
        Self {
            text: SystemEntropy.opaque(),
            is_new: true,
        }
    }

    /// Whether a form brings it.
    pub(super) fn is_brought_by(&self, field: Option<&str>) -> bool {
        !self.is_new && field.is_some_and(|field| same_text(field, &self.text))
    }
}

fn is_token(text: &str) -> bool {
    text.len() == LENGTH
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// Whether the browser does not say that the form was sent from elsewhere. `Origin` is `null` under our referrer policy;
/// browsers that send `Sec-Fetch-Site` tell more. Programs send neither.
pub(super) fn is_from_here(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(ORIGIN.as_str()).filter(|origin| *origin != "null") else {
        return true;
    };
    let of_host = origin.split_once("://").map(|(_, authority)| authority) == text(HOST.as_str());
    of_host || origin == public_url.trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn only_the_browsers_own_token_is_taken() {
        let token = Token::new();
        assert!(token.is_new && is_token(&token.text));
        assert!(!token.is_brought_by(Some(&token.text)), "no cookie came");
        let kept = Token::of(Some(&token.text));
        assert!(kept.is_brought_by(Some(&token.text)));
        assert!(!kept.is_brought_by(Some(&Token::new().text)));
        assert!(!kept.is_brought_by(Some("")) && !kept.is_brought_by(None));
        assert!(Token::of(Some("short")).is_new, "what we never gave is replaced");
    }

    #[test]
    fn a_form_of_another_origin_is_told_apart() {
        let with = |pairs: &[(&'static str, &'static str)]| {
            let pairs = pairs.iter();
            pairs
                .map(|(n, v)| (n.parse().unwrap(), HeaderValue::from_static(v)))
                .collect::<HeaderMap>()
        };
        let here = "http://127.0.0.1:9229";
        let host = ("host", "127.0.0.1:9229");
        for fine in [
            &[host][..],
            &[host, ("origin", "null")],
            &[host, ("origin", "http://127.0.0.1:9229")],
            &[("host", "proxied"), ("origin", "http://127.0.0.1:9229")],
            &[host, ("sec-fetch-site", "same-origin"), ("origin", "null")],
        ] {
            assert!(is_from_here(&with(fine), here), "{fine:?}");
        }
        for foreign in [
            &[host, ("origin", "https://evil.example")][..],
            &[host, ("sec-fetch-site", "cross-site")],
            &[host, ("sec-fetch-site", "same-site")],
            &[host, ("origin", "http://127.0.0.1:9229.evil.example")],
        ] {
            assert!(!is_from_here(&with(foreign), here), "{foreign:?}");
        }
    }
}
