//! `USER_AUTH`: the user chooses with what the sign-in begins.
//!
//! Source: *Manage authentication methods in AWS SDKs*, choice-based authentication, and the API reference of `InitiateAuth`
//! and `RespondToAuthChallenge`; a preference that the user has not got is answered with the choice (observed).
//! The *migrate user* trigger is not asked in this flow: no source says that it would be.

use super::attempt::{find, find_to_try, standing};
use super::challenge::{Challenge, ChallengeName, Outcome};
use super::choice::{Choice, Person, offered};
use super::session::{self, Asked};
use super::step::{Course, Step};
use super::{first_code, password, srp, web_authn};
use crate::error::{Error, text};
use crate::ports::Medium;

/// Begins with what the client prefers, or lets the user choose.
pub(super) async fn begin(step: &Step<'_>) -> Result<Outcome, Error> {
    if step.pool().settings.is_lite() {
        return Err(Error::FeatureUnavailableInTier(text::NOT_IN_LITE.into()));
    }
    let login = step.username()?;
    let preferred = step.parameters.get("PREFERRED_CHALLENGE");
    let preferred = preferred.map(Choice::parse).transpose()?;
    if let Some(parameter) = preferred.and_then(Choice::parameter) {
        step.parameters.required(parameter)?;
    }
    let user = match preferred {
        Some(Choice::Password) => find_to_try(step, login).await?,
        _ => find(step, login).await?,
    };
    let person = Person { login, user };
    let offered = offered(step, &person);
    match preferred {
        Some(choice) if offered.contains(&choice) => pose(step, choice, person).await,
        _ => let_choose(step, &person, &offered),
    }
}

/// The answer to `SELECT_CHALLENGE`: the choice, and what it begins with if the client has it already.
pub(super) async fn select(step: &Step<'_>) -> Result<Outcome, Error> {
    step.username()?;
    let choice = Choice::parse(step.parameters.required("ANSWER")?)?;
    let person = chooser(step, choice).await?;
    let missing = choice
        .parameter()
        .filter(|name| step.parameters.get(name).is_none());
    if missing.is_none() {
        return pose(step, choice, person).await;
    }
    Ok(Outcome::Challenge(Challenge {
        name: choice.challenge(),
        parameters: Vec::new(),
        session: Some(open_question(step, &person)?),
    }))
}

/// The answer to `PASSWORD` or `PASSWORD_SRP`. `SELECT_CHALLENGE` may be answered so at once.
pub(super) async fn answer(step: &Step<'_>, choice: Choice) -> Result<Outcome, Error> {
    step.username()?;
    if let Some(parameter) = choice.parameter() {
        step.parameters.required(parameter)?;
    }
    let person = chooser(step, choice).await?;
    pose(step, choice, person).await
}

/// Begins with what was chosen.
async fn pose(step: &Step<'_>, choice: Choice, person: Person<'_>) -> Result<Outcome, Error> {
    match choice {
        Choice::PasswordSrp => srp::pose(step, srp::public_value(step)?, person.login, person.user),
        Choice::Password => password::sign_in_known(step, person.login, person.user).await,
        Choice::EmailOtp => first_code::ask(step, &person, Medium::Email).await,
        Choice::SmsOtp => first_code::ask(step, &person, Medium::Sms).await,
        Choice::WebAuthn => web_authn::ask(step, &person),
    }
}

/// `SELECT_CHALLENGE`.
fn let_choose(step: &Step<'_>, person: &Person<'_>, offered: &[Choice]) -> Result<Outcome, Error> {
    let challenge = Challenge {
        name: ChallengeName::SelectChallenge,
        parameters: Vec::new(),
        session: Some(open_question(step, person)?),
    };
    let available = offered.iter().map(|choice| choice.challenge()).collect();
    Ok(Outcome::Choice { challenge, available })
}

/// A session in which nothing has been proven. It may be answered more than once: each answer begins anew.
fn open_question(step: &Step<'_>, person: &Person<'_>) -> Result<crate::secret::SessionToken, Error> {
    let course = Course::opening(step);
    session::seal_first(step, course, person, Asked::FirstFactor)
}

/// Who answers an open question, if what they chose is theirs to choose.
async fn chooser<'s>(step: &Step<'s>, choice: Choice) -> Result<Person<'s>, Error> {
    let (session, person) = session::open_first(step).await?;
    if !matches!(session.asked, Asked::FirstFactor) {
        return Err(Error::not_authorized(text::SESSION_INVALID));
    }
    let user = person.user.map(|user| standing(step.subject, user)).transpose()?;
    let person = Person { user, ..person };
    if offered(step, &person).contains(&choice) {
        Ok(person)
    } else {
        Err(Error::invalid_parameter(text::CHALLENGE_NOT_AVAILABLE))
    }
}
