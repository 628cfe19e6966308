//! Calls of the `cognito-idp` API: AWS JSON 1.1, signed, repeated only when throttled or when a connection broke.

use std::time::Duration;

use bytes::Bytes;
use migration::{Cause, CouldNotAsk};
use reqwest::{Client, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::{sleep, timeout_at};

use super::keys::Keys;
use super::settings::Settings;
use crate::aws::{json, url};
use crate::http::{Answer, Limits};

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

impl Api {
    pub(crate) fn new(http: Client, settings: Settings) -> Self {
        let region = settings.region.clone();
        let url = url("cognito-idp", &region, settings.endpoint.as_deref());
        let keys = Keys::new(http.clone(), settings);
        Self {
            http,
            url,
            region,
            keys,
        }
    }

    /// Any answer will do: the connection is what counts.
    pub(crate) async fn warm(&self, limits: Limits<'_>) {
        let connect = async {
            if let Ok(response) = self.http.get(&self.url).send().await {
                // Read to its end, so that the connection goes back for the first call to use.
                let _read = response.bytes().await;
            }
        };
        let (_, _) = tokio::join!(
            timeout_at(limits.deadline.instant(), connect),
            self.keys.current(limits)
        );
    }

    /// An operation whose output counts.
    pub(crate) async fn call<O: DeserializeOwned>(
        &self,
        operation: &'static str,
        input: &impl Serialize,
        limits: Limits<'_>,
    ) -> Result<O, Failure> {
        output(operation, &self.ask(operation, input, limits).await?)
    }

    /// An operation that has none: its answer has an empty body, or an empty object.
    pub(crate) async fn tell(
        &self,
        operation: &'static str,
        input: &impl Serialize,
        limits: Limits<'_>,
    ) -> Result<(), Failure> {
        self.ask(operation, input, limits).await.map(drop)
    }

    async fn ask(
        &self,
        operation: &'static str,
        input: &impl Serialize,
        limits: Limits<'_>,
    ) -> Result<Answer, Failure> {
        let body = json::body(input).ok_or_else(|| CouldNotAsk::new(Cause::NotAllowed, operation))?;
        let mut pause = FIRST_PAUSE;
        let mut may_repeat = true;
        loop {
            let failure = match self.attempt(operation, &body, limits).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            match &failure {
                Failure::Fault(fault) if fault.is_throttling() && has_room(limits, pause) => {
                    sleep(pause).await;
                    pause *= 2;
                }
                // Once more where nothing can have been counted: a password that was judged before the connection
                // broke is a wrong one twice.
                Failure::CouldNotAsk(error)
                    if may_repeat && is_repeatable(operation, error.cause, limits) =>
                {
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
        limits: Limits<'_>,
    ) -> Result<Answer, Failure> {
        let credentials = self.keys.current(limits).await?;
        let call = json::Call {
            service: "cognito-idp",
            region: &self.region,
            url: &self.url,
            target: "AWSCognitoIdentityProviderService",
            operation,
            body,
        };
        let answer = json::call(&self.http, &call, &credentials, limits).await?;
        if answer.status == StatusCode::OK {
            Ok(answer)
        } else {
            Err(failure(operation, &answer))
        }
    }
}

/// Whether asking again cannot count as another try: no connection came about, or nothing but a look-up was asked.
fn is_repeatable(operation: &str, cause: Cause, limits: Limits<'_>) -> bool {
    match cause {
        Cause::Unreachable => !limits.connect_left().is_zero(),
        Cause::Broken => operation != super::INITIATE,
        _ => false,
    }
}

fn has_room(limits: Limits<'_>, pause: Duration) -> bool {
    limits.deadline.remaining() > pause + ROOM_FOR_A_CALL
}

/// The parser's error is dropped: it may quote a token or an attribute.
fn output<O: DeserializeOwned>(operation: &'static str, answer: &Answer) -> Result<O, Failure> {
    serde_json::from_slice(&answer.body).map_err(|_| CouldNotAsk::new(Cause::NotUnderstood, operation).into())
}

fn failure(operation: &'static str, answer: &Answer) -> Failure {
    match json::error_of(operation, answer) {
        Ok(error) => Failure::Fault(Fault {
            name: error.name,
            message: error.message,
            status: answer.status,
        }),
        Err(error) => error.into(),
    }
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
            || self.text().starts_with("SecretHash does not match")
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
