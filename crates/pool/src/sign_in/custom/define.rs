//! The *define auth challenge* trigger: which challenge comes next, or the end.
//!
//! Source: *Define Auth challenge Lambda trigger*. `clientMetadata` is that of the answer to a challenge.

use trigger::define_auth_challenge::{ChallengeResult, DefineAuthChallenge, Request, Response, Source};
use trigger::{Event, Trigger as _};

use super::{user_attributes, user_name, user_not_found};
use crate::error::{Error, text};
use crate::ports::FunctionArn;
use crate::sign_in::choice::Person;
use crate::sign_in::step::Step;
use crate::triggers;

/// What the function says.
pub(super) enum Decision {
    /// Not this time.
    Fail,
    /// That was enough.
    IssueTokens,
    /// The challenge of this name is next.
    Challenge(String),
}

/// The function.
///
/// # Errors
/// [`Error::InvalidParameter`] where there is none.
pub(super) fn function(step: &Step<'_>) -> Result<FunctionArn, Error> {
    let config = &step.pool().settings.lambda_config;
    config
        .function(DefineAuthChallenge::NAME)
        .ok_or_else(|| Error::invalid_parameter(text::CUSTOM_AUTH_WITHOUT_TRIGGERS))
}

/// Asks the function. A no goes before everything, the end before another challenge; who says nothing is not understood.
pub(super) async fn decide(
    step: &Step<'_>,
    person: &Person<'_>,
    results: &[ChallengeResult],
) -> Result<Decision, Error> {
    let function = function(step)?;
    let request = Request {
        user_attributes: Some(user_attributes(person)),
        session: Some(results.to_vec()),
        client_metadata: triggers::metadata(step.caller),
        user_not_found: user_not_found(step, person),
    };
    let header = step.header(&user_name(step, person));
    let event = Event::<DefineAuthChallenge>::new(Source::Authentication, header, request);
    let response = triggers::call(step.service, &function, &event)
        .await
        .map_err(triggers::Failure::into_error::<DefineAuthChallenge>)?;
    match response {
        Response {
            fail_authentication: Some(true),
            ..
        } => Ok(Decision::Fail),
        Response {
            issue_tokens: Some(true),
            ..
        } => Ok(Decision::IssueTokens),
        Response {
            challenge_name: Some(name),
            ..
        } => Ok(Decision::Challenge(name)),
        _ => Err(Error::InvalidLambdaResponse(text::LAMBDA_UNRECOGNIZABLE.into())),
    }
}
