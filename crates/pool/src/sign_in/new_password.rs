//! `NEW_PASSWORD_REQUIRED`: a temporary password was right, now the user chooses one.
//!
//! Source: the real service for names and empty forms; API reference for the contents.

use serde_json::{Map, Value};
use trigger::Password;

use super::challenge::{Challenge, ChallengeName, Outcome};
use super::next::next;
use super::session::{self, Asked};
use super::step::{Course, Step};
use crate::error::{Error, text};
use crate::mfa;
use crate::ports::Medium;
use crate::subject::Subject;
use crate::time::Span;
use crate::user::{Credential, User, UserStatus, update_user};
use crate::user_pool::UserPool;
use crate::user_pool::password_policy::Operation;

/// Poses the challenge, unless the temporary password is too old.
pub(super) fn ask(step: &Step<'_>, course: Course, user: &User) -> Result<Challenge, Error> {
    let pool = step.pool();
    let life = Span::days(i64::from(
        pool.settings.password_policy.temporary_password_validity_days,
    ));
    let set_at = user
        .credential
        .as_ref()
        .map_or(user.created_at, |credential| credential.set_at);
    if life != Span::default() && step.service.now() >= set_at.plus(life) {
        return Err(Error::not_authorized(text::TEMPORARY_PASSWORD_EXPIRED));
    }
    let attributes: Map<String, Value> = user
        .attributes
        .iter()
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect();
    let missing: Vec<Value> = missing_attributes(pool, user)
        .map(|name| format!("userAttributes.{name}").into())
        .collect();
    Ok(Challenge {
        name: ChallengeName::NewPasswordRequired,
        parameters: vec![
            ("USER_ID_FOR_SRP", user.username.to_string()),
            ("requiredAttributes", Value::Array(missing).to_string()),
            ("userAttributes", Value::Object(attributes).to_string()),
        ],
        session: Some(session::seal(step, course, user, Asked::NewPassword)?),
    })
}

/// Takes the new password and the attributes that were asked for. A password that breaks the policy leaves the session
/// as it was.
pub(super) async fn answer(step: &Step<'_>) -> Result<Outcome, Error> {
    let (service, subject, answers) = (step.service, step.subject, step.parameters);
    step.username()?;
    let password = Password::new(answers.required("NEW_PASSWORD")?);
    let (session, user) = session::open(step).await?;
    if !matches!(session.asked, Asked::NewPassword) || user.status != UserStatus::ForceChangePassword {
        return Err(Error::not_authorized(text::SESSION_INVALID));
    }
    let pool = &subject.pool.pool;
    let given: Vec<(&str, &str)> = answers.with_prefix("userAttributes.").collect();
    let attributes = answered_attributes(subject, &user, &given)?;
    pool.settings
        .password_policy
        .check(&password, Operation::NewPasswordRequired)?;
    user.check_history(service, pool, &password)?;
    let credential = Credential::new(service, pool, &user.username, &password, user.credential.as_ref())?;
    let generation = user.credential.as_ref().map(|credential| credential.generation);
    let now = service.now();
    let user = update_user(service, pool, user, |user| {
        // Another answer to the same session may have come first.
        if user.credential.as_ref().map(|credential| credential.generation) != generation {
            return Err(Error::not_authorized(text::SESSION_USED));
        }
        session.spend(user, now)?;
        user.credential = Some(credential.clone());
        user.status = UserStatus::Confirmed;
        user.attributes.clone_from(&attributes);
        user.lockout = crate::user::Lockout::default();
        user.modified_at = now;
        Ok(())
    })
    .await?;
    let course = Course {
        chose_password: true,
        ..session.course
    };
    next(step, course, user).await
}

/// Required attributes that the user lacks.
fn missing_attributes<'p>(pool: &'p UserPool, user: &'p User) -> impl Iterator<Item = &'p str> {
    pool.schema
        .0
        .iter()
        .filter(|attribute| attribute.required && attribute.name != "sub")
        .map(|attribute| attribute.name.as_str())
        .filter(|name| user.attributes.get(name).is_none_or(str::is_empty))
}

/// The user's attributes with those of the answer. An answer may not change a required attribute that has a value, nor the
/// number or address of a second factor.
fn answered_attributes(
    subject: &Subject,
    user: &User,
    given: &[(&str, &str)],
) -> Result<crate::attribute::Attributes, Error> {
    let pool = &subject.pool.pool;
    for (name, value) in given {
        let provided = user
            .attributes
            .get(name)
            .is_some_and(|current| !current.is_empty() && current != *value);
        // Where the second factor goes is not changed by somebody who has only a temporary password.
        let is_factor = [Medium::Sms, Medium::Email]
            .into_iter()
            .any(|medium| *name == medium.attribute() && mfa::is_second_factor(pool, user, medium));
        let is_required = pool.schema.get(name).is_some_and(|attribute| attribute.required);
        if provided && (is_required || is_factor) {
            return Err(Error::InvalidParameter(text::already_provided(name)));
        }
    }
    let attributes =
        crate::user::attributes_written_by_user(subject.client.client.as_writer(), pool, user, given)?;
    let complete = User {
        attributes: attributes.clone(),
        ..user.clone()
    };
    if let Some(name) = missing_attributes(pool, &complete).next() {
        return Err(Error::InvalidParameter(text::required_attribute_missing(name)));
    }
    Ok(attributes)
}
