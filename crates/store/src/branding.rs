//! The statements on what pages look like.

use pool::branding::Branding;
use pool::id::{AppClientId, UserPoolId};
use pool::ports::{Conflict, StoreError};

use crate::document;
use crate::session::{Row, Session, one_row};

const TABLE: &str = "branding";

/// The branding of an app client, or the one for all.
pub(crate) async fn find(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    client_id: Option<&AppClientId>,
) -> Result<Option<Branding>, StoreError> {
    const SQL: &str =
        "SELECT app_client_id, document FROM branding WHERE user_pool_id = ?1 AND app_client_id = ?2";
    let arguments = [user_pool_id.as_str().into(), key(client_id).into()];
    let mut rows = session.rows(SQL, &arguments).await?;
    rows.first_mut().map(read).transpose()
}

/// The branding that has the style of this id.
pub(crate) async fn find_by_style(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    style_id: &str,
) -> Result<Option<Branding>, StoreError> {
    const SQL: &str = "SELECT app_client_id, document FROM branding \
                       WHERE user_pool_id = ?1 AND managed_login_branding_id = ?2";
    let arguments = [user_pool_id.as_str().into(), style_id.into()];
    let mut rows = session.rows(SQL, &arguments).await?;
    rows.first_mut().map(read).transpose()
}

/// The new state of a branding whose version is still the given one; version 0 is the state before the first write.
pub(crate) async fn put(session: &mut impl Session, mut branding: Branding) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO branding (user_pool_id, app_client_id, managed_login_branding_id, version, document) \
                          VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";
    const UPDATE: &str = "UPDATE branding SET managed_login_branding_id = ?3, version = ?4, document = ?5 \
                          WHERE user_pool_id = ?1 AND app_client_id = ?2 AND version = ?6";
    const STORED: &str =
        "SELECT document FROM branding WHERE user_pool_id = ?1 AND app_client_id = ?2 AND version = ?3";
    let before = branding.version;
    branding.version = before + 1;
    let client = key(branding.client_id.as_ref()).to_owned();
    let pool_id = branding.user_pool_id.as_str();
    let document = if before == 0 {
        document::write(&branding, TABLE, &client)?
    } else {
        let present = [pool_id.into(), client.as_str().into(), before.into()];
        let stored = session.rows(STORED, &present).await?;
        document::rewrite(&branding, stored, TABLE, &client)?
    };
    let style = branding.managed_login.as_ref().map(|style| style.id.as_str());
    let mut arguments = vec![
        pool_id.into(),
        client.as_str().into(),
        style.into(),
        branding.version.into(),
        document.as_str().into(),
    ];
    let touched = if before == 0 {
        session.execute(INSERT, &arguments).await?
    } else {
        arguments.push(before.into());
        session.execute(UPDATE, &arguments).await?
    };
    one_row(touched, Conflict::Changed)
}

/// The branding of an app client goes, if it has one.
pub(crate) async fn delete_of_client(
    session: &mut impl Session,
    client_id: &AppClientId,
) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM branding WHERE app_client_id = ?1";
    session.execute(SQL, &[client_id.as_str().into()]).await.map(drop)
}

/// All of a pool go.
pub(crate) async fn delete_all(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM branding WHERE user_pool_id = ?1";
    session
        .execute(SQL, &[user_pool_id.as_str().into()])
        .await
        .map(drop)
}

fn key(client_id: Option<&AppClientId>) -> &str {
    client_id.map_or("", AppClientId::as_str)
}

fn read(row: &mut Row) -> Result<Branding, StoreError> {
    let key = row.text(0)?;
    document::read(&row.text(1)?, TABLE, &key)
}
