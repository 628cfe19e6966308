//! What every page tells the browser about itself.

use axum::body::Body;
use axum::response::Response;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use http::{HeaderName, HeaderValue, StatusCode};

/// Nothing from elsewhere, nothing inline, in nobody's frame. A browser holds `form-action` against every hop that follows a
/// form, the app's own included, so schemes are named there and not origins: `https`, and the callback's where it is another.
fn policy(callback: Option<&str>) -> String {
    let scheme = callback.and_then(form_target).unwrap_or_default();
    format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; base-uri 'none'; \
         form-action 'self' https:{scheme}; frame-ancestors 'none'"
    )
}

/// What else a form may lead to: an app on this machine, or one that the system opens by its scheme.
fn form_target(callback: &str) -> Option<String> {
    let (scheme, _) = callback.split_once(':')?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let sound = !scheme.is_empty() && scheme.bytes().all(plain);
    let known = ["https", "javascript", "data", "blob", "vbscript"];
    let is_wanted = sound && !known.iter().any(|other| scheme.eq_ignore_ascii_case(other));
    is_wanted.then(|| format!(" {}:", scheme.to_ascii_lowercase()))
}

/// A page. `callback` is where its forms may lead in the end.
pub(super) fn page(status: StatusCode, html: String, callback: Option<&str>) -> Response {
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let mut put =
        |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    put(CONTENT_TYPE, "text/html; charset=utf-8");
    put(CACHE_CONTROL, "no-store");
    put(REFERRER_POLICY, "no-referrer");
    put(X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(X_FRAME_OPTIONS, "DENY");
    put(
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin-allow-popups",
    );
    put(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=()",
    );
    if let Ok(policy) = HeaderValue::from_str(&policy(callback)) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// An answer that is no page.
pub(super) fn plain(status: StatusCode, text: &'static str) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_may_lead_to_the_apps_scheme_and_never_to_a_script() {
        assert!(policy(Some("myapp://done")).contains("form-action 'self' https: myapp:;"));
        assert!(policy(Some("http://localhost:3000/x")).contains("form-action 'self' https: http:;"));
        for callback in [
            "https://app.example/",
            "javascript:alert(1)",
            "a b;script-src *:",
            "",
        ] {
            assert!(
                policy(Some(callback)).contains("form-action 'self' https:;"),
                "{callback}"
            );
        }
    }
}
