//! The statements on what has become of sign-ins.

use pool::id::{Sub, UserPoolId};
use pool::ports::{Conflict, StoreError};
use pool::time::Time;
use pool::token::TokenFamily;
use pool::user::User;

use crate::session::{Session, one_row};
use crate::{document, user};

const TABLE: &str = "token_family";

/// A user and what has become of one of their sign-ins, in one statement: every refresh asks for both.
pub(crate) async fn find_bearer(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    sub: &Sub,
    origin_jti: &str,
) -> Result<Option<(User, Option<TokenFamily>)>, StoreError> {
    const SQL: &str = "SELECT pool_user.sub, pool_user.document, token_family.document FROM pool_user \
                       LEFT JOIN token_family ON token_family.user_pool_id = pool_user.user_pool_id \
                       AND token_family.sub = pool_user.sub AND token_family.origin_jti = ?3 \
                       WHERE pool_user.user_pool_id = ?1 AND pool_user.sub = ?2";
    let arguments = [
        user_pool_id.as_str().into(),
        sub.as_str().into(),
        origin_jti.into(),
    ];
    let mut rows = session.rows(SQL, &arguments).await?;
    let Some(row) = rows.first_mut() else {
        return Ok(None);
    };
    let family = row.optional_text(2)?;
    let family = family
        .map(|text| document::read(&text, TABLE, origin_jti))
        .transpose()?;
    Ok(Some((user::read(row)?, family)))
}

/// Writes a record for the first time, or anew if its version is still the given one. The user's other records whose time
/// is up go with it, so nobody has to look for them.
pub(crate) async fn put(
    session: &mut impl Session,
    mut family: TokenFamily,
    now: Time,
) -> Result<(), StoreError> {
    const CLEAR: &str = "DELETE FROM token_family WHERE user_pool_id = ?1 AND sub = ?2 AND expires_at <= ?3";
    const FIRST: &str = "INSERT INTO token_family (user_pool_id, sub, origin_jti, version, expires_at, document) \
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING";
    const ANEW: &str = "UPDATE token_family SET version = ?4, expires_at = ?5, document = ?6 \
                        WHERE user_pool_id = ?1 AND sub = ?2 AND origin_jti = ?3 AND version = ?7";
    const STORED: &str = "SELECT document FROM token_family \
                          WHERE user_pool_id = ?1 AND sub = ?2 AND origin_jti = ?3 AND version = ?4";
    let read = family.version;
    family.version = read + 1;
    if user::find_by_sub(session, &family.user_pool_id, &family.sub)
        .await?
        .is_none()
    {
        return Err(Conflict::Changed.into());
    }
    let (pool_id, sub) = (family.user_pool_id.as_str(), family.sub.as_str());
    let origin_jti = family.origin_jti.as_str();
    let document = if read == 0 {
        document::write(&family, TABLE, origin_jti)?
    } else {
        let present = [pool_id.into(), sub.into(), origin_jti.into(), read.into()];
        let stored = session.rows(STORED, &present).await?;
        document::rewrite(&family, stored, TABLE, origin_jti)?
    };
    let arguments = [
        pool_id.into(),
        sub.into(),
        origin_jti.into(),
        family.version.into(),
        family.expires_at.0.into(),
        document.as_str().into(),
        read.into(),
    ];
    let touched = if read == 0 {
        session.execute(FIRST, &arguments[..6]).await?
    } else {
        session.execute(ANEW, &arguments).await?
    };
    one_row(touched, Conflict::Changed)?;
    session
        .execute(CLEAR, &[pool_id.into(), sub.into(), now.0.into()])
        .await
        .map(drop)
}

/// A user's records go.
pub(crate) async fn delete_of_user(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    sub: &Sub,
) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM token_family WHERE user_pool_id = ?1 AND sub = ?2";
    let arguments = [user_pool_id.as_str().into(), sub.as_str().into()];
    session.execute(SQL, &arguments).await.map(drop)
}

/// All records of a pool's users go.
pub(crate) async fn delete_all(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM token_family WHERE user_pool_id = ?1";
    session
        .execute(SQL, &[user_pool_id.as_str().into()])
        .await
        .map(drop)
}
