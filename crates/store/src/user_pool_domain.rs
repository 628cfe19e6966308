//! The statements on the domains of pools.

use pool::id::UserPoolId;
use pool::ports::{Conflict, StoreError};

use crate::session::{Session, one_row};
use crate::user_pool;

/// The pool that a domain belongs to.
pub(crate) async fn find_pool(
    session: &mut impl Session,
    domain: &str,
) -> Result<Option<UserPoolId>, StoreError> {
    const SQL: &str = "SELECT user_pool_id FROM user_pool_domain WHERE domain = ?1";
    let mut rows = session.rows(SQL, &[domain.into()]).await?;
    let id = rows.first_mut().map(|row| row.text(0)).transpose()?;
    Ok(id.as_deref().and_then(UserPoolId::parse))
}

/// A new domain of a pool that must still be there.
pub(crate) async fn insert(
    session: &mut impl Session,
    domain: &str,
    user_pool_id: &UserPoolId,
) -> Result<(), StoreError> {
    const SQL: &str =
        "INSERT INTO user_pool_domain (domain, user_pool_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    user_pool::get_case(session, user_pool_id).await?;
    let arguments = [domain.into(), user_pool_id.as_str().into()];
    one_row(session.execute(SQL, &arguments).await?, Conflict::IdTaken)
}

/// The name is free again.
pub(crate) async fn delete(session: &mut impl Session, domain: &str) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM user_pool_domain WHERE domain = ?1";
    one_row(session.execute(SQL, &[domain.into()]).await?, Conflict::Changed)
}

/// All domains of a pool go.
pub(crate) async fn delete_all(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM user_pool_domain WHERE user_pool_id = ?1";
    let arguments = [user_pool_id.as_str().into()];
    session.execute(SQL, &arguments).await.map(drop)
}
