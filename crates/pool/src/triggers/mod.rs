//! Lambda triggers: how a pool asks its functions, whatever the trigger.
//!
//! Source: *Customizing user pool workflows with Lambda triggers*: a function has five seconds, and is asked at most three
//! times when no answer comes; texts of failures as observed. One that refused is not asked again.

pub(crate) mod post_confirmation;
pub(crate) mod pre_sign_up;

use std::time::Duration;

use trigger::{CallerContext, Event, Header, InvalidOutput, Metadata, Trigger, UNKNOWN_SDK};

use crate::error::{Error, text};
use crate::id::AppClientId;
use crate::ports::{FunctionArn, InvokeError};
use crate::service::Service;
use crate::subject::Caller;
use crate::telemetry::{self, Stopwatch};
use crate::user::User;
use crate::user_pool::UserPool;

/// How long a function may take for one attempt.
const LIMIT: Duration = Duration::from_secs(5);
/// How often a function that does not answer is asked.
const ATTEMPTS: u32 = 3;

/// `callerContext.clientId` of a call without an app client. Observed.
const NO_CLIENT: &str = "CLIENT_ID_NOT_APPLICABLE";

/// Why a function gave no answer that can be used.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It refused.
    Refused {
        /// `errorType`: the kind of refusal, for those who count them.
        error_type: String,
        /// Its words.
        message: String,
    },
    /// It could not be asked, or did not answer in the form of an answer.
    Broken(Error),
}

impl Failure {
    /// As the client of an operation sees it: a refusal is the trigger's validation error.
    pub(crate) fn into_error<T: Trigger>(self) -> Error {
        match self {
            Self::Refused { message, .. } => {
                Error::UserLambdaValidation(text::trigger_failed(T::NAME, &message))
            }
            Self::Broken(error) => error,
        }
    }
}

/// Invokes a function until it answers, and reads the answer.
pub(crate) async fn call<T: Trigger>(
    service: &Service,
    function: &FunctionArn,
    event: &Event<T>,
) -> Result<T::Response, Failure> {
    let payload = event.payload();
    let mut attempt = 1;
    let answer = loop {
        let since = Stopwatch::start();
        let answer = service.ports.functions.invoke(function, &payload, LIMIT).await;
        telemetry::trigger_call(T::NAME, attempt, &answer, since);
        match answer {
            Err(InvokeError::TimedOut) if attempt < ATTEMPTS => attempt += 1,
            other => break other,
        }
    };
    let unexpected =
        |reason: &str| Failure::Broken(Error::UnexpectedLambda(text::invocation_failed(T::NAME, reason)));
    let answer = answer.map_err(|error| match error {
        InvokeError::Failed { error_type, message } => Failure::Refused { error_type, message },
        InvokeError::TimedOut => unexpected("Socket timeout while invoking Lambda function"),
        InvokeError::NotInvoked { code } => unexpected(&code),
    })?;
    event.read_answer(&answer).map_err(|error| {
        Failure::Broken(Error::InvalidLambdaResponse(match error {
            InvalidOutput::InvalidJson => text::LAMBDA_NOT_JSON.into(),
            InvalidOutput::Unrecognizable => text::LAMBDA_UNRECOGNIZABLE.into(),
        }))
    })
}

/// What every event says: whose pool, which user name, which app client.
pub(crate) fn header(
    pool: &UserPool,
    client_id: Option<&AppClientId>,
    user_name: &str,
    caller: &Caller,
) -> Header {
    Header {
        region: pool.id.region().to_owned(),
        user_pool_id: pool.id.to_string(),
        user_name: user_name.to_owned(),
        caller_context: CallerContext {
            aws_sdk_version: caller
                .sdk_version
                .clone()
                .unwrap_or_else(|| UNKNOWN_SDK.to_owned()),
            client_id: Some(client_id.map_or_else(|| NO_CLIENT.to_owned(), ToString::to_string)),
        },
    }
}

/// `ClientMetadata` of the call; absent where it has none.
pub(crate) fn metadata(caller: &Caller) -> Option<Metadata> {
    (!caller.client_metadata.is_empty()).then(|| caller.client_metadata.clone().into_iter().collect())
}

/// `ValidationData` of the call; absent where it has none.
pub(crate) fn given(pairs: &[(String, String)]) -> Option<Metadata> {
    (!pairs.is_empty()).then(|| pairs.iter().cloned().collect())
}

/// `userAttributes` of a user whom the pool has: the attributes, `sub` and the status.
pub(crate) fn user_attributes(user: &User) -> trigger::Attributes {
    let status = ("cognito:user_status", user.status.as_str());
    user.listed_attributes().chain([status]).collect()
}
