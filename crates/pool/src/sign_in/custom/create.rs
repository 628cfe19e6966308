//! The *create auth challenge* trigger: the question, and privately by what its answer is judged.
//!
//! Source: *Create Auth challenge Lambda trigger*. The answer's half travels sealed in `Session`, which holds 4096 characters.

use trigger::create_auth_challenge::{CreateAuthChallenge, Request, Source};
use trigger::{Event, Trigger as _};

use super::{user_attributes, user_name, user_not_found, verify};
use crate::error::{Error, text};
use crate::sign_in::challenge::{ChallengeName, Outcome};
use crate::sign_in::choice::Person;
use crate::sign_in::session::{self, Asked};
use crate::sign_in::step::{Course, Step};
use crate::triggers;

/// What clients can send back as `Session`.
const LONGEST_SESSION: usize = 4096;

/// Has the function make a challenge, and poses it.
///
/// # Errors
/// [`Error::InvalidParameter`] where the pool lacks this trigger or the one that verifies;
/// [`Error::InvalidLambdaResponse`] when the private parameters do not fit into a session.
pub(super) async fn pose(step: &Step<'_>, course: Course, person: &Person<'_>) -> Result<Outcome, Error> {
    let config = &step.pool().settings.lambda_config;
    let function = config
        .function(CreateAuthChallenge::NAME)
        .ok_or_else(|| Error::invalid_parameter(text::CUSTOM_AUTH_WITHOUT_TRIGGERS))?;
    verify::function(step)?;
    let user_name = user_name(step, person);
    let request = Request {
        user_attributes: Some(user_attributes(person)),
        challenge_name: Some(ChallengeName::CustomChallenge.as_str().to_owned()),
        session: course.custom.as_ref().map(|custom| custom.results.clone()),
        client_metadata: triggers::metadata(step.caller),
        user_not_found: user_not_found(step, person),
    };
    let header = step.header(&user_name);
    let event = Event::<CreateAuthChallenge>::new(Source::Authentication, header, request);
    let response = triggers::call(step.service, &function, &event)
        .await
        .map_err(triggers::Failure::into_error::<CreateAuthChallenge>)?;
    let asked = Asked::CustomChallenge {
        private: response.private_challenge_parameters.unwrap_or_default(),
        metadata: response.challenge_metadata,
    };
    let session = session::seal_first(step, course, person, asked)?;
    if session.expose().len() > LONGEST_SESSION {
        return Err(Error::InvalidLambdaResponse(text::CHALLENGE_TOO_LONG.into()));
    }
    let mut parameters = response.public_challenge_parameters.unwrap_or_default();
    parameters.insert("USERNAME", user_name);
    Ok(Outcome::CustomChallenge { parameters, session })
}
