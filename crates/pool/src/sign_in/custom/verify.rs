//! The *verify auth challenge response* trigger: whether an answer is right.
//!
//! Source: *Verify Auth challenge response Lambda trigger*.

use trigger::verify_auth_challenge::{Request, Source, VerifyAuthChallenge};
use trigger::{Attributes, ChallengeAnswer, Event, Trigger as _};

use super::{user_attributes, user_name, user_not_found};
use crate::error::{Error, text};
use crate::ports::FunctionArn;
use crate::sign_in::choice::Person;
use crate::sign_in::step::Step;
use crate::triggers;

/// The function.
///
/// # Errors
/// [`Error::InvalidParameter`] where there is none.
pub(super) fn function(step: &Step<'_>) -> Result<FunctionArn, Error> {
    let config = &step.pool().settings.lambda_config;
    config
        .function(VerifyAuthChallenge::NAME)
        .ok_or_else(|| Error::invalid_parameter(text::CUSTOM_AUTH_WITHOUT_TRIGGERS))
}

/// Asks the function about an answer. What it does not call right is wrong.
pub(super) async fn judge(
    step: &Step<'_>,
    person: &Person<'_>,
    private: &Attributes,
    answer: ChallengeAnswer,
) -> Result<bool, Error> {
    let function = function(step)?;
    let request = Request {
        user_attributes: Some(user_attributes(person)),
        private_challenge_parameters: Some(private.clone()),
        challenge_answer: Some(answer),
        client_metadata: triggers::metadata(step.caller),
        user_not_found: user_not_found(step, person),
    };
    let header = step.header(&user_name(step, person));
    let event = Event::<VerifyAuthChallenge>::new(Source::Authentication, header, request);
    let response = triggers::call(step.service, &function, &event)
        .await
        .map_err(triggers::Failure::into_error::<VerifyAuthChallenge>)?;
    Ok(response.answer_correct == Some(true))
}
