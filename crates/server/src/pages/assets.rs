//! What pages are made of beside their HTML: a style, two scripts, a company's logo and colours. Each has a digest of its content in
//! its address, so that browsers keep it for good.

use std::sync::LazyLock;

use axum::body::Body;
use axum::response::Response;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, Method, StatusCode};

use pool::branding::short_digest;

use super::theme::Scheme;
use super::{look, security};
use crate::{App, chain};

/// The head of all their paths.
pub(super) const PREFIX: &str = "/pages/";

/// A file that is compiled in.
struct Asset {
    path: String,
    media_type: &'static str,
    content: String,
}

/// The style in the light, in the dark, and in both as the browser wishes.
static STYLES: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    let (light, dark) = (include_str!("assets/pages.css"), include_str!("assets/dark.css"));
    let in_the_dark = format!("{light}@media (prefers-color-scheme: dark) {{\n{dark}}}\n");
    [light.to_owned(), format!("{light}{dark}"), in_the_dark]
        .map(|css| Asset::new("pages", "css", "text/css; charset=utf-8", css))
});
static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "pages",
        "js",
        "text/javascript; charset=utf-8",
        include_str!("assets/pages.js").to_owned(),
    )
});
static PASSKEY_SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "passkey",
        "js",
        "text/javascript; charset=utf-8",
        include_str!("assets/passkey.js").to_owned(),
    )
});

impl Asset {
    fn new(name: &str, extension: &str, media_type: &'static str, content: String) -> Self {
        let digest = short_digest(content.as_bytes());
        Self {
            path: format!("{PREFIX}{name}.{digest}.{extension}"),
            media_type,
            content,
        }
    }
}

/// The path of the style.
pub(super) fn style(scheme: Scheme) -> &'static str {
    let [light, dark, both] = &*STYLES;
    match scheme {
        Scheme::Light => &light.path,
        Scheme::Dark => &dark.path,
        Scheme::Both => &both.path,
    }
}

/// The path of the script that shows passwords and ticks rules off.
pub(super) fn script() -> &'static str {
    &SCRIPT.path
}

/// The path of the script that uses passkeys.
pub(super) fn passkey_script() -> &'static str {
    &PASSKEY_SCRIPT.path
}

/// Serves one.
pub(super) async fn answer(app: &App, path: &str, method: &Method) -> Response {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return security::plain(StatusCode::METHOD_NOT_ALLOWED, "method not allowed\n");
    }
    let mut compiled_in = STYLES.iter().chain([&*SCRIPT, &*PASSKEY_SCRIPT]);
    if let Some(asset) = compiled_in.find(|asset| asset.path == path) {
        return kept_for_good(asset.media_type, asset.content.as_str().into());
    }
    match look::file(app.service(), path).await {
        Ok(Some((media_type, content))) => kept_for_good(media_type, content.into()),
        Ok(None) => security::plain(StatusCode::NOT_FOUND, "not found\n"),
        Err(error) => {
            tracing::error!(error = chain(&error), "a company's own file could not be read");
            security::plain(StatusCode::INTERNAL_SERVER_ERROR, "an internal error occurred\n")
        }
    }
}

/// An asset. A company's picture may be SVG, which a browser must not run when it is opened alone.
fn kept_for_good(media_type: &'static str, content: Body) -> Response {
    let mut response = Response::new(content);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(
        CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    );
    response
}
