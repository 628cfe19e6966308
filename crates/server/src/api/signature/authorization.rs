//! What the `Authorization` header of a signed request says, and what is said when it does not.

use std::fmt::Write as _;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::{AUTHORIZATION, DATE};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use super::timestamp;
use crate::api::refusal::Refusal;

/// The parts of `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`, and the time of signing.
#[derive(Debug)]
pub(super) struct Authorization<'h> {
    pub(super) credential: Credential<'h>,
    /// Lower-case names with `;` between them, as they were signed.
    pub(super) signed_headers: &'h str,
    /// Hexadecimal.
    pub(super) signature: &'h str,
    pub(super) signed_at: OffsetDateTime,
}

/// `<key id>/<yyyymmdd>/<region>/<service>/aws4_request`.
#[derive(Debug)]
pub(super) struct Credential<'h> {
    pub(super) key_id: &'h str,
    pub(super) date: &'h str,
    pub(super) region: &'h str,
    pub(super) service: &'h str,
}

impl<'h> Authorization<'h> {
    /// Reads the header and the date beside it.
    pub(super) fn read(headers: &'h HeaderMap) -> Result<Self, Refusal> {
        let Some(header) = headers.get(AUTHORIZATION) else {
            return Err(Refusal::new(
                "MissingAuthenticationTokenException",
                "Missing Authentication Token",
            ));
        };
        // A header that is no text has none of the parameters either.
        let text = header.to_str().unwrap_or_default();
        let credential = parameter(text, "Credential");
        let signature = parameter(text, "Signature");
        let signed_headers = parameter(text, "SignedHeaders");
        let signed_at = signed_at(headers);
        if let (Some(credential), Some(signature), Some(signed_headers), Some(signed_at)) =
            (credential, signature, signed_headers, signed_at)
        {
            let credential = Credential::read(credential)?;
            return Ok(Self {
                credential,
                signed_headers,
                signature,
                signed_at,
            });
        }
        let mut message = String::new();
        for (name, value) in [
            ("Credential", credential),
            ("Signature", signature),
            ("SignedHeaders", signed_headers),
        ] {
            if value.is_none() {
                let _ = write!(message, "Authorization header requires '{name}' parameter. ");
            }
        }
        if signed_at.is_none() {
            message.push_str(
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ",
            );
        }
        let hash = STANDARD.encode(digest(&SHA256, header.as_bytes()));
        let _ = write!(
            message,
            "(Hashed with SHA-256 and encoded with Base64) Authorization={hash}"
        );
        Err(Refusal::new("IncompleteSignatureException", message))
    }
}

impl<'h> Credential<'h> {
    fn read(text: &'h str) -> Result<Self, Refusal> {
        let parts: Vec<&str> = text.split('/').collect();
        let [key_id, date, region, service, "aws4_request"] = parts[..] else {
            let message = "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term";
            return Err(Refusal::new("IncompleteSignatureException", message));
        };
        Ok(Self {
            key_id,
            date,
            region,
            service,
        })
    }
}

/// The value of a parameter of the header, after the algorithm's name; only the one algorithm has any.
fn parameter<'h>(header: &'h str, name: &str) -> Option<&'h str> {
    let parameters = header.trim_start().strip_prefix("AWS4-HMAC-SHA256")?;
    let mut pairs = parameters
        .split([',', ' '])
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(found, value)| *found == name && !value.is_empty())
        .map(|(_, value)| value)
}

/// `X-Amz-Date`, or else `Date`.
fn signed_at(headers: &HeaderMap) -> Option<OffsetDateTime> {
    if let Some(date) = headers.get("x-amz-date") {
        return timestamp::parse(date.to_str().ok()?);
    }
    OffsetDateTime::parse(headers.get(DATE)?.to_str().ok()?, &Rfc2822).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn a_request_without_the_header_misses_its_token() {
        let refusal = Authorization::read(&HeaderMap::new()).unwrap_err();
        assert_eq!(refusal.exception, "MissingAuthenticationTokenException");
        assert_eq!(refusal.message.unwrap(), "Missing Authentication Token");
    }

    #[test]
    fn a_header_of_another_kind_is_told_all_that_it_lacks() {
        let headers = headers(&[("authorization", "Bearer abc")]);
        let refusal = Authorization::read(&headers).unwrap_err();
        assert_eq!(refusal.exception, "IncompleteSignatureException");
        // The hash made with Python's hashlib and base64.
        let expected = "Authorization header requires 'Credential' parameter. \
            Authorization header requires 'Signature' parameter. \
            Authorization header requires 'SignedHeaders' parameter. \
            Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. \
            (Hashed with SHA-256 and encoded with Base64) \
            Authorization=w1Xc6WwWEogNEZQP/dkBTThsJT4MNlKmzQanIm970rY=";
        assert_eq!(refusal.message.unwrap(), expected);
    }

    #[test]
    fn only_what_is_missing_is_told() {
        let headers = headers(&[
            (
                "authorization",
                "AWS4-HMAC-SHA256 Credential=a/20260101/r/s/aws4_request, SignedHeaders=host",
            ),
            ("x-amz-date", "20260101T000000Z"),
        ]);
        let message = Authorization::read(&headers).unwrap_err().message.unwrap();
        assert!(
            message.starts_with("Authorization header requires 'Signature' parameter. (Hashed"),
            "{message}"
        );
    }

    #[test]
    fn a_whole_header_is_taken_apart() {
        let headers = headers(&[
            (
                "authorization",
                "AWS4-HMAC-SHA256 Credential=AK/20260101/eu-west-1/cognito-idp/aws4_request,SignedHeaders=host;x-amz-date,Signature=00ff",
            ),
            ("date", "Thu, 01 Jan 2026 00:00:00 GMT"),
        ]);
        let read = Authorization::read(&headers).unwrap();
        assert_eq!(read.credential.key_id, "AK");
        assert_eq!(read.credential.region, "eu-west-1");
        assert_eq!(read.signed_headers, "host;x-amz-date");
        assert_eq!(read.signature, "00ff");
        assert_eq!(timestamp::print(read.signed_at), "20260101T000000Z");
    }

    #[test]
    fn a_credential_of_another_shape_is_incomplete() {
        let headers = headers(&[
            (
                "authorization",
                "AWS4-HMAC-SHA256 Credential=AK/20260101, SignedHeaders=host, Signature=00",
            ),
            ("x-amz-date", "20260101T000000Z"),
        ]);
        assert_eq!(
            Authorization::read(&headers).unwrap_err().exception,
            "IncompleteSignatureException"
        );
    }
}
