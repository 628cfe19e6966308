//! Changing a user who others may be changing at the same time.

use super::User;
use super::alias::{is_the_name, take_over};
use crate::error::{Error, text};
use crate::id::{Sub, UserPoolId};
use crate::ports::{Change, Conflict, StoreError};
use crate::service::Service;
use crate::user_pool::UserPool;

/// How often a change is tried against a moving target. Each failure means that another change went through.
const ATTEMPTS: u32 = 100;

/// Applies `change` to `user` as read, and commits; when somebody was faster, applies it to the newer state. Names that
/// sign the user in follow from the attributes. Gives the user as committed.
///
/// # Errors
/// What `change` gives, nothing being written then; [`Error::UserNotFound`] when the user goes meanwhile;
/// [`Error::AliasExists`] when a new alias belongs to somebody else.
pub(crate) async fn update_user<C>(
    service: &Service,
    pool: &UserPool,
    user: User,
    change: C,
) -> Result<User, Error>
where
    C: FnMut(&mut User) -> Result<(), Error> + Send,
{
    update_user_and_aliases(service, pool, user, false, change).await
}

/// The same; with `force_alias_creation` an alias that belongs to somebody else is taken from them in the same commit.
///
/// # Errors
/// Those of [`update_user`].
pub(crate) async fn update_user_and_aliases<C>(
    service: &Service,
    pool: &UserPool,
    mut user: User,
    force_alias_creation: bool,
    mut change: C,
) -> Result<User, Error>
where
    C: FnMut(&mut User) -> Result<(), Error> + Send,
{
    let alias_exists = || Error::AliasExists(text::ALIAS_EXISTS.into());
    let mut losers: Vec<User> = Vec::new();
    let mut attempt = 0;
    loop {
        attempt += 1;
        let mut changed = user.clone();
        change(&mut changed)?;
        match service.commit(changes(pool, &user, &changed, &losers)).await {
            Ok(()) => {
                changed.version += 1;
                return Ok(changed);
            }
            Err(StoreError::Conflict(Conflict::Changed)) if attempt < ATTEMPTS => {
                losers.clear();
                user = get_again(service, &pool.id, &user.sub).await?;
            }
            Err(StoreError::Conflict(Conflict::LoginTaken(key))) => {
                if !force_alias_creation || attempt >= ATTEMPTS || is_the_name(pool, &changed, &key) {
                    return Err(alias_exists());
                }
                take_over(service, pool, &mut losers, &key).await?;
            }
            Err(other) => return Err(other.into()),
        }
    }
}

/// What is committed: the losers first, so that their aliases are free.
fn changes(pool: &UserPool, before: &User, after: &User, losers: &[User]) -> Vec<Change> {
    let replaced = |user: &User, logins| Change::ReplaceUser {
        user: Box::new(user.clone()),
        logins,
    };
    let mut changes: Vec<Change> = losers
        .iter()
        .map(|loser| replaced(loser, Some(loser.logins(pool))))
        .collect();
    let logins = after.logins(pool);
    changes.push(replaced(after, (before.logins(pool) != logins).then_some(logins)));
    changes
}

/// The newer state of a user whom somebody else has changed.
///
/// # Errors
/// [`Error::UserNotFound`] when that change was the deletion.
pub(crate) async fn get_again(service: &Service, pool: &UserPoolId, sub: &Sub) -> Result<User, Error> {
    let found = service.store().find_user_by_sub(pool, sub).await?;
    found.ok_or_else(|| Error::UserNotFound(text::USER_UNKNOWN.into()))
}
