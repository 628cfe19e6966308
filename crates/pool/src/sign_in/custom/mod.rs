//! `CUSTOM_AUTH`: the pool's own functions say which challenges there are, put them and judge the answers.
//!
//! Source: *Custom authentication challenge Lambda triggers* and the pages of its three triggers; `PASSWORD_VERIFIER` can only
//! come first. The password brings its second factor with it, before the next challenge is defined; without a password none is
//! asked for, unless the function says so (Cognito's team: it hangs on the password verifier, amplify-js issue 12887).
//! Reported of the real service is that a second factor or a new password after `PASSWORD_VERIFIER` gave tokens at once
//! (amplify-js issue 3876). Chosen: nothing gives tokens but the function that defines; a new password is asked for at the end.
//!
//! Each answer uses its session up, a wrong one too: the function counts the tries, and none is left out of its count.
//! Towards an app client that hides unknown users nobody goes the same way, and never gets tokens, whatever the functions say.

mod create;
mod define;
mod verify;

use serde::{Deserialize, Serialize};
use trigger::ChallengeAnswer;
use trigger::define_auth_challenge::ChallengeResult;

use super::attempt::{find, standing};
use super::challenge::{ChallengeName, Outcome};
use super::choice::Person;
use super::next::next;
use super::session::{self, Asked, Session};
use super::step::{Course, FirstFactor, Step};
use super::{second_factor, srp};
use crate::error::{Error, text};
use crate::mfa::can_give;
use crate::pretence;
use crate::user::{MfaMethod, User, UserStatus, update_user};
use define::Decision;

/// How far the challenges of the functions have come.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Custom {
    /// The challenges so far, oldest first.
    results: Vec<ChallengeResult>,
    /// Whether the function has said that these are enough.
    passed: bool,
}

impl Custom {
    /// A sign-in that begins with SRP, which the first entry says.
    pub(super) fn after_srp_a() -> Self {
        let mut custom = Self::default();
        custom.note("SRP_A", true, None);
        custom
    }

    fn note(&mut self, challenge: &str, result: bool, metadata: Option<String>) {
        self.results.push(ChallengeResult {
            challenge_name: challenge.to_owned(),
            challenge_result: result,
            challenge_metadata: metadata,
        });
    }
}

impl Course {
    /// Whether it is for the functions to say what comes next.
    pub(super) fn is_up_to_the_functions(&self) -> bool {
        self.custom.as_ref().is_some_and(|custom| !custom.passed)
    }

    /// Whether nothing but challenges of the functions opened the sign-in.
    pub(super) fn is_without_password(&self) -> bool {
        self.custom.is_some() && self.first_factor != Some(FirstFactor::Password)
    }

    /// The course after a challenge of the service's own was answered rightly: the functions will hear of it.
    pub(super) fn noting_answer(mut self, step: &Step<'_>) -> Self {
        if let (Some(custom), Some(challenge)) = (&mut self.custom, step.answers)
            && !custom.passed
        {
            custom.note(challenge.as_str(), true, None);
        }
        self
    }
}

/// Begins, with SRP where the parameters say so.
///
/// # Errors
/// [`Error::InvalidParameter`] in a pool without the triggers; what the functions give; else as every flow.
pub(super) async fn begin(step: &Step<'_>) -> Result<Outcome, Error> {
    define::function(step)?;
    let login = step.username()?;
    let with_srp = step.parameters.get("CHALLENGE_NAME") == Some("SRP_A");
    if with_srp {
        srp::public_value(step)?;
    }
    let user = find(step, login).await?;
    if let Some(user) = &user
        && !step.hides_unknown_users()
        && !with_srp
    {
        check_confirmed(user)?;
    }
    let course = Course {
        device_key: step.parameters.get("DEVICE_KEY").map(str::to_owned),
        custom: Some(if with_srp {
            Custom::after_srp_a()
        } else {
            Custom::default()
        }),
        ..Course::default()
    };
    go_on(step, course, Person { login, user }).await
}

/// Takes the answer to `CUSTOM_CHALLENGE`.
pub(super) async fn answer(step: &Step<'_>) -> Result<Outcome, Error> {
    step.username()?;
    let answer = ChallengeAnswer::new(step.parameters.required("ANSWER")?);
    let (session, person) = session::open_first(step).await?;
    let Asked::CustomChallenge { private, metadata } = &session.asked else {
        return Err(Error::not_authorized(text::SESSION_INVALID));
    };
    let person = spend(step, &session, person).await?;
    let is_right = verify::judge(step, &person, private, answer).await?;
    let mut course = session.course.clone();
    if let Some(custom) = &mut course.custom {
        custom.note(
            ChallengeName::CustomChallenge.as_str(),
            is_right,
            metadata.clone(),
        );
    }
    go_on(step, course, person).await
}

/// Asks for what the function defines next, or lets the user in.
pub(super) async fn go_on(step: &Step<'_>, course: Course, person: Person<'_>) -> Result<Outcome, Error> {
    let incorrect = || Error::not_authorized(text::INCORRECT);
    let results = course.custom.as_ref().map(|custom| custom.results.as_slice());
    let results = results.unwrap_or_default();
    let may_begin_with_password = matches!(results, [only] if only.challenge_name == "SRP_A");
    match define::decide(step, &person, results).await? {
        Decision::Fail => Err(incorrect()),
        Decision::IssueTokens => match person.user {
            Some(user) => let_in(step, course, user).await,
            None => Err(incorrect()),
        },
        Decision::Challenge(name) => match name.as_str() {
            "CUSTOM_CHALLENGE" => create::pose(step, course, &person).await,
            "PASSWORD_VERIFIER" if may_begin_with_password && step.answers.is_none() => {
                let srp_a = srp::public_value(step)?;
                srp::pose_in_custom(step, srp_a, person.login, person.user)
            }
            other => {
                let method = MfaMethod::ALL.into_iter().find(|method| method.as_str() == other);
                let method =
                    method.ok_or_else(|| Error::InvalidLambdaResponse(text::LAMBDA_UNRECOGNIZABLE.into()))?;
                let user = person.user.filter(|user| can_give(user, method));
                let user = user.ok_or_else(incorrect)?;
                let challenge = second_factor::ask_for(step, course, &user, method).await?;
                Ok(Outcome::Challenge(challenge))
            }
        },
    }
}

/// The functions are content.
async fn let_in(step: &Step<'_>, mut course: Course, user: User) -> Result<Outcome, Error> {
    check_confirmed(&user)?;
    course.first_factor.get_or_insert(FirstFactor::Custom);
    if let Some(custom) = &mut course.custom {
        custom.passed = true;
    }
    Box::pin(next(step, course, user)).await
}

/// Who has not confirmed the sign-up is told so: at once where nothing is hidden, else after all proofs.
fn check_confirmed(user: &User) -> Result<(), Error> {
    if user.status == UserStatus::Unconfirmed {
        return Err(Error::UserNotConfirmed(text::USER_NOT_CONFIRMED.into()));
    }
    Ok(())
}

/// Uses the session up before the answer is looked at: of many answers at once one is judged.
async fn spend<'p>(step: &Step<'_>, session: &Session, person: Person<'p>) -> Result<Person<'p>, Error> {
    let Some(user) = person.user else {
        session.spend_pretence(step, person.login).await?;
        return Ok(person);
    };
    let user = standing(step.subject, user)?;
    let now = step.service.now();
    let user = update_user(step.service, step.pool(), user, |user| {
        if !user.enabled {
            return Err(Error::not_authorized(text::USER_DISABLED));
        }
        session.spend(user, now)
    })
    .await?;
    Ok(Person {
        user: Some(user),
        ..person
    })
}

/// The name that events and clients get for a person.
fn user_name(step: &Step<'_>, person: &Person<'_>) -> String {
    match &person.user {
        Some(user) => user.username.to_string(),
        None => pretence::user_id(step.service, step.pool(), person.login),
    }
}

/// `userNotFound`, which is in the events of app clients that hide unknown users.
fn user_not_found(step: &Step<'_>, person: &Person<'_>) -> Option<bool> {
    step.hides_unknown_users().then_some(person.user.is_none())
}

/// `userAttributes`; nobody has none.
fn user_attributes(person: &Person<'_>) -> trigger::Attributes {
    person
        .user
        .as_ref()
        .map_or_else(trigger::Attributes::new, crate::triggers::user_attributes)
}
