//! The flows in which the password itself reaches the pool: the only sign-ins that can move a user in.

use trigger::Password;

use super::attempt::{credential_matches, is_hidden, standing, try_of_nobody};
use super::challenge::Outcome;
use super::next::next;
use super::pre_authentication;
use super::step::{Course, Step};
use crate::error::{Error, text};
use crate::pretence;
use crate::telemetry;
use crate::user::{User, UserStatus, spend_the_work};
use crate::user_migration::{self, Asked, Migrated};

/// What a step counts as in which the migration function is asked: it takes as long as the old directory does.
const MIGRATION: &str = "migration";

/// `USER_PASSWORD_AUTH`, `ADMIN_USER_PASSWORD_AUTH`, `ADMIN_NO_SRP_AUTH`.
pub(super) async fn sign_in(step: &Step<'_>, counted: &mut telemetry::Step) -> Result<Outcome, Error> {
    let (service, subject, pool) = (step.service, step.subject, step.pool());
    let username = step.username()?;
    let password = Password::new(step.parameters.required("PASSWORD")?);
    let known = service
        .store()
        .find_user(&pool.id, &pool.case().login_key(username))
        .await?;
    let asked = Asked {
        subject,
        login: username,
        password: Some(&password),
        caller: step.opening,
    };
    if user_migration::is_asked(pool, known.as_ref()) {
        counted.name = MIGRATION;
    }
    let migrated = match known {
        Some(user) => user_migration::again_at_sign_in(service, asked, user).await?,
        None => user_migration::at_sign_in(service, asked).await?,
    };
    let user = match migrated {
        Migrated::Nobody => return unknown(step, username, &password).await,
        Migrated::Here(user) if is_to_reset_on_page(step, &user) => {
            return Err(Error::PasswordResetRequired(text::RESET_REQUIRED.into()));
        }
        Migrated::Here(user) => admit(step, user).await?,
        Migrated::Elsewhere(user) => prove(step, user, &password).await?,
    };
    next(step, Course::after_password(step), user).await
}

/// The password as the first factor of `USER_AUTH`: of a user who may try, or of nobody. Nobody moves in here.
pub(super) async fn sign_in_known(
    step: &Step<'_>,
    login: &str,
    user: Option<User>,
) -> Result<Outcome, Error> {
    let password = Password::new(step.parameters.required("PASSWORD")?);
    let Some(user) = user else {
        return try_of_nobody(step, login, || spend_the_work(step.pool(), login, &password)).await;
    };
    let user = compare(step, user, &password).await?;
    next(step, Course::after_password(step), user).await
}

/// The answer for somebody who does not exist. A client that hides it gets the answer for a wrong password, after
/// the same work.
async fn unknown(step: &Step<'_>, username: &str, password: &Password) -> Result<Outcome, Error> {
    if !step.hides_unknown_users() {
        return Err(Error::UserNotFound(text::USER_UNKNOWN.into()));
    }
    pretence::read_nobody();
    pre_authentication::fire_for_nobody(step, username).await?;
    try_of_nobody(step, username, || spend_the_work(step.pool(), username, password)).await
}

/// Whether the function has just moved somebody in whose password was right and is to be chosen anew. A page goes on with that
/// even where unknown users are hidden: it tells nobody else that the user is there.
fn is_to_reset_on_page(step: &Step<'_>, user: &User) -> bool {
    step.is_on_page() && user.enabled && user.status == UserStatus::ResetRequired
}

/// Whether the user may try at all: by their standing, and for the trigger.
async fn admit(step: &Step<'_>, user: User) -> Result<User, Error> {
    let user = standing(step.subject, user)?;
    pre_authentication::fire(step, &user).await?;
    Ok(user)
}

/// Checks the password of a user. A wrong one is remembered; a right one clears what was.
async fn prove(step: &Step<'_>, user: User, password: &Password) -> Result<User, Error> {
    if is_hidden(step.subject, &user) {
        pre_authentication::fire(step, &user).await?;
        let typed = step.username()?;
        return try_of_nobody(step, typed, || spend_the_work(step.pool(), typed, password)).await;
    }
    let user = admit(step, user).await?;
    compare(step, user, password).await
}

/// The same for a user who may try.
async fn compare(step: &Step<'_>, user: User, password: &Password) -> Result<User, Error> {
    let user = credential_matches(step.service, step.subject, user, password).await?;
    if user.status == UserStatus::Unconfirmed {
        return Err(Error::UserNotConfirmed(text::USER_NOT_CONFIRMED.into()));
    }
    Ok(user)
}
