//! The statements on logins: the names that sign a user in, each of one user in its pool.

use pool::id::{LoginKey, Sub, UserPoolId};
use pool::ports::{Conflict, StoreError};

use crate::session::Session;

/// Gives names to a user, in their order; the first that belongs to somebody else is the conflict.
pub(crate) async fn insert(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    sub: &Sub,
    logins: &[LoginKey],
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO login (user_pool_id, login_key, sub) VALUES (?1, ?2, ?3) \
                       ON CONFLICT (user_pool_id, login_key) DO NOTHING";
    for (place, login) in logins.iter().enumerate() {
        // An alias may read like the user name; it is one name then.
        if logins[..place].contains(login) {
            continue;
        }
        let arguments = [
            user_pool_id.as_str().into(),
            login.as_str().into(),
            sub.as_str().into(),
        ];
        if session.execute(SQL, &arguments).await? == 0 {
            return Err(Conflict::LoginTaken(login.clone()).into());
        }
    }
    Ok(())
}

/// Makes `logins` the names of a user: those that are gone are taken away, the new ones given.
pub(crate) async fn replace(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    sub: &Sub,
    logins: &[LoginKey],
) -> Result<(), StoreError> {
    const STORED: &str = "SELECT login_key FROM login WHERE user_pool_id = ?1 AND sub = ?2";
    const DELETE: &str = "DELETE FROM login WHERE user_pool_id = ?1 AND login_key = ?2";
    let mut stored = Vec::new();
    for mut row in session
        .rows(STORED, &[user_pool_id.as_str().into(), sub.as_str().into()])
        .await?
    {
        stored.push(row.text(0)?);
    }
    for gone in stored
        .iter()
        .filter(|key| !logins.iter().any(|login| login.as_str() == key.as_str()))
    {
        session
            .execute(DELETE, &[user_pool_id.as_str().into(), gone.as_str().into()])
            .await?;
    }
    let new: Vec<LoginKey> = logins
        .iter()
        .filter(|login| !stored.iter().any(|key| key.as_str() == login.as_str()))
        .cloned()
        .collect();
    insert(session, user_pool_id, sub, &new).await
}

/// Takes all names of a user away.
pub(crate) async fn delete(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    sub: &Sub,
) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM login WHERE user_pool_id = ?1 AND sub = ?2";
    session
        .execute(SQL, &[user_pool_id.as_str().into(), sub.as_str().into()])
        .await
        .map(drop)
}

/// Takes all names of a pool away.
pub(crate) async fn delete_all(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM login WHERE user_pool_id = ?1";
    session
        .execute(SQL, &[user_pool_id.as_str().into()])
        .await
        .map(drop)
}
