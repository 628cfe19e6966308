//! How many users a pool has, kept along with the users so that nobody ever counts them.
//!
//! The count is spread over shards because every new user raises it: with one row a pool, writers of one pool would
//! wait for each other on an engine where several write.

use std::collections::BTreeMap;

use pool::id::{Sub, UserPoolId};
use pool::ports::StoreError;

use crate::session::Session;

/// What a commit adds to the counts, by pool and shard. It is written last, when least is left to do while the rows
/// are held, and in one order, so that two commits never wait for each other in a circle.
#[derive(Debug, Default)]
pub(crate) struct Counts(BTreeMap<(UserPoolId, i64), i64>);

impl Counts {
    /// Counts a user in (1) or out (-1).
    pub(crate) fn add(&mut self, user_pool_id: &UserPoolId, sub: &Sub, users: i64) {
        *self.0.entry((user_pool_id.clone(), shard(sub))).or_default() += users;
    }

    /// The pool is gone, and its counts with it.
    pub(crate) fn forget(&mut self, user_pool_id: &UserPoolId) {
        self.0.retain(|(id, _), _| id != user_pool_id);
    }

    /// Adds everything to what is stored.
    pub(crate) async fn write(self, session: &mut impl Session) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO user_count (user_pool_id, shard, users) VALUES (?1, ?2, ?3) \
                           ON CONFLICT (user_pool_id, shard) DO UPDATE SET users = user_count.users + excluded.users";
        for ((user_pool_id, shard), users) in self.0 {
            if users != 0 {
                session
                    .execute(SQL, &[user_pool_id.as_str().into(), shard.into(), users.into()])
                    .await?;
            }
        }
        Ok(())
    }
}

/// The sum over all shards of a pool.
pub(crate) async fn estimate(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
) -> Result<u64, StoreError> {
    const SQL: &str =
        "SELECT CAST(COALESCE(SUM(users), 0) AS BIGINT) FROM user_count WHERE user_pool_id = ?1";
    let rows = session.rows(SQL, &[user_pool_id.as_str().into()]).await?;
    let sum = rows.first().map_or(Ok(0), |row| row.integer(0))?;
    Ok(u64::try_from(sum).unwrap_or(0))
}

/// Takes the counts of a pool away.
pub(crate) async fn delete(session: &mut impl Session, user_pool_id: &UserPoolId) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM user_count WHERE user_pool_id = ?1";
    session
        .execute(SQL, &[user_pool_id.as_str().into()])
        .await
        .map(drop)
}

/// One of sixteen, by the last digit of `sub`: its tail is chance, its head is the time.
fn shard(sub: &Sub) -> i64 {
    sub.as_str()
        .bytes()
        .last()
        .map_or(0, |digit| i64::from(digit) % 16)
}
