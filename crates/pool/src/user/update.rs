//! Changing a user who others may be changing at the same time.

use super::User;
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
    mut user: User,
    mut change: C,
) -> Result<User, Error>
where
    C: FnMut(&mut User) -> Result<(), Error> + Send,
{
    let mut attempt = 0;
    loop {
        attempt += 1;
        let before = user.logins(pool);
        change(&mut user)?;
        let after = user.logins(pool);
        let logins = (before != after).then_some(after);
        match service
            .commit(vec![Change::ReplaceUser {
                user: Box::new(user.clone()),
                logins,
            }])
            .await
        {
            Ok(()) => {
                user.version += 1;
                return Ok(user);
            }
            Err(StoreError::Conflict(Conflict::Changed)) if attempt < ATTEMPTS => {
                user = get_again(service, &pool.id, &user.sub).await?;
            }
            Err(StoreError::Conflict(Conflict::LoginTaken(_))) => {
                return Err(Error::AliasExists(text::ALIAS_EXISTS.into()));
            }
            Err(other) => return Err(other.into()),
        }
    }
}

/// The newer state of a user whom somebody else has changed.
///
/// # Errors
/// [`Error::UserNotFound`] when that change was the deletion.
pub(crate) async fn get_again(service: &Service, pool: &UserPoolId, sub: &Sub) -> Result<User, Error> {
    let found = service.store().find_user_by_sub(pool, sub).await?;
    found.ok_or_else(|| Error::UserNotFound(text::USER_UNKNOWN.into()))
}
