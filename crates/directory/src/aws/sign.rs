//! AWS's signature, version 4.

use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use migration::{Cause, CouldNotAsk};
use reqwest::RequestBuilder;
use secrecy::ExposeSecret;

use super::Credentials;
use crate::clock::wall_clock;

/// A POST to be signed.
pub(crate) struct Unsigned<'a> {
    pub(crate) operation: &'static str,
    pub(crate) service: &'static str,
    pub(crate) region: &'a str,
    pub(crate) url: &'a str,
    pub(crate) headers: &'a [(&'static str, &'a str)],
    pub(crate) body: &'a [u8],
}

/// Adds the headers, and those of the signature, to the request.
pub(crate) fn signed(
    unsigned: &Unsigned<'_>,
    credentials: &Credentials,
    mut request: RequestBuilder,
) -> Result<RequestBuilder, CouldNotAsk> {
    let impossible = |error: Box<dyn std::error::Error + Send + Sync>| {
        CouldNotAsk::new(Cause::NotAllowed, unsigned.operation).with_source(error)
    };
    let identity = aws_credential_types::Credentials::new(
        credentials.access_key_id.as_str(),
        credentials.secret_access_key.expose_secret(),
        credentials
            .session_token
            .as_ref()
            .map(|token| token.expose_secret().to_owned()),
        None,
        "rehome",
    )
    .into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(unsigned.region)
        .name(unsigned.service)
        .time(wall_clock())
        .settings(SigningSettings::default())
        .build()
        .map_err(|error| impossible(error.into()))?
        .into();
    let headers = unsigned.headers.iter().copied();
    let signable = SignableRequest::new("POST", unsigned.url, headers, SignableBody::Bytes(unsigned.body))
        .map_err(|error| impossible(error.into()))?;
    let signature = sign(signable, &parameters).map_err(|error| impossible(error.into()))?;
    for (name, value) in unsigned.headers {
        request = request.header(*name, *value);
    }
    for (name, value) in signature.output().headers() {
        request = request.header(name, value);
    }
    Ok(request)
}
