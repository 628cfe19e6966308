//! The statements on messages that wait for their carrier.

use pool::ports::{Conflict, Delivery, StoreError};
use pool::time::Time;

use crate::document;
use crate::session::{Session, one_row};

const TABLE: &str = "delivery";

/// Deliveries that are due by `now`, the longest overdue first.
pub(crate) async fn due(
    session: &mut impl Session,
    now: Time,
    limit: u32,
) -> Result<Vec<Delivery>, StoreError> {
    const SQL: &str =
        "SELECT delivery_id, document FROM delivery WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2";
    let rows = session
        .rows(SQL, &[now.0.into(), i64::from(limit).into()])
        .await?;
    rows.into_iter()
        .map(|mut row| {
            let id = row.text(0)?;
            document::read(&row.text(1)?, TABLE, &id)
        })
        .collect()
}

/// One more message.
pub(crate) async fn insert(session: &mut impl Session, delivery: &Delivery) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO delivery (delivery_id, due_at, document) VALUES (?1, ?2, ?3) \
                       ON CONFLICT (delivery_id) DO NOTHING";
    let id = delivery.id.as_str();
    let document = document::write(delivery, TABLE, id)?;
    let arguments = [id.into(), delivery.due_at.0.into(), document.as_str().into()];
    one_row(session.execute(SQL, &arguments).await?, Conflict::IdTaken)
}

/// The message's new state, if nobody else has taken it up since it was due at `was_due_at`.
pub(crate) async fn replace(
    session: &mut impl Session,
    delivery: &Delivery,
    was_due_at: Time,
) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE delivery SET due_at = ?3, document = ?4 WHERE delivery_id = ?1 AND due_at = ?2";
    const STORED: &str = "SELECT document FROM delivery WHERE delivery_id = ?1 AND due_at = ?2";
    let id = delivery.id.as_str();
    let stored = session.rows(STORED, &[id.into(), was_due_at.0.into()]).await?;
    let document = document::rewrite(delivery, stored, TABLE, id)?;
    let arguments = [
        id.into(),
        was_due_at.0.into(),
        delivery.due_at.0.into(),
        document.as_str().into(),
    ];
    one_row(session.execute(SQL, &arguments).await?, Conflict::Changed)
}

/// The message has come to its end; one that is gone already is fine.
pub(crate) async fn delete(session: &mut impl Session, id: &str) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM delivery WHERE delivery_id = ?1";
    session.execute(SQL, &[id.into()]).await.map(drop)
}
