//! Calls of the `cognito-idp` API: AWS JSON 1.1, signed, repeated only when throttled or when a connection broke.

use std::time::Duration;

use bytes::Bytes;
use migration::{Cause, CouldNotAsk, Deadline};
use reqwest::{Client, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::time::{sleep, timeout_at};
use zeroize::Zeroizing;

use super::credentials::Keys;
use super::settings::Settings;
use super::sign::{Unsigned, signed};
use crate::http::{self, Answer};

/// The first pause after a throttled call; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// What a call needs at least; a repetition that would have less is not begun.
const ROOM_FOR_A_CALL: Duration = Duration::from_millis(250);

pub(crate) struct Api {
    http: Client,
    url: String,
    region: String,
    keys: Keys,
}

/// Why a call has no output.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The API said no; what it means depends on the operation.
    Fault(Fault),
    CouldNotAsk(CouldNotAsk),
}

/// An error document of the API. Its message may quote a login, so `Debug` shows the name alone.
pub(crate) struct Fault {
    pub(crate) name: String,
    message: String,
    status: StatusCode,
}

#[derive(Deserialize)]
struct ErrorDocument {
    #[serde(rename = "__type")]
    name: Option<String>,
    #[serde(alias = "Message")]
    message: Option<String>,
}

impl Api {
    pub(crate) fn new(http: Client, settings: Settings) -> Self {
        let region = settings.region.clone();
        let suffix = if region.starts_with("cn-") { ".cn" } else { "" };
        let url = match &settings.endpoint {
            Some(endpoint) => format!("{}/", endpoint.trim_end_matches('/')),
            None => format!("https://cognito-idp.{region}.amazonaws.com{suffix}/"),
        };
        let keys = Keys::new(http.clone(), settings);
        Self {
            http,
            url,
            region,
            keys,
        }
    }

    /// Any answer will do: the connection is what counts.
    pub(crate) async fn warm(&self, deadline: Deadline) {
        let connect = async {
            if let Ok(response) = self.http.get(&self.url).send().await {
                // Read to its end, so that the connection goes back for the first call to use.
                let _read = response.bytes().await;
            }
        };
        let (_, _) = tokio::join!(
            timeout_at(deadline.instant(), connect),
            self.keys.current(deadline)
        );
    }

    pub(crate) async fn call<O: DeserializeOwned>(
        &self,
        operation: &'static str,
        input: &impl Serialize,
        deadline: Deadline,
    ) -> Result<O, Failure> {
        let body = body(input).ok_or_else(|| CouldNotAsk::new(Cause::NotAllowed, operation))?;
        let mut pause = FIRST_PAUSE;
        let mut may_repeat = true;
        loop {
            let failure = match self.attempt(operation, &body, deadline).await {
                Ok(answer) => return output(operation, &answer),
                Err(failure) => failure,
            };
            match &failure {
                Failure::Fault(fault) if fault.is_throttling() && has_room(deadline, pause) => {
                    sleep(pause).await;
                    pause *= 2;
                }
                // Once more where nothing can have been counted: a password that was judged before the connection
                // broke is a wrong one twice.
                Failure::CouldNotAsk(error) if may_repeat && is_repeatable(operation, error.cause) => {
                    may_repeat = false;
                }
                _ => return Err(failure),
            }
        }
    }

    async fn attempt(
        &self,
        operation: &'static str,
        body: &Bytes,
        deadline: Deadline,
    ) -> Result<Answer, Failure> {
        let credentials = self.keys.current(deadline).await?;
        let target = format!("AWSCognitoIdentityProviderService.{operation}");
        let headers = [
            ("content-type", "application/x-amz-json-1.1"),
            ("x-amz-target", target.as_str()),
        ];
        let unsigned = Unsigned {
            operation,
            service: "cognito-idp",
            region: &self.region,
            url: &self.url,
            headers: &headers,
            body,
        };
        let request = signed(&unsigned, &credentials, self.http.post(&self.url))?.body(body.clone());
        let answer = http::exchange(request, operation, deadline).await?;
        if answer.status == StatusCode::OK {
            Ok(answer)
        } else {
            Err(failure(operation, &answer))
        }
    }
}

/// The body zeroes itself when the last of its copies is dropped: it may hold a password.
fn body(input: &impl Serialize) -> Option<Bytes> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(2048));
    serde_json::to_writer(&mut *bytes, input).ok()?;
    Some(Bytes::from_owner(bytes))
}

/// Whether asking again cannot count as another try: no connection came about, or nothing but a look-up was asked.
fn is_repeatable(operation: &str, cause: Cause) -> bool {
    match cause {
        Cause::Unreachable => true,
        Cause::Broken => operation == super::GET_USER,
        _ => false,
    }
}

fn has_room(deadline: Deadline, pause: Duration) -> bool {
    deadline.remaining() > pause + ROOM_FOR_A_CALL
}

/// The parser's error is dropped: it may quote a token or an attribute.
fn output<O: DeserializeOwned>(operation: &'static str, answer: &Answer) -> Result<O, Failure> {
    serde_json::from_slice(&answer.body).map_err(|_| CouldNotAsk::new(Cause::NotUnderstood, operation).into())
}

fn failure(operation: &'static str, answer: &Answer) -> Failure {
    let document = serde_json::from_slice::<ErrorDocument>(&answer.body).ok();
    let named = document
        .as_ref()
        .and_then(|document| document.name.clone())
        .or_else(|| answer.error_type.clone());
    let Some(name) = named else {
        let cause = match answer.status {
            StatusCode::TOO_MANY_REQUESTS => Cause::Throttled,
            status if status.is_server_error() => Cause::Broken,
            _ => Cause::NotUnderstood,
        };
        return CouldNotAsk::new(cause, operation).into();
    };
    // `com.amazonaws…#Name` in some answers.
    let name = name.rsplit('#').next().unwrap_or(&name).to_owned();
    let message = document.and_then(|document| document.message).unwrap_or_default();
    Failure::Fault(Fault {
        name,
        message,
        status: answer.status,
    })
}

impl Fault {
    #[cfg(test)]
    pub(crate) fn new(name: &str, message: &str) -> Self {
        Self {
            name: name.to_owned(),
            message: message.to_owned(),
            status: StatusCode::BAD_REQUEST,
        }
    }

    /// The message without a final full stop: some have one, some not.
    pub(crate) fn text(&self) -> &str {
        self.message.trim_end_matches('.')
    }

    fn is_throttling(&self) -> bool {
        matches!(
            self.name.as_str(),
            "TooManyRequestsException"
                | "LimitExceededException"
                | "ThrottlingException"
                | "Throttling"
                | "RequestLimitExceeded"
                | "ProvisionedThroughputExceededException"
        )
    }

    pub(crate) fn says_no_such_user(&self) -> bool {
        self.name == "UserNotFoundException"
    }

    /// As an error: the name always, the message only where it speaks of the function and not of a person.
    pub(crate) fn could_not_ask(&self, operation: &'static str) -> CouldNotAsk {
        let cause = match self.name.as_str() {
            _ if self.is_throttling() => Cause::Throttled,
            "UserLambdaValidationException"
            | "UnexpectedLambdaException"
            | "InvalidLambdaResponseException" => Cause::TriggerFailed,
            "InternalErrorException" | "InternalFailure" | "ServiceUnavailable" => Cause::Broken,
            "AccessDeniedException"
            | "ResourceNotFoundException"
            | "InvalidParameterException"
            | "UnrecognizedClientException"
            | "InvalidSignatureException"
            | "SignatureDoesNotMatch"
            | "IncompleteSignatureException"
            | "ExpiredTokenException"
            | "MissingAuthenticationTokenException"
            | "InvalidClientTokenId"
            | "OptInRequired"
            | "ForbiddenException"
            | "InvalidUserPoolConfigurationException" => Cause::NotAllowed,
            _ if self.status.is_server_error() => Cause::Broken,
            _ => Cause::NotUnderstood,
        };
        let speaks_of_settings = matches!(
            self.name.as_str(),
            "AccessDeniedException" | "ResourceNotFoundException"
        ) || self.speaks_of_the_secret_hash()
            || self.text() == "Auth flow not enabled for this client";
        let source = if speaks_of_settings {
            format!("{}: {}", self.name, self.message)
        } else {
            self.name.clone()
        };
        CouldNotAsk::new(cause, operation).with_source(source)
    }

    pub(crate) fn speaks_of_the_secret_hash(&self) -> bool {
        self.text().contains("SECRET_HASH was not received")
            || self.text().starts_with("Unable to verify secret hash for client")
            || self
                .text()
                .contains("is not configured for secret but secret was received")
    }
}

impl std::fmt::Debug for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fault({} {})", self.status.as_u16(), self.name)
    }
}

impl From<CouldNotAsk> for Failure {
    fn from(error: CouldNotAsk) -> Self {
        Self::CouldNotAsk(error)
    }
}
