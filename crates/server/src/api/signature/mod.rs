//! Checks the signature (AWS Signature Version 4) of a request.
//!
//! Texts as in `MissingAuthenticationTokenException` and its sisters of the real service where they were observed;
//! those of scope and skew are how AWS's other services word them.

mod access_key;
mod authorization;
mod canonical;
mod timestamp;

use http::request::Parts;
use pool::time::{Span, Time};
use time::{Duration, OffsetDateTime};

pub use access_key::{AccessKey, AccessKeys, SecretAccessKey};
use authorization::Authorization;
use canonical::{Scope, SignedRequest};

use super::refusal::Refusal;

/// The service's name in the credential scope.
const SERVICE: &str = "cognito-idp";
/// How far the signer's clock may be from ours.
const SKEW: Span = Span::minutes(5);

const UNKNOWN_KEY: &str = "The security token included in the request is invalid.";
const WRONG: &str = "The request signature we calculated does not match the signature you provided. Check your AWS \
                     Secret Access Key and signing method. Consult the service documentation for details.";

/// Whether one of `keys` has signed this request, lately.
pub(super) fn check(keys: &AccessKeys, head: &Parts, body: &[u8], now: Time) -> Result<(), Refusal> {
    let authorization = Authorization::read(&head.headers)?;
    let AccessKeys::Known(keys) = keys else {
        return Ok(());
    };
    let key_id = authorization.credential.key_id;
    let Some(key) = keys.iter().find(|key| key.id == key_id) else {
        return Err(Refusal::new("UnrecognizedClientException", UNKNOWN_KEY));
    };
    check_scope(&authorization)?;
    check_time(authorization.signed_at, now)?;
    let request = SignedRequest {
        method: head.method.as_str(),
        path: head.uri.path(),
        query: head.uri.query().unwrap_or_default(),
        headers: &head.headers,
        authority: head.uri.authority().map(http::uri::Authority::as_str),
        signed_headers: authorization.signed_headers,
        body,
    };
    let scope = Scope {
        date: authorization.credential.date,
        region: authorization.credential.region,
        service: SERVICE,
    };
    let timestamp = timestamp::print(authorization.signed_at);
    let matches = canonical::read_hex(authorization.signature).is_some_and(|signature| {
        canonical::is_signature_of(&signature, &request, scope, &timestamp, key.secret.expose())
    });
    if matches { Ok(()) } else { Err(invalid(WRONG)) }
}

/// Service, date and the headers that every signature has to cover.
fn check_scope(authorization: &Authorization<'_>) -> Result<(), Refusal> {
    if authorization.credential.service != SERVICE {
        return Err(invalid(format!(
            "Credential should be scoped to correct service: '{SERVICE}'. "
        )));
    }
    let timestamp = timestamp::print(authorization.signed_at);
    let (in_scope, in_header) = (
        authorization.credential.date,
        &timestamp[..timestamp.len().min(8)],
    );
    if in_scope != in_header {
        return Err(invalid(format!(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: \
             '{in_scope}' != '{in_header}', from '{timestamp}'."
        )));
    }
    let is_signed = |header| authorization.signed_headers.split(';').any(|name| name == header);
    // Unsigned, it could be exchanged for another operation's with the same body.
    if !is_signed("x-amz-target") {
        return Err(invalid(
            "'x-amz-target' must be a 'SignedHeader' in the AWS Authorization.",
        ));
    }
    if !is_signed("host") {
        return Err(invalid(
            "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
        ));
    }
    Ok(())
}

fn check_time(signed_at: OffsetDateTime, now: Time) -> Result<(), Refusal> {
    let now = OffsetDateTime::from_unix_timestamp(now.seconds()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let skew = Duration::seconds(SKEW.as_seconds());
    let print = timestamp::print;
    if signed_at < now - skew {
        let (at, limit, now) = (print(signed_at), print(now - skew), print(now));
        return Err(invalid(format!(
            "Signature expired: {at} is now earlier than {limit} ({now} - 5 min.)"
        )));
    }
    if signed_at > now + skew {
        let (at, limit, now) = (print(signed_at), print(now + skew), print(now));
        return Err(invalid(format!(
            "Signature not yet current: {at} is still later than {limit} ({now} + 5 min.)"
        )));
    }
    Ok(())
}

fn invalid(message: impl Into<std::borrow::Cow<'static, str>>) -> Refusal {
    Refusal::new("InvalidSignatureException", message)
}
