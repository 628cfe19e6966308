//! AWS STS, one operation of it: `AssumeRole` over the query API.

use std::time::SystemTime;

use bytes::Bytes;
use migration::{Cause, CouldNotAsk};
use reqwest::Client;
use secrecy::ExposeSecret;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::settings::Role;
use super::unreadable;
use crate::aws::sign::{Unsigned, signed};
use crate::aws::{Credentials, url};
use crate::http::{self, Limits};

const OPERATION: &str = "AssumeRole";

/// The role's keys, and until when they hold.
pub(crate) struct Session {
    pub(crate) credentials: Credentials,
    pub(crate) expires: SystemTime,
}

pub(crate) async fn assume_role(
    client: &Client,
    region: &str,
    role: &Role,
    own: &Credentials,
    limits: Limits<'_>,
) -> Result<Session, CouldNotAsk> {
    let url = url("sts", region, role.endpoint.as_deref());
    let external_id = match &role.external_id {
        Some(external_id) => {
            let current = external_id.current(limits.deadline).await;
            Some(current.map_err(|error| unreadable(&error, OPERATION))?)
        }
        None => None,
    };
    let external_id = external_id.as_ref().map(ExposeSecret::expose_secret);
    let body = Bytes::from(form(&role.arn, external_id));
    let headers = [("content-type", "application/x-www-form-urlencoded; charset=utf-8")];
    let unsigned = Unsigned {
        operation: OPERATION,
        service: "sts",
        region,
        url: &url,
        headers: &headers,
        body: &body,
    };
    let request = signed(&unsigned, own, client.post(&url))?.body(body.clone());
    let answer = http::exchange(request, OPERATION, limits).await?;
    let xml = std::str::from_utf8(&answer.body).unwrap_or_default();
    if !answer.status.is_success() {
        let name = element(xml, "Code").unwrap_or("no error code").to_owned();
        let cause = match name.as_str() {
            "Throttling" | "ThrottlingException" => Cause::Throttled,
            _ if answer.status.is_server_error() => Cause::Broken,
            _ => Cause::NotAllowed,
        };
        return Err(CouldNotAsk::new(cause, OPERATION).with_source(name));
    }
    session(xml).ok_or_else(|| CouldNotAsk::new(Cause::NotUnderstood, OPERATION))
}

fn form(role_arn: &str, external_id: Option<&str>) -> String {
    let mut form = format!(
        "Action=AssumeRole&Version=2011-06-15&RoleSessionName=rehome&DurationSeconds=3600&RoleArn={}",
        escaped(role_arn)
    );
    if let Some(external_id) = external_id {
        form.push_str("&ExternalId=");
        form.push_str(&escaped(external_id));
    }
    form
}

fn escaped(text: &str) -> String {
    text.bytes()
        .fold(String::with_capacity(text.len()), |mut escaped, byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                escaped.push(char::from(byte));
            } else {
                let digit = |nibble: u8| char::from(b"0123456789ABCDEF"[usize::from(nibble)]);
                escaped.extend(['%', digit(byte >> 4), digit(byte & 15)]);
            }
            escaped
        })
}

/// The values hold no character that XML would escape.
fn session(xml: &str) -> Option<Session> {
    let text = |name| element(xml, name).map(str::to_owned);
    let expires = OffsetDateTime::parse(element(xml, "Expiration")?, &Rfc3339).ok()?;
    Some(Session {
        credentials: Credentials::new(
            text("AccessKeyId")?,
            text("SecretAccessKey")?,
            text("SessionToken"),
        ),
        expires: expires.into(),
    })
}

/// The text of the first element of that name.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    Some(text.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_of_a_role_are_read() {
        let xml = "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId>\
            <SecretAccessKey>a+b/c=</SecretAccessKey><SessionToken>\n t== \n</SessionToken>\
            <Expiration>2026-11-21T04:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";
        let session = session(xml).unwrap();
        assert_eq!(session.credentials.access_key_id, "ASIAEXAMPLE");
        assert_eq!(format!("{:?}", session.credentials), "Credentials(…)");
        assert_eq!(
            OffsetDateTime::from(session.expires).unix_timestamp(),
            1_795_233_600
        );
        assert!(super::session("<html>").is_none());
    }

    #[test]
    fn a_form_is_escaped() {
        let role_arn = "arn:aws:iam::111122223333:role/a+b";
        assert!(
            form(role_arn, Some("x &y"))
                .ends_with("RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fa%2Bb&ExternalId=x%20%26y")
        );
    }
}
