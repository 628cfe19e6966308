//! The statements on names that lead to nobody.

use pool::id::{Sub, UserPoolId};
use pool::ports::{Conflict, StoreError};
use pool::time::Time;
use pool::unknown_name::UnknownName;

use crate::document;
use crate::session::{Session, one_row};

const TABLE: &str = "unknown_name";

/// What is remembered of a name.
pub(crate) async fn find(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    sub: &Sub,
) -> Result<Option<UnknownName>, StoreError> {
    const SQL: &str = "SELECT document FROM unknown_name WHERE user_pool_id = ?1 AND sub = ?2";
    let arguments = [user_pool_id.as_str().into(), sub.as_str().into()];
    let mut rows = session.rows(SQL, &arguments).await?;
    rows.first_mut()
        .map(|row| document::read(&row.text(0)?, TABLE, sub.as_str()))
        .transpose()
}

/// Writes a record for the first time, or anew if its version is still the given one. Two that have ended go with it,
/// so that they do not pile up.
pub(crate) async fn put(
    session: &mut impl Session,
    mut name: UnknownName,
    now: Time,
) -> Result<(), StoreError> {
    const FIRST: &str = "INSERT INTO unknown_name (user_pool_id, sub, version, expires_at, document) \
                         VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";
    const ANEW: &str = "UPDATE unknown_name SET version = ?3, expires_at = ?4, document = ?5 \
                        WHERE user_pool_id = ?1 AND sub = ?2 AND version = ?6";
    // Judged again when its turn has come: it may have been written anew meanwhile.
    const CLEAR: &str = "DELETE FROM unknown_name WHERE expires_at <= ?1 AND (user_pool_id, sub) IN \
                         (SELECT user_pool_id, sub FROM unknown_name WHERE expires_at <= ?1 \
                         ORDER BY expires_at LIMIT 2)";
    let read = name.version;
    name.version = read + 1;
    let document = document::write(&name, TABLE, name.sub.as_str())?;
    let arguments = [
        name.user_pool_id.as_str().into(),
        name.sub.as_str().into(),
        name.version.into(),
        name.expires_at.0.into(),
        document.as_str().into(),
        read.into(),
    ];
    let touched = if read == 0 {
        session.execute(FIRST, &arguments[..5]).await?
    } else {
        session.execute(ANEW, &arguments).await?
    };
    one_row(touched, Conflict::Changed)?;
    session.execute(CLEAR, &[now.0.into()]).await.map(drop)
}

/// All records of a pool go.
pub(crate) async fn delete_all(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM unknown_name WHERE user_pool_id = ?1";
    session
        .execute(SQL, &[user_pool_id.as_str().into()])
        .await
        .map(drop)
}
