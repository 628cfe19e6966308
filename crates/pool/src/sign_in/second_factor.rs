//! The proof that follows the first one: which is asked for, and how an answer counts.

use serde_json::Value;

use super::challenge::{Challenge, ChallengeName, Outcome};
use super::next::next;
use super::session::{self, Asked, Session};
use super::step::{Course, Step};
use super::{mfa_code, mfa_setup, software_token_mfa};
use crate::error::{Error, text};
use crate::mfa::{self, Due};
use crate::ports::Medium;
use crate::user::{Lockout, MfaMethod, User, update_user};

/// The challenge for the second factor, if one is due.
pub(super) async fn ask(step: &Step<'_>, course: &Course, user: &User) -> Result<Option<Challenge>, Error> {
    if course.second_factor || course.is_without_password() {
        return Ok(None);
    }
    let course = course.clone();
    let challenge = match mfa::due(step.pool(), user) {
        Due::Nothing => return Ok(None),
        Due::Factor(method) => ask_for(step, course, user, method).await?,
        Due::Choice(methods) => select(step, course, user, &methods)?,
        Due::SetUp(methods) => mfa_setup::ask(step, course, user, &methods)?,
    };
    Ok(Some(challenge))
}

/// Asks for this factor.
pub(super) async fn ask_for(
    step: &Step<'_>,
    course: Course,
    user: &User,
    method: MfaMethod,
) -> Result<Challenge, Error> {
    match method {
        MfaMethod::SmsMfa => mfa_code::ask(step, course, user, Medium::Sms).await,
        MfaMethod::EmailOtp => mfa_code::ask(step, course, user, Medium::Email).await,
        MfaMethod::SoftwareTokenMfa => software_token_mfa::ask(step, course, user),
    }
}

/// `SELECT_MFA_TYPE`: several factors are on, and none is preferred.
fn select(step: &Step<'_>, course: Course, user: &User, methods: &[MfaMethod]) -> Result<Challenge, Error> {
    Ok(Challenge {
        name: ChallengeName::SelectMfaType,
        parameters: vec![
            ("MFAS_CAN_CHOOSE", names(methods)),
            ("USER_ID_FOR_SRP", user.username.to_string()),
        ],
        session: Some(session::seal(step, course, user, Asked::MfaType)?),
    })
}

/// Takes the choice. E-mail goes by two names: the API reference of the answer has one, that of the list the other.
pub(super) async fn answer_select(step: &Step<'_>) -> Result<Outcome, Error> {
    step.username()?;
    let answer = step.parameters.required("ANSWER")?;
    let (session, user) = session::open(step).await?;
    let (Asked::MfaType, Due::Choice(methods)) = (&session.asked, mfa::due(step.pool(), &user)) else {
        return Err(Error::not_authorized(text::SESSION_INVALID));
    };
    let chosen = methods
        .into_iter()
        .find(|method| method.as_str() == answer || *method == MfaMethod::EmailOtp && answer == "EMAIL_MFA");
    let method = chosen.ok_or_else(|| Error::invalid_parameter(text::NO_SUCH_MFA_TYPE))?;
    ask_for(step, session.course, &user, method)
        .await
        .map(Outcome::Challenge)
}

/// Factors as the parameters of challenges list them: the text of a JSON array.
pub(super) fn names(methods: &[MfaMethod]) -> String {
    let names = methods.iter().map(|method| Value::from(method.as_str()));
    Value::Array(names.collect()).to_string()
}

/// What an answer is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It proves the factor.
    Right,
    /// It proves nothing and counts against the user.
    Wrong,
}

/// Judges the answer to a second factor under the lock that wrong ones bring, and goes on after a right one, which uses the
/// session up. The lock grows as that of passwords does, but unseen: while it lasts every answer is wrong (no other one was
/// ever observed). `proves` is asked again of the state that is written; what it changes of the user is kept for a right
/// answer alone.
pub(super) async fn judge(
    step: &Step<'_>,
    session: Session,
    user: User,
    wrong: fn() -> Error,
    proves: impl Fn(&mut User) -> Result<Answer, Error> + Send + Sync,
) -> Result<Outcome, Error> {
    let (service, pool, now) = (step.service, step.pool(), step.service.now());
    if user.second_factor.lockout.is_locked(now) {
        return Err(wrong());
    }
    if proves(&mut user.clone())? == Answer::Wrong {
        update_user(service, pool, user, |user| {
            // Of many tries at once those that come after the lock do not count, and learn nothing.
            if user.second_factor.lockout.is_locked(now) {
                return Err(wrong());
            }
            user.second_factor.lockout = user.second_factor.lockout.after_failure(now);
            Ok(())
        })
        .await?;
        return Err(wrong());
    }
    let user = update_user(service, pool, user, |user| {
        // Wrong ones sent at the same time count before the right one does.
        if user.second_factor.lockout.is_locked(now) || proves(user)? == Answer::Wrong {
            return Err(wrong());
        }
        session.spend(user, now)?;
        user.second_factor.lockout = Lockout::default();
        Ok(())
    })
    .await?;
    let course = Course {
        second_factor: true,
        ..session.course
    };
    next(step, course, user).await
}
