//! The statements on app clients.

use pool::app_client::AppClient;
use pool::id::{AppClientId, UserPoolId};
use pool::ports::{AppClientPage, Conflict, StoreError};

use crate::session::{Session, one_row};
use crate::{document, user_pool};

const TABLE: &str = "app_client";

/// The app client of this id.
pub(crate) async fn find(
    session: &mut impl Session,
    id: &AppClientId,
) -> Result<Option<AppClient>, StoreError> {
    const SQL: &str = "SELECT document FROM app_client WHERE app_client_id = ?1";
    let mut rows = session.rows(SQL, &[id.as_str().into()]).await?;
    let Some(row) = rows.first_mut() else {
        return Ok(None);
    };
    document::read(&row.text(0)?, TABLE, id.as_str()).map(Some)
}

/// App clients of a pool after `after` in the order of their ids.
pub(crate) async fn list(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    after: Option<&AppClientId>,
    limit: u32,
) -> Result<AppClientPage, StoreError> {
    const SQL: &str = "SELECT app_client_id, document FROM app_client \
                       WHERE user_pool_id = ?1 AND app_client_id > ?2 ORDER BY app_client_id LIMIT ?3";
    let after = after.map_or("", AppClientId::as_str);
    let arguments = [
        user_pool_id.as_str().into(),
        after.into(),
        (i64::from(limit) + 1).into(),
    ];
    let rows = session.rows(SQL, &arguments).await?;
    let more = rows.len() > limit as usize;
    let mut app_clients = Vec::with_capacity(rows.len());
    for mut row in rows.into_iter().take(limit as usize) {
        let id = row.text(0)?;
        app_clients.push(document::read::<AppClient>(&row.text(1)?, TABLE, &id)?);
    }
    let next = app_clients
        .last()
        .filter(|_| more)
        .map(|client| client.id.clone());
    Ok(AppClientPage { app_clients, next })
}

/// A new app client of a pool that must still be there.
pub(crate) async fn insert(session: &mut impl Session, client: &AppClient) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO app_client (app_client_id, user_pool_id, version, document) \
                       VALUES (?1, ?2, ?3, ?4) ON CONFLICT (app_client_id) DO NOTHING";
    user_pool::get_case(session, &client.user_pool_id).await?;
    let id = client.id.as_str();
    let document = document::write(client, TABLE, id)?;
    let arguments = [
        id.into(),
        client.user_pool_id.as_str().into(),
        client.version.into(),
        document.as_str().into(),
    ];
    let touched = session.execute(SQL, &arguments).await?;
    one_row(touched, Conflict::IdTaken)
}

/// New settings for an app client whose version is still the given one.
pub(crate) async fn replace(session: &mut impl Session, mut client: AppClient) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE app_client SET version = ?4, document = ?5 \
                       WHERE app_client_id = ?1 AND user_pool_id = ?2 AND version = ?3";
    const STORED: &str = "SELECT document FROM app_client WHERE app_client_id = ?1 AND version = ?2";
    let read = client.version;
    client.version = read + 1;
    let id = client.id.as_str();
    let stored = session.rows(STORED, &[id.into(), read.into()]).await?;
    let document = document::rewrite(&client, stored, TABLE, id)?;
    let arguments = [
        id.into(),
        client.user_pool_id.as_str().into(),
        read.into(),
        client.version.into(),
        document.as_str().into(),
    ];
    let touched = session.execute(SQL, &arguments).await?;
    one_row(touched, Conflict::Changed)
}

/// The app client goes.
pub(crate) async fn delete(session: &mut impl Session, id: &AppClientId) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM app_client WHERE app_client_id = ?1";
    let touched = session.execute(SQL, &[id.as_str().into()]).await?;
    one_row(touched, Conflict::Changed)
}

/// All app clients of a pool go.
pub(crate) async fn delete_all(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM app_client WHERE user_pool_id = ?1";
    session
        .execute(SQL, &[user_pool_id.as_str().into()])
        .await
        .map(drop)
}
