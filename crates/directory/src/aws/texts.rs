//! Texts that settings refer to: a file, a parameter of SSM Parameter Store, a secret of Secrets Manager.
//!
//! Source: the API references of AWS Systems Manager (`GetParameter`) and AWS Secrets Manager (`GetSecretValue`).

use std::fmt;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use migration::{Cause, CouldNotAsk, Deadline};
use reqwest::{Client, StatusCode};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Credentials, json, url};
use crate::http::{Answer, Limits};

/// Where a text is. `Display` writes it as settings do; it holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    place: Place,
    /// The member of the text, which is a JSON object then.
    key: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    File(PathBuf),
    Parameter(String),
    Secret(String),
}

const PARAMETER: &str = "ssm:";
const SECRET: &str = "secretsmanager:";

impl Reference {
    /// A file.
    #[must_use]
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self {
            place: Place::File(path.into()),
            key: None,
        }
    }

    /// Reads `ssm:NAME` or `secretsmanager:NAME`, where the name may be an ARN, with `#key` behind it for a member of a
    /// JSON object; `None` for any other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (rest, place): (_, fn(String) -> Place) = if let Some(rest) = text.strip_prefix(PARAMETER) {
            (rest, Place::Parameter)
        } else {
            (text.strip_prefix(SECRET)?, Place::Secret)
        };
        // Neither names nor ARNs have a `#`.
        let (name, key) = match rest.split_once('#') {
            Some((name, key)) => (name, Some(key.to_owned())),
            None => (rest, None),
        };
        Some(Self {
            place: place(name.to_owned()),
            key,
        })
    }

    /// Reads what `REHOME_CONFIG` and the like name: a reference as in [`Reference::parse`], else a file.
    #[must_use]
    pub fn parse_or_file(text: &str) -> Self {
        Self::parse(text).unwrap_or_else(|| Self::file(text))
    }

    /// Whether it names anything at all.
    #[must_use]
    pub fn names_something(&self) -> bool {
        let name = match &self.place {
            Place::File(path) => return path.file_name().is_some(),
            Place::Parameter(name) | Place::Secret(name) => name,
        };
        !name.is_empty() && self.key.as_deref() != Some("")
    }

    /// The path of a file.
    #[must_use]
    pub fn path(&self) -> Option<&std::path::Path> {
        match &self.place {
            Place::File(path) => Some(path),
            Place::Parameter(_) | Place::Secret(_) => None,
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::File(path) => write!(f, "{}", path.display())?,
            Place::Parameter(name) => write!(f, "{PARAMETER}{name}")?,
            Place::Secret(name) => write!(f, "{SECRET}{name}")?,
        }
        match &self.key {
            Some(key) => write!(f, "#{key}"),
            None => Ok(()),
        }
    }
}

/// Why a text could not be read. It quotes nothing of a text.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{reference} {what}")]
pub struct Unreadable {
    reference: String,
    what: String,
    /// Whose cause it is.
    pub cause: Cause,
}

impl Unreadable {
    /// Whether somebody has to mend something; otherwise it may be readable in a moment.
    #[must_use]
    pub fn is_mistake(&self) -> bool {
        !self.cause.is_outage()
    }

    /// What is wrong and what to do, without the reference.
    #[must_use]
    pub fn advice(&self) -> &str {
        &self.what
    }
}

/// Other endpoints than AWS's own.
#[derive(Clone, Debug, Default)]
pub struct Endpoints {
    /// Of SSM.
    pub ssm: Option<String>,
    /// Of Secrets Manager.
    pub secrets_manager: Option<String>,
}

/// Reads texts, with the function's own credentials.
#[derive(Debug)]
pub struct Texts {
    http: Client,
    region: Option<String>,
    credentials: Option<Credentials>,
    endpoints: Endpoints,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct GetParameter<'a> {
    name: &'a str,
    with_decryption: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ParameterAnswer {
    parameter: Parameter,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Parameter {
    value: Zeroizing<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct GetSecretValue<'a> {
    secret_id: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SecretAnswer {
    secret_string: Option<Zeroizing<String>>,
    secret_binary: Option<Zeroizing<String>>,
}

impl Texts {
    /// In that Region, where a name is no ARN.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn new(
        region: Option<String>,
        credentials: Option<Credentials>,
        endpoints: Endpoints,
    ) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self {
            http: crate::http::client()?,
            region,
            credentials,
            endpoints,
        })
    }

    /// Reads a text.
    ///
    /// # Errors
    /// [`Unreadable`], with what to do about it.
    pub async fn read(&self, reference: &Reference, deadline: Deadline) -> Result<SecretString, Unreadable> {
        let text = match &reference.place {
            Place::File(path) => std::fs::read_to_string(path)
                .map(Zeroizing::new)
                .map_err(|error| {
                    unreadable(reference, Cause::NotAllowed, format!("cannot be read: {error}"))
                })?,
            Place::Parameter(name) => self.parameter(reference, name, deadline).await?,
            Place::Secret(name) => self.secret(reference, name, deadline).await?,
        };
        let text = match &reference.key {
            Some(key) => member(&text, key).ok_or_else(|| {
                let what =
                    format!("is no JSON object with a text \"{key}\"; write it so, or leave #{key} out");
                unreadable(reference, Cause::NotUnderstood, what)
            })?,
            None => text,
        };
        Ok(SecretString::from(text.as_str()))
    }

    async fn parameter(
        &self,
        reference: &Reference,
        name: &str,
        deadline: Deadline,
    ) -> Result<Zeroizing<String>, Unreadable> {
        let look_up = LookUp {
            reference,
            name,
            service: "ssm",
            target: "AmazonSSM",
            operation: "GetParameter",
            endpoint: self.endpoints.ssm.as_deref(),
        };
        let input = GetParameter {
            name,
            with_decryption: true,
        };
        let answer = self.call(&look_up, &input, deadline).await?;
        let read: Option<ParameterAnswer> = serde_json::from_slice(&answer.body).ok();
        read.map(|read| read.parameter.value)
            .ok_or_else(|| not_understood(reference))
    }

    async fn secret(
        &self,
        reference: &Reference,
        name: &str,
        deadline: Deadline,
    ) -> Result<Zeroizing<String>, Unreadable> {
        let look_up = LookUp {
            reference,
            name,
            service: "secretsmanager",
            target: "secretsmanager",
            operation: "GetSecretValue",
            endpoint: self.endpoints.secrets_manager.as_deref(),
        };
        let input = GetSecretValue { secret_id: name };
        let answer = self.call(&look_up, &input, deadline).await?;
        let read: Option<SecretAnswer> = serde_json::from_slice(&answer.body).ok();
        let read = read.ok_or_else(|| not_understood(reference))?;
        let binary = |text: Zeroizing<String>| {
            let bytes = Zeroizing::new(STANDARD.decode(text.as_bytes()).ok()?);
            std::str::from_utf8(&bytes)
                .ok()
                .map(|text| Zeroizing::new(text.to_owned()))
        };
        read.secret_string
            .or_else(|| read.secret_binary.and_then(binary))
            .ok_or_else(|| not_understood(reference))
    }

    async fn call(
        &self,
        look_up: &LookUp<'_>,
        input: &impl Serialize,
        deadline: Deadline,
    ) -> Result<Answer, Unreadable> {
        let LookUp { reference, .. } = *look_up;
        let from_arn = || {
            look_up
                .name
                .strip_prefix("arn:")?
                .split(':')
                .nth(2)
                .map(str::to_owned)
        };
        let region = from_arn().or_else(|| self.region.clone()).ok_or_else(|| {
            let what = "is in no Region that is known; set AWS_REGION, or write its ARN";
            unreadable(reference, Cause::NotAllowed, what.to_owned())
        })?;
        let credentials = match (&self.credentials, look_up.endpoint) {
            (Some(credentials), _) => credentials.clone(),
            (None, Some(_)) => Credentials::anybodys(),
            (None, None) => {
                let what = "needs credentials; Lambda sets them: elsewhere export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
                return Err(unreadable(reference, Cause::NotAllowed, what.to_owned()));
            }
        };
        let body = json::body(input).ok_or_else(|| not_understood(reference))?;
        let call = json::Call {
            service: look_up.service,
            region: &region,
            url: &url(look_up.service, &region, look_up.endpoint),
            target: look_up.target,
            operation: look_up.operation,
            body: &body,
        };
        let mut may_repeat = true;
        loop {
            let answer = json::call(&self.http, &call, &credentials, Limits::until(deadline)).await;
            match answer
                .map_err(|error| could_not_ask(reference, &error))
                .and_then(|answer| {
                    if answer.status == StatusCode::OK {
                        Ok(answer)
                    } else {
                        Err(refused(reference, look_up.operation, &answer))
                    }
                }) {
                // A look-up may be made again.
                Err(error) if may_repeat && error.cause.is_outage() && error.cause != Cause::TooSlow => {
                    may_repeat = false;
                }
                done => return done,
            }
        }
    }
}

/// A look-up: what for, by which name, at which service.
struct LookUp<'a> {
    reference: &'a Reference,
    name: &'a str,
    service: &'static str,
    target: &'static str,
    operation: &'static str,
    endpoint: Option<&'a str>,
}

fn unreadable(reference: &Reference, cause: Cause, what: String) -> Unreadable {
    Unreadable {
        reference: reference.to_string(),
        what,
        cause,
    }
}

fn could_not_ask(reference: &Reference, error: &CouldNotAsk) -> Unreadable {
    let what = format!("cannot be read: {} ({})", error.operation, error.cause.name());
    unreadable(reference, error.cause, what)
}

fn not_understood(reference: &Reference) -> Unreadable {
    unreadable(
        reference,
        Cause::NotUnderstood,
        "is not in a form that is understood; write plain text".to_owned(),
    )
}

/// What the refusal of either service asks for.
fn refused(reference: &Reference, operation: &'static str, answer: &Answer) -> Unreadable {
    let error = match json::error_of(operation, answer) {
        Ok(error) => error,
        Err(error) => return could_not_ask(reference, &error),
    };
    let (cause, mend) = match error.name.as_str() {
        "ParameterNotFound" | "ParameterVersionNotFound" | "ResourceNotFoundException" => (
            Cause::NotAllowed,
            "does not exist in this account and Region; create it, or write another name",
        ),
        "AccessDeniedException" | "AccessDenied" => (
            Cause::NotAllowed,
            "may not be read; let the function's role do it (ssm:GetParameter or secretsmanager:GetSecretValue, and kms:Decrypt for a key of your own)",
        ),
        "DecryptionFailure" | "InvalidKeyId" | "KMSAccessDeniedException" => (
            Cause::NotAllowed,
            "cannot be decrypted; allow the function's role kms:Decrypt on its key",
        ),
        "InvalidRequestException" => (
            Cause::NotAllowed,
            "is being deleted; restore it, or write another name",
        ),
        "ThrottlingException" | "TooManyRequestsException" | "RequestLimitExceeded" => {
            (Cause::Throttled, "cannot be read: throttled")
        }
        _ if answer.status.is_server_error() => (Cause::Broken, "cannot be read: the service failed"),
        _ => (Cause::NotAllowed, "was refused"),
    };
    unreadable(reference, cause, format!("{mend} ({operation}: {})", error.name))
}

fn member(text: &str, key: &str) -> Option<Zeroizing<String>> {
    let members: std::collections::BTreeMap<String, Member> = serde_json::from_str(text).ok()?;
    members.into_iter().find_map(|(name, member)| match member {
        Member::Text(text) if name == key => Some(text),
        _ => None,
    })
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Member {
    Text(Zeroizing<String>),
    Other(serde::de::IgnoredAny),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_told_from_texts_and_written_as_they_were_read() {
        let arn =
            "secretsmanager:arn:aws:secretsmanager:eu-west-1:111122223333:secret:old-AbCdEf#client_secret";
        for text in ["ssm:/rehome/config", "ssm:levers#a", arn] {
            let reference = Reference::parse(text).unwrap();
            assert_eq!(reference.to_string(), text);
            assert!(reference.names_something());
        }
        assert_eq!(Reference::parse("1abcdef"), None);
        assert_eq!(
            Reference::parse_or_file("/a/b.toml").path().unwrap().to_str(),
            Some("/a/b.toml")
        );
        for empty in ["ssm:", "secretsmanager:#x", "ssm:/a#"] {
            assert!(!Reference::parse(empty).unwrap().names_something(), "{empty}");
        }
    }

    #[test]
    fn a_member_of_a_json_object_is_a_text() {
        let text = r#"{"client_secret":"s3","port":5432}"#;
        assert_eq!(member(text, "client_secret").unwrap().as_str(), "s3");
        assert!(
            member(text, "port").is_none() && member(text, "other").is_none() && member("s3", "a").is_none()
        );
    }
}
