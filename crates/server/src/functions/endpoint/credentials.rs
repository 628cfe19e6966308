//! Who calls Lambda: access keys and AWS's signature version 4 for the service `lambda`.

use std::time::{Duration, UNIX_EPOCH};

use async_trait::async_trait;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign as sign_request};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::identity::Identity;
use http::HeaderMap;
use pool::time::Time;
use reqwest::Url;

pub use aws_credential_types::Credentials;

/// Gives the credentials of the moment; those of a role change every hour.
#[async_trait]
pub trait CredentialSource: Send + Sync {
    /// Credentials that are valid now.
    ///
    /// # Errors
    /// When there are none to be had.
    async fn credentials(&self) -> Result<Credentials, CredentialsUnavailable>;
}

/// No credentials could be had.
#[derive(Debug, thiserror::Error)]
#[error("no AWS credentials")]
pub struct CredentialsUnavailable(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Access keys that never change.
#[async_trait]
impl CredentialSource for Credentials {
    async fn credentials(&self) -> Result<Credentials, CredentialsUnavailable> {
        Ok(self.clone())
    }
}

/// Adds the headers that sign a `POST` of `body` to `url`; all `headers` given are signed with it.
pub(super) fn sign(
    credentials: &Credentials,
    region: &str,
    now: Time,
    (url, headers): (&Url, &mut HeaderMap),
    body: &[u8],
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let identity = Identity::from(credentials.clone());
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name("lambda")
        .time(UNIX_EPOCH + Duration::from_millis(now.0.unsigned_abs()))
        .settings(SigningSettings::default())
        .build()?
        .into();
    let signed = headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    let request = SignableRequest::new("POST", url.as_str(), signed, SignableBody::Bytes(body))?;
    let (instructions, _) = sign_request(request, &parameters)?.into_parts();
    let mut carrier = http::Request::new(());
    instructions.apply_to_request_http1x(&mut carrier);
    headers.extend(std::mem::take(carrier.headers_mut()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_signed_as_aws_s_own_client_signs_it() {
        // Made with botocore's SigV4Auth.
        let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
        let credentials = Credentials::new("AKIDEXAMPLE", secret, Some("token".to_owned()), None, "test");
        let url = "https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/\
            arn%3Aaws%3Alambda%3Aeu-west-1%3A000000000000%3Afunction%3AMigrate%3Alive/invocations";
        let url = Url::parse(url).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("content-type", "application/json".parse().unwrap());
        headers.insert("x-amz-invocation-type", "RequestResponse".parse().unwrap());
        let now = Time(1_795_230_000_000);
        sign(
            &credentials,
            "eu-west-1",
            now,
            (&url, &mut headers),
            br#"{"a":1}"#,
        )
        .unwrap();
        assert_eq!(headers["x-amz-date"], "20261121T030000Z");
        let authorization = headers["authorization"].to_str().unwrap();
        let signature = "f119c2086fe66d88a0226a87ac7d06d183a977f1009ec570d1cdfe6d663c05de";
        assert!(authorization.ends_with(signature), "{authorization}");
    }
}
