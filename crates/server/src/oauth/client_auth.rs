//! Who an app client says it is: HTTP Basic, or in the form.
//!
//! Source: *Token endpoint*, RFC 6749 section 2.3.1: one way at a time, and never in the query.

use axum::http::Uri;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use percent_encoding::percent_decode_str;
use pool::oauth::authorization::{Pairs, once};
use pool::oauth::token::{ClientAuthentication, TokenError};
use pool::secret::ClientSecret;

/// Reads the app client's id and secret.
///
/// # Errors
/// [`TokenError::InvalidRequest`] for a query, since URLs are written into logs, for parameters that stand twice, and for two
/// ways at once that do not say the same; [`TokenError::InvalidClient`] when no app client is named.
pub(super) fn read(uri: &Uri, headers: &HeaderMap, form: &Pairs) -> Result<ClientAuthentication, TokenError> {
    let invalid = || TokenError::InvalidRequest(None);
    if uri.query().is_some_and(|query| !query.is_empty()) {
        return Err(invalid());
    }
    let in_form = |name| once(form, name).map_err(|_| invalid());
    let (id, secret) = (in_form("client_id")?, in_form("client_secret")?);
    let Some(basic) = headers.get(AUTHORIZATION) else {
        return Ok(ClientAuthentication {
            client_id: id.ok_or_else(invalid)?.to_owned(),
            client_secret: secret.map(|text| ClientSecret::new(text.to_owned())),
        });
    };
    let given = basic
        .to_str()
        .ok()
        .and_then(from_basic)
        .ok_or(TokenError::InvalidClient)?;
    // Some clients repeat their id in the form; a second secret is one too many.
    if secret.is_some() || id.is_some_and(|id| id != given.client_id) {
        return Err(invalid());
    }
    Ok(given)
}

/// `Basic base64(id:secret)`, both percent-encoded where they need it.
fn from_basic(header: &str) -> Option<ClientAuthentication> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    let plain = |text: &str| {
        percent_decode_str(text)
            .decode_utf8()
            .ok()
            .map(std::borrow::Cow::into_owned)
    };
    let secret = plain(secret)?;
    Some(ClientAuthentication {
        client_id: plain(id)?,
        client_secret: (!secret.is_empty()).then(|| ClientSecret::new(secret)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_basic(text: &str) -> HeaderMap {
        let value = format!("Basic {}", STANDARD.encode(text)).parse().unwrap();
        HeaderMap::from_iter([(AUTHORIZATION, value)])
    }

    fn form(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn a_client_is_named_by_header_or_form() {
        let here = Uri::from_static("/oauth2/token");
        let by_header = read(&here, &with_basic("id:se%2Bcret"), &form(&[("client_id", "id")])).unwrap();
        assert_eq!(by_header.client_id, "id");
        assert_eq!(
            by_header.client_secret,
            Some(ClientSecret::new("se+cret".to_owned()))
        );
        let by_form = read(&here, &HeaderMap::new(), &form(&[("client_id", "id")])).unwrap();
        assert_eq!((by_form.client_id.as_str(), by_form.client_secret), ("id", None));
    }

    #[test]
    fn two_ways_at_once_a_query_and_no_way_are_refused() {
        let here = Uri::from_static("/oauth2/token");
        let secret = form(&[("client_id", "id"), ("client_secret", "x")]);
        assert!(read(&here, &with_basic("id:secret"), &secret).is_err());
        assert!(read(&here, &with_basic("id:secret"), &form(&[("client_id", "other")])).is_err());
        assert!(read(&here, &HeaderMap::new(), &form(&[])).is_err());
        let in_query = Uri::from_static("/oauth2/token?client_secret=x");
        assert!(read(&in_query, &HeaderMap::new(), &secret).is_err());
    }
}
