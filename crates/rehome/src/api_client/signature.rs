//! AWS's signature, version 4, of a call of the user pools API.

use std::time::{Duration, UNIX_EPOCH};

use anyhow::anyhow;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use pool::time::Time;
use server::functions::Credentials;

use crate::arn::Region;
use crate::clock_text;

/// Who calls.
#[derive(Clone, Debug)]
pub enum Signer {
    /// Nobody in particular: a signature of the right form and no value, which a server on loopback without access keys
    /// takes.
    Anybody,
    /// The holder of these credentials.
    Holder {
        /// Access key, secret, and the session's token for those of a role.
        credentials: Credentials,
        /// The pool's Region.
        region: Region,
    },
}

impl Signer {
    /// The headers that sign a `POST` of `body` to `url`; `headers` are signed with it.
    pub(super) fn sign(
        &self,
        url: &str,
        headers: &[(&str, &str)],
        body: &[u8],
        now: Time,
    ) -> anyhow::Result<Vec<(String, String)>> {
        let Self::Holder { credentials, region } = self else {
            return Ok(anybodys(now));
        };
        let identity = credentials.clone().into();
        let region = region.to_string();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&region)
            .name("cognito-idp")
            .time(UNIX_EPOCH + Duration::from_millis(now.0.unsigned_abs()))
            .settings(SigningSettings::default())
            .build()?
            .into();
        let headers = headers.iter().copied();
        let signable = SignableRequest::new("POST", url, headers, SignableBody::Bytes(body))
            .map_err(|error| anyhow!(error))?;
        let signature = sign(signable, &parameters).map_err(|error| anyhow!(error))?;
        let headers = signature.output().headers();
        Ok(headers
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect())
    }
}

fn anybodys(now: Time) -> Vec<(String, String)> {
    let date = clock_text::amz_date(now);
    let scope = format!(
        "{}/us-east-1/cognito-idp/aws4_request",
        date.get(..8).unwrap_or_default()
    );
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential=rehome/{scope}, SignedHeaders=host;x-amz-date, Signature={}",
        "0".repeat(64)
    );
    vec![
        ("x-amz-date".to_owned(), date),
        ("authorization".to_owned(), authorization),
    ]
}
