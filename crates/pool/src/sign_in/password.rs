//! The flows in which the password itself reaches the pool: the only sign-ins that can move a user in.

use trigger::Password;

use super::app_client::{self, Subject};
use super::challenge::Outcome;
use super::{InitiateAuth, admit, new_password, sms_mfa};
use crate::error::{Error, text};
use crate::service::Service;
use crate::user::{User, UserStatus, spend_the_work, update_user};
use crate::user_migration::{self, Migrated};

/// `USER_PASSWORD_AUTH`, `ADMIN_USER_PASSWORD_AUTH`, `ADMIN_NO_SRP_AUTH`.
pub(super) async fn sign_in(
    service: &Service,
    subject: &Subject,
    request: &InitiateAuth,
) -> Result<Outcome, Error> {
    let username = app_client::username(&subject.client, &request.parameters)?;
    let password = Password::new(request.parameters.required("PASSWORD")?);
    let pool = &subject.pool.pool;
    let known = service
        .store()
        .find_user(&pool.id, &pool.case().login_key(username))
        .await?;
    let user = match known {
        Some(user) => prove(service, subject, user, &password).await?,
        None => {
            match user_migration::at_sign_in(service, subject, username, &password, &request.caller).await? {
                Migrated::Nobody => return Err(unknown(subject, username, &password)),
                Migrated::Here(user) => standing(subject, user)?,
                Migrated::Elsewhere(user) => prove(service, subject, user, &password).await?,
            }
        }
    };
    after_password(service, subject, user).await
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
    let user = standing(subject, user)?;
    let user = credential_matches(service, subject, user, password).await?;
    if user.status == UserStatus::Unconfirmed {
        return Err(Error::UserNotConfirmed(text::USER_NOT_CONFIRMED.into()));
    }
    Ok(user)
}

/// What keeps a user out whatever the password: disabled, or a reset that is due. The reset is hidden where unknown
/// users are.
pub(super) fn standing(subject: &Subject, user: User) -> Result<User, Error> {
    if !user.enabled {
        return Err(Error::not_authorized(text::USER_DISABLED));
    }
    if user.status == UserStatus::ResetRequired {
        return Err(if subject.client.client.hides_unknown_users() {
            Error::not_authorized(text::INCORRECT)
        } else {
            Error::PasswordResetRequired(text::RESET_REQUIRED.into())
        });
    }
    Ok(user)
}

/// Compares a password under the lock that wrong ones bring. Gives the user as stored afterwards.
///
/// # Errors
/// [`Error::NotAuthorized`]: locked for now, or wrong.
pub(crate) async fn credential_matches(
    service: &Service,
    subject: &Subject,
    user: User,
    password: &Password,
) -> Result<User, Error> {
    let pool = &subject.pool.pool;
    if user.lockout.is_locked(service.now()) {
        return Err(Error::not_authorized(text::ATTEMPTS_EXCEEDED));
    }
    let right = user.has_password(service, pool, password)?;
    outcome_of_try(service, subject, user, right).await
}

/// Remembers a wrong try, or forgives earlier ones after a right one; writes nothing when there is nothing to change.
pub(super) async fn outcome_of_try(
    service: &Service,
    subject: &Subject,
    user: User,
    right: bool,
) -> Result<User, Error> {
    let (pool, now) = (&subject.pool.pool, service.now());
    if right {
        if user.lockout.failures == 0 {
            return Ok(user);
        }
        return update_user(service, pool, user, |user| {
            user.lockout = crate::user::Lockout::default();
            Ok(())
        })
        .await;
    }
    update_user(service, pool, user, |user| {
        user.lockout = user.lockout.after_failure(now);
        Ok(())
    })
    .await?;
    Err(Error::not_authorized(text::INCORRECT))
}

/// What follows a right password: one more question, or tokens.
pub(super) async fn after_password(
    service: &Service,
    subject: &Subject,
    user: User,
) -> Result<Outcome, Error> {
    if user.status == UserStatus::ForceChangePassword {
        return new_password::ask(service, subject, &user).map(Outcome::Challenge);
    }
    if sms_mfa::is_due(&subject.pool.pool, &user) {
        return sms_mfa::ask(service, subject, &user)
            .await
            .map(Outcome::Challenge);
    }
    admit(service, subject, &user).map(Outcome::Tokens)
}
