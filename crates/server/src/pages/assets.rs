//! What pages are made of beside their HTML: a style, two scripts, a company's logo and colours. Each has a digest of its content in
//! its address, so that browsers keep it for good.

use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, digest};
use axum::body::Body;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, Method, StatusCode};

use super::security;

/// The head of all their paths.
pub(super) const PREFIX: &str = "/pages/";

/// A file that is compiled in.
struct Asset {
    path: String,
    media_type: &'static str,
    content: &'static str,
}

static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "pages",
        "css",
        "text/css; charset=utf-8",
        include_str!("assets/pages.css"),
    )
});
static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "pages",
        "js",
        "text/javascript; charset=utf-8",
        include_str!("assets/pages.js"),
    )
});
static PASSKEY_SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "passkey",
        "js",
        "text/javascript; charset=utf-8",
        include_str!("assets/passkey.js"),
    )
});

impl Asset {
    fn new(name: &str, extension: &str, media_type: &'static str, content: &'static str) -> Self {
        let digest = short_digest(content.as_bytes());
        Self {
            path: format!("{PREFIX}{name}.{digest}.{extension}"),
            media_type,
            content,
        }
    }
}

/// The path of the style.
pub(super) fn style() -> &'static str {
    &STYLE.path
}

/// The path of the script that shows passwords and ticks rules off.
pub(super) fn script() -> &'static str {
    &SCRIPT.path
}

/// The path of the script that uses passkeys.
pub(super) fn passkey_script() -> &'static str {
    &PASSKEY_SCRIPT.path
}

/// 16 characters that stand for a content.
pub(super) fn short_digest(content: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(&digest(&SHA256, content).as_ref()[..12])
}

/// Serves one.
pub(super) fn answer(path: &str, method: &Method) -> Response {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return security::plain(StatusCode::METHOD_NOT_ALLOWED, "method not allowed\n");
    }
    let compiled_in = [&*STYLE, &*SCRIPT, &*PASSKEY_SCRIPT];
    if let Some(asset) = compiled_in.into_iter().find(|asset| asset.path == path) {
        return kept_for_good(asset.media_type, asset.content.into());
    }
    security::plain(StatusCode::NOT_FOUND, "not found\n")
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
