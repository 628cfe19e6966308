//! One try of a password, by whatever flow: who may try at all, and what is remembered of the outcome.

use trigger::Password;

use super::pre_authentication;
use super::step::Step;
use crate::error::{Error, text};
use crate::pretence;
use crate::service::Service;
use crate::subject::Subject;
use crate::time::Time;
use crate::unknown_name::{self, UnknownName};
use crate::user::{Lockout, User, UserStatus, update_user};

/// The user whom a name signs in, if nothing keeps them out, the *pre authentication* trigger included; nobody where the client
/// is not to learn that there is none.
pub(super) async fn find(step: &Step<'_>, login: &str) -> Result<Option<User>, Error> {
    find_for(step, login, Then::Answer).await
}

/// The same where a password is tried next.
pub(super) async fn find_to_try(step: &Step<'_>, login: &str) -> Result<Option<User>, Error> {
    find_for(step, login, Then::Try).await
}

/// What follows when nobody is found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    /// A question is put to them.
    Answer,
    /// A try, which looks up by itself what is remembered of the name.
    Try,
}

async fn find_for(step: &Step<'_>, login: &str, then: Then) -> Result<Option<User>, Error> {
    let (subject, pool) = (step.subject, step.pool());
    let store = step.service.store();
    match store.find_user(&pool.id, &pool.case().login_key(login)).await? {
        Some(user) if is_hidden(subject, &user) => {
            pre_authentication::fire(step, &user).await?;
            Ok(None)
        }
        Some(user) => {
            let user = standing(subject, user)?;
            pre_authentication::fire(step, &user).await?;
            Ok(Some(user))
        }
        None if step.hides_unknown_users() => {
            // Finding somebody is a second look-up, and a record to read.
            if then == Then::Answer {
                unknown_name::find(step.service, pool, login).await?;
            }
            pretence::read_nobody();
            pre_authentication::fire_for_nobody(step, login).await?;
            Ok(None)
        }
        None => Err(Error::UserNotFound(text::USER_UNKNOWN.into())),
    }
}

/// What keeps a user out whatever the password: disabled, or a reset that is due. The reset is hidden where unknown
/// users are.
pub(super) fn standing(subject: &Subject, user: User) -> Result<User, Error> {
    if !user.enabled {
        return Err(Error::not_authorized(text::USER_DISABLED));
    }
    if user.status == UserStatus::ResetRequired {
        return Err(if is_hidden(subject, &user) {
            Error::not_authorized(text::INCORRECT)
        } else {
            Error::PasswordResetRequired(text::RESET_REQUIRED.into())
        });
    }
    Ok(user)
}

/// Whether the client is not to learn that this user is there: a reset is due, and unknown users are hidden.
pub(super) fn is_hidden(subject: &Subject, user: &User) -> bool {
    user.enabled && user.status == UserStatus::ResetRequired && subject.client.client.hides_unknown_users()
}

/// Compares a password under the lock that wrong ones bring. Gives the user as stored afterwards.
///
/// # Errors
/// [`Error::NotAuthorized`]: locked for now, or wrong.
pub(super) async fn credential_matches(
    service: &Service,
    subject: &Subject,
    user: User,
    password: &Password,
) -> Result<User, Error> {
    credential_matches_or(service, subject, user, password, |_| Ok(())).await
}

/// The same, with something more to remember of a wrong password.
///
/// # Errors
/// Those of [`credential_matches`] and of `on_wrong`, which says so when the user as stored by then may not even try.
pub(crate) async fn credential_matches_or(
    service: &Service,
    subject: &Subject,
    user: User,
    password: &Password,
    on_wrong: impl FnMut(&mut User) -> Result<(), Error> + Send,
) -> Result<User, Error> {
    check_lock(service, &user, service.now())?;
    if user.has_password(service, &subject.pool.pool, password)? {
        right_try(service, subject, user).await
    } else {
        wrong_try(service, subject, user, on_wrong).await
    }
}

/// Remembers what became of a try that was judged elsewhere.
pub(super) async fn outcome_of_try(
    service: &Service,
    subject: &Subject,
    user: User,
    right: bool,
) -> Result<User, Error> {
    if right {
        right_try(service, subject, user).await
    } else {
        wrong_try(service, subject, user, |_| Ok(())).await
    }
}

/// Forgives earlier wrong tries; writes nothing when there are none. A store that cannot take it down keeps nobody out.
async fn right_try(service: &Service, subject: &Subject, mut user: User) -> Result<User, Error> {
    let now = service.now();
    if user.lockout.failures > 0 {
        let forgiven = update_user(service, &subject.pool.pool, user.clone(), |user| {
            check_lock(service, user, now)?;
            user.lockout = Lockout::default();
            Ok(())
        });
        match forgiven.await {
            Ok(forgiven) => user = forgiven,
            // Wrong ones sent at the same time were counted here.
            Err(error) if error.is_passing() => check_lock(service, &user, now)?,
            Err(error) => return Err(error),
        }
    }
    service.uncounted.forget(&user.sub);
    Ok(user)
}

/// Remembers a wrong try, here when the store cannot. Of many tries at once those that come after the lock do not count, and
/// learn nothing.
async fn wrong_try(
    service: &Service,
    subject: &Subject,
    user: User,
    mut on_wrong: impl FnMut(&mut User) -> Result<(), Error> + Send,
) -> Result<User, Error> {
    let now = service.now();
    let counted = update_user(service, &subject.pool.pool, user.clone(), |user| {
        check_lock(service, user, now)?;
        on_wrong(user)?;
        user.lockout = service.uncounted.lockout(&*user).after_failure(now);
        Ok(())
    });
    match counted.await {
        Ok(_) => service.uncounted.forget(&user.sub),
        Err(error) if error.is_passing() => {
            tracing::warn!(user.sub = %user.sub, %error, "a wrong password is counted in memory alone");
            if !service.uncounted.count(&user, now) {
                return Err(Error::not_authorized(text::ATTEMPTS_EXCEEDED));
            }
        }
        Err(error) => return Err(error),
    }
    Err(Error::not_authorized(text::INCORRECT))
}

/// One try at a name that leads to nobody the client may know of: the lock, the work and the count of a user's wrong try.
///
/// # Errors
/// Always [`Error::NotAuthorized`] as for a user's wrong password, unless the store fails.
pub(super) async fn try_of_nobody<T>(
    step: &Step<'_>,
    login: &str,
    work: impl FnOnce() + Send,
) -> Result<T, Error> {
    let name = unknown_name::find(step.service, step.pool(), login).await?;
    let uncounted = &step.service.uncounted;
    let counts = match count(step, name.clone(), work).await {
        Err(error) if error.is_passing() => {
            tracing::warn!(user.sub = %name.sub, %error, "a wrong password is counted in memory alone");
            uncounted.count(&name, step.service.now())
        }
        Ok(true) => {
            uncounted.forget(&name.sub);
            true
        }
        other => other?,
    };
    Err(Error::not_authorized(if counts {
        text::INCORRECT
    } else {
        text::ATTEMPTS_EXCEEDED
    }))
}

/// The same for what is told otherwise; gives whether the try counted. While the lock lasts none does.
pub(super) async fn count_try_of_nobody(
    step: &Step<'_>,
    login: &str,
    work: impl FnOnce() + Send,
) -> Result<bool, Error> {
    let name = unknown_name::find(step.service, step.pool(), login).await?;
    count(step, name, work).await
}

async fn count(step: &Step<'_>, name: UnknownName, work: impl FnOnce() + Send) -> Result<bool, Error> {
    let (service, now) = (step.service, step.service.now());
    if service.uncounted.lockout(&name).is_locked(now) {
        return Ok(false);
    }
    work();
    let mut counted = true;
    unknown_name::update(service, name, |name| {
        let lockout = service.uncounted.lockout(&*name);
        counted = !lockout.is_locked(now);
        if counted {
            name.lockout = lockout.after_failure(now);
        }
        Ok(())
    })
    .await?;
    Ok(counted)
}

fn check_lock(service: &Service, user: &User, now: Time) -> Result<(), Error> {
    if is_locked(service, user, now) {
        return Err(Error::not_authorized(text::ATTEMPTS_EXCEEDED));
    }
    Ok(())
}

/// Whether a try is turned away unseen, by what the store counts or by what is counted here.
pub(super) fn is_locked(service: &Service, user: &User, now: Time) -> bool {
    service.uncounted.lockout(user).is_locked(now)
}
