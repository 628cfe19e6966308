//! Somebody forgot the password, was made a user for that, and never finished: the password in the old directory still signs
//! them in.
//!
//! Cognito asks its trigger about names that lead to nobody, and never again (*Importing users with a user migration Lambda
//! trigger*), so a person who asks for a code and then remembers the password is shut out. Chosen: until a password is set
//! here, by code or by an administrator, the function is asked with each password that is tried, and its yes brings the user
//! up to date as if they moved in now. Its no, and an answer that does not fit, leave a user whose reset is due. A pool may
//! keep to Cognito's way ([`UserPool::migrate_unknown_users_only`]).

use trigger::migrate_user::{self, FinalUserStatus};

use super::{Asked, Failure, Migrated, sms_mfa_enabled, without_username};
use crate::attribute::Attributes;
use crate::error::{Error, text};
use crate::service::Service;
use crate::telemetry::Stopwatch;
use crate::user::{
    Lockout, MfaPreference, User, UserStatus, attributes_anew, credential, update_user_and_aliases,
};
use crate::user_pool::UserPool;

/// Asks the function about a user who signs in with a password, if the old directory still has it. Of any other user nothing
/// is asked. *Pre sign-up* is not asked again and no welcome goes out: the user is there.
///
/// # Errors
/// A function that gave no usable answer is [`Error::UnexpectedLambda`] or [`Error::InvalidLambdaResponse`], the user being as
/// before.
pub(crate) async fn again_at_sign_in(
    service: &Service,
    asked: Asked<'_>,
    user: User,
) -> Result<Migrated, Error> {
    if !has_not_finished(asked.pool(), &user) {
        return Ok(Migrated::Elsewhere(user));
    }
    let since = Stopwatch::start();
    let outcome = match asked.ask(service).await {
        None => return Ok(Migrated::Elsewhere(user)),
        Some(Ok(response)) => bring_up_to_date(service, asked, user, response).await,
        Some(Err(failure)) => Err(failure),
    };
    asked.count(service, name(&outcome), since);
    let failure = match outcome {
        Ok(user) if user.credential.is_some() => return Ok(Migrated::Here(user)),
        Ok(user) => return Ok(Migrated::Elsewhere(user)),
        Err(failure) => failure,
    };
    // Another call may have finished what this one could not.
    match (asked.find_again(service).await?, failure) {
        (Some(user), Failure::Broken(error)) if has_not_finished(asked.pool(), &user) => Err(error),
        (Some(user), _) => Ok(Migrated::Elsewhere(user)),
        (None, _) => Ok(Migrated::Nobody),
    }
}

/// Asks the function about a user who forgot the password once more, so that the code goes where they can be reached now. When
/// it says nothing of use the code goes where the pool has it (chosen: an old directory that is gone or slow ends no reset that
/// it has nothing to do with any more). `None` when the user has gone.
///
/// # Errors
/// When the store does not answer.
pub(crate) async fn again_at_forgot_password(
    service: &Service,
    asked: Asked<'_>,
    user: User,
) -> Result<Option<User>, Error> {
    if !has_not_finished(asked.pool(), &user) {
        return Ok(Some(user));
    }
    let since = Stopwatch::start();
    let outcome = match asked.ask(service).await {
        None => return asked.find_again(service).await,
        Some(Ok(response)) => bring_up_to_date(service, asked, user, response).await,
        Some(Err(failure)) => Err(failure),
    };
    asked.count(service, name(&outcome), since);
    match outcome {
        Ok(user) => Ok(Some(user)),
        Err(_as_it_was) => asked.find_again(service).await,
    }
}

/// What is counted. One who has a password afterwards has moved; one who has none is up to date.
fn name(outcome: &Result<User, Failure>) -> &'static str {
    match outcome {
        Ok(user) if user.credential.is_some() => "moved",
        Ok(_) => "updated",
        Err(failure) => failure.name(),
    }
}

/// Whether a password of the user is in the old directory alone. One whom the function made `CONFIRMED` without a password is
/// no better off than one whose reset is due.
pub(super) fn has_not_finished(pool: &UserPool, user: &User) -> bool {
    user.migratable
        && user.enabled
        && user.credential.is_none()
        && matches!(user.status, UserStatus::ResetRequired | UserStatus::Confirmed)
        && !pool.migrate_unknown_users_only
}

/// Gives the user what the function says of them, in one commit: attributes and, if it accepts the password, that. What it
/// does not name stays. Writes nothing when nothing is new.
async fn bring_up_to_date(
    service: &Service,
    asked: Asked<'_>,
    user: User,
    response: migrate_user::Response,
) -> Result<User, Failure> {
    let pool = asked.pool();
    let sms_mfa = sms_mfa_enabled(pool, &response)?;
    let Some(given) = response.user_attributes else {
        return Err(Failure::NoSuchUser);
    };
    let anew = |user: &User| -> Result<Attributes, Error> {
        attributes_anew(
            pool,
            user,
            asked.login,
            given.get("username"),
            &without_username(&given),
        )
    };
    let accepted = response.final_user_status == Some(FinalUserStatus::Confirmed);
    let password = asked.password.filter(|_| accepted);
    let unchanged = anew(&user).map_err(Failure::to_store)? == user.attributes;
    if password.is_none() && unchanged {
        return Ok(user);
    }
    let credential = credential(service, pool, &user, password).map_err(Failure::to_store)?;
    let force_alias_creation = response.force_alias_creation == Some(true);
    let now = service.now();
    update_user_and_aliases(service, pool, user, force_alias_creation, |user| {
        if !has_not_finished(pool, user) {
            // What was set here meanwhile counts.
            return Err(Error::not_authorized(text::INCORRECT));
        }
        user.attributes = anew(user)?;
        if sms_mfa {
            user.mfa = MfaPreference::sms(true);
        }
        if let Some(credential) = &credential {
            user.credential = Some(credential.clone());
            user.status = UserStatus::Confirmed;
            user.migratable = false;
            user.lockout = Lockout::default();
        }
        user.modified_at = now;
        Ok(())
    })
    .await
    .map_err(Failure::to_store)
}
