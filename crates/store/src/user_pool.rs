//! The statements on user pools.

use pool::id::{Case, UserPoolId};
use pool::ports::{Conflict, StoreError, UserPoolPage};
use pool::user_pool::UserPool;

use crate::document;
use crate::session::{Row, Session, one_row};

const TABLE: &str = "user_pool";

/// The pool of this id.
pub(crate) async fn find(
    session: &mut impl Session,
    id: &UserPoolId,
) -> Result<Option<UserPool>, StoreError> {
    const SQL: &str = "SELECT document FROM user_pool WHERE user_pool_id = ?1";
    let mut rows = session.rows(SQL, &[id.as_str().into()]).await?;
    let Some(row) = rows.first_mut() else {
        return Ok(None);
    };
    document::read(&row.text(0)?, TABLE, id.as_str()).map(Some)
}

/// Pools after `after` in the order of their ids.
pub(crate) async fn list(
    session: &mut impl Session,
    after: Option<&UserPoolId>,
    limit: u32,
) -> Result<UserPoolPage, StoreError> {
    const SQL: &str = "SELECT user_pool_id, document FROM user_pool WHERE user_pool_id > ?1 \
                       ORDER BY user_pool_id LIMIT ?2";
    let after = after.map_or("", UserPoolId::as_str);
    let rows = session
        .rows(SQL, &[after.into(), (i64::from(limit) + 1).into()])
        .await?;
    let more = rows.len() > limit as usize;
    let mut user_pools = Vec::with_capacity(rows.len());
    for mut row in rows.into_iter().take(limit as usize) {
        let id = row.text(0)?;
        user_pools.push(document::read::<UserPool>(&row.text(1)?, TABLE, &id)?);
    }
    let next = user_pools.last().filter(|_| more).map(|pool| pool.id.clone());
    Ok(UserPoolPage { user_pools, next })
}

/// A new pool.
pub(crate) async fn insert(session: &mut impl Session, pool: &UserPool) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO user_pool (user_pool_id, name_case, version, document) \
                       VALUES (?1, ?2, ?3, ?4) ON CONFLICT (user_pool_id) DO NOTHING";
    let id = pool.id.as_str();
    let document = document::write(pool, TABLE, id)?;
    let name_case = case_text(pool.case());
    let touched = session
        .execute(
            SQL,
            &[
                id.into(),
                name_case.into(),
                pool.version.into(),
                document.as_str().into(),
            ],
        )
        .await?;
    one_row(touched, Conflict::IdTaken)
}

/// New settings for a pool whose version is still the given one.
pub(crate) async fn replace(session: &mut impl Session, mut pool: UserPool) -> Result<(), StoreError> {
    const SQL: &str =
        "UPDATE user_pool SET version = ?3, document = ?4 WHERE user_pool_id = ?1 AND version = ?2";
    const STORED: &str = "SELECT document FROM user_pool WHERE user_pool_id = ?1 AND version = ?2";
    let read = pool.version;
    pool.version = read + 1;
    let id = pool.id.as_str();
    let stored = session.rows(STORED, &[id.into(), read.into()]).await?;
    let document = document::rewrite(&pool, stored, TABLE, id)?;
    let touched = session
        .execute(
            SQL,
            &[
                id.into(),
                read.into(),
                pool.version.into(),
                document.as_str().into(),
            ],
        )
        .await?;
    one_row(touched, Conflict::Changed)
}

/// Keeps everybody else from adding to the pool, which must be there.
pub(crate) async fn hold(session: &mut impl Session, id: &UserPoolId) -> Result<(), StoreError> {
    const SQL: &str = "SELECT user_pool_id FROM user_pool WHERE user_pool_id = ?1 /* FOR UPDATE */";
    let rows = session.rows(SQL, &[id.as_str().into()]).await?;
    one_row(rows.len() as u64, Conflict::Changed)
}

/// The pool goes; nothing may be in it any more.
pub(crate) async fn delete(session: &mut impl Session, id: &UserPoolId) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM user_pool WHERE user_pool_id = ?1";
    let touched = session.execute(SQL, &[id.as_str().into()]).await?;
    one_row(touched, Conflict::Changed)
}

/// Whether the pool's names differ by case; [`Conflict::Changed`] when there is no such pool (any more).
pub(crate) async fn get_case(session: &mut impl Session, id: &UserPoolId) -> Result<Case, StoreError> {
    const SQL: &str = "SELECT name_case FROM user_pool WHERE user_pool_id = ?1";
    let mut rows = session.rows(SQL, &[id.as_str().into()]).await?;
    case(&mut rows, 0)
}

/// The same, of a row that holds it in `column`.
pub(crate) fn case(rows: &mut [Row], column: usize) -> Result<Case, StoreError> {
    let name_case = rows.first_mut().ok_or(Conflict::Changed)?.text(column)?;
    Ok(if name_case == case_text(Case::Insensitive) {
        Case::Insensitive
    } else {
        Case::Sensitive
    })
}

fn case_text(case: Case) -> &'static str {
    match case {
        Case::Sensitive => "sensitive",
        Case::Insensitive => "insensitive",
    }
}
