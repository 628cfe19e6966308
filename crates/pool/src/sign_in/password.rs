//! The flows in which the password itself reaches the pool: the only sign-ins that can move a user in.

use trigger::Password;

use super::attempt::{credential_matches, is_hidden, standing};
use super::challenge::Outcome;
use super::next::next;
use super::step::{Course, Step};
use crate::error::{Error, text};
use crate::service::Service;
use crate::subject::Subject;
use crate::user::{User, UserStatus, spend_the_work};
use crate::user_migration::{self, Migrated};

/// `USER_PASSWORD_AUTH`, `ADMIN_USER_PASSWORD_AUTH`, `ADMIN_NO_SRP_AUTH`.
pub(super) async fn sign_in(step: &Step<'_>) -> Result<Outcome, Error> {
    let (service, subject, pool) = (step.service, step.subject, step.pool());
    let username = step.username()?;
    let password = Password::new(step.parameters.required("PASSWORD")?);
    let known = service
        .store()
        .find_user(&pool.id, &pool.case().login_key(username))
        .await?;
    let user = match known {
        Some(user) => prove(service, subject, user, &password).await?,
        None => match user_migration::at_sign_in(service, subject, username, &password, step.caller).await? {
            Migrated::Nobody => return Err(unknown(subject, username, &password)),
            Migrated::Here(user) => standing(subject, user)?,
            Migrated::Elsewhere(user) => prove(service, subject, user, &password).await?,
        },
    };
    next(step, Course::after_password(step), user).await
}

/// The answer for somebody who does not exist. A client that hides it gets the answer for a wrong password, after
/// the same work.
fn unknown(subject: &Subject, username: &str, password: &Password) -> Error {
    if subject.client.client.hides_unknown_users() {
        spend_the_work(&subject.pool.pool, username, password);
        Error::not_authorized(text::INCORRECT)
    } else {
        Error::UserNotFound(text::USER_UNKNOWN.into())
    }
}

/// Checks the password of a user. A wrong one is remembered; a right one clears what was.
async fn prove(service: &Service, subject: &Subject, user: User, password: &Password) -> Result<User, Error> {
    if is_hidden(subject, &user) {
        spend_the_work(&subject.pool.pool, user.username.as_str(), password);
    }
    let user = standing(subject, user)?;
    let user = credential_matches(service, subject, user, password).await?;
    if user.status == UserStatus::Unconfirmed {
        return Err(Error::UserNotConfirmed(text::USER_NOT_CONFIRMED.into()));
    }
    Ok(user)
}
