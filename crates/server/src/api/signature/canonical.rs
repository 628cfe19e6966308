//! AWS Signature Version 4: from a request to the value that its signature must have. Pure.
//!
//! Source: *Create a signed AWS API request* in the IAM guide, with the rules for services other than S3: the path
//! is normalised and encoded once more.

use std::fmt::Write as _;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use http::HeaderMap;
use zeroize::Zeroizing;

/// The parts of a request that a signature covers.
#[derive(Clone, Copy, Debug)]
pub(super) struct SignedRequest<'r> {
    pub(super) method: &'r str,
    /// As on the wire.
    pub(super) path: &'r str,
    /// As on the wire, without `?`.
    pub(super) query: &'r str,
    pub(super) headers: &'r HeaderMap,
    /// The host, for a request whose protocol carries it elsewhere than in the headers (HTTP/2).
    pub(super) authority: Option<&'r str>,
    /// Lower-case names with `;` between them.
    pub(super) signed_headers: &'r str,
    pub(super) body: &'r [u8],
}

/// Where and when a signature is good.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'r> {
    /// `20260131`.
    pub(super) date: &'r str,
    pub(super) region: &'r str,
    pub(super) service: &'r str,
}

/// Whether `signature` (raw bytes) is the one that `secret` makes for this request; in constant time.
pub(super) fn is_signature_of(
    signature: &[u8],
    request: &SignedRequest<'_>,
    scope: Scope<'_>,
    timestamp: &str,
    secret: &str,
) -> bool {
    let text = string_to_sign(&canonical_request(request), scope, timestamp);
    hmac::verify(&signing_key(secret, scope), text.as_bytes(), signature).is_ok()
}

fn canonical_request(request: &SignedRequest<'_>) -> String {
    let mut text = String::with_capacity(1024);
    let _ = writeln!(text, "{}", request.method);
    let _ = writeln!(text, "{}", canonical_path(request.path));
    let _ = writeln!(text, "{}", canonical_query(request.query));
    for name in request.signed_headers.split(';') {
        let _ = writeln!(text, "{name}:{}", canonical_value(name, request));
    }
    let _ = write!(
        text,
        "\n{}\n{}",
        request.signed_headers,
        hex(digest(&SHA256, request.body).as_ref())
    );
    text
}

fn string_to_sign(canonical_request: &str, scope: Scope<'_>, timestamp: &str) -> String {
    let Scope {
        date,
        region,
        service,
    } = scope;
    let hash = hex(digest(&SHA256, canonical_request.as_bytes()).as_ref());
    format!("AWS4-HMAC-SHA256\n{timestamp}\n{date}/{region}/{service}/aws4_request\n{hash}")
}

fn signing_key(secret: &str, scope: Scope<'_>) -> hmac::Key {
    let first = Zeroizing::new(format!("AWS4{secret}"));
    let key = hmac::Key::new(hmac::HMAC_SHA256, first.as_bytes());
    [scope.date, scope.region, scope.service, "aws4_request"]
        .iter()
        .fold(key, |key, part| {
            hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&key, part.as_bytes()).as_ref())
        })
}

/// Without `.`, `..` and empty segments, then encoded.
fn canonical_path(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            other => segments.push(other),
        }
    }
    let mut text = String::from("/");
    for (index, segment) in segments.iter().enumerate() {
        if index > 0 {
            text.push('/');
        }
        for byte in segment.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                    text.push(char::from(byte));
                }
                other => {
                    let _ = write!(text, "%{other:02X}");
                }
            }
        }
    }
    if path.ends_with('/') && !segments.is_empty() {
        text.push('/');
    }
    text
}

fn canonical_query(query: &str) -> String {
    let mut pairs: Vec<(&str, &str)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .collect();
    pairs.sort_unstable();
    pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join("&")
}

/// All values of a header, trimmed, runs of spaces made one. A header that is not there counts as empty.
fn canonical_value(name: &str, request: &SignedRequest<'_>) -> String {
    let mut values = request.headers.get_all(name).iter().map(|value| {
        let text = String::from_utf8_lossy(value.as_bytes());
        text.split(' ')
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    });
    match (values.next(), name, request.authority) {
        (None, "host", Some(authority)) => authority.to_owned(),
        (first, _, _) => first.into_iter().chain(values).collect::<Vec<_>>().join(","),
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The bytes of 64 hexadecimal digits.
pub(super) fn read_hex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let pair = std::str::from_utf8(digits).ok()?;
        *byte = u8::from_str_radix(pair, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests;
