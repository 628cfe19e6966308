//! Statements on a connection of PostgreSQL.

use std::error::Error;
use std::time::Duration;

use bytes::BytesMut;
use pool::ports::StoreError;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use super::connection::Connection;
use super::error::EngineError;
use super::text;
use crate::session::{Argument, Row, Session, Value};

/// A connection, within a transaction where it writes.
#[derive(Debug)]
pub(crate) struct PostgresSession<'c> {
    pub(super) connection: &'c Connection,
    /// How long each answer may take.
    pub(super) limit: Duration,
}

impl Session for PostgresSession<'_> {
    async fn execute(&mut self, sql: &'static str, arguments: &[Argument<'_>]) -> Result<u64, StoreError> {
        Ok(self.connection.execute(sql, arguments, self.limit).await?)
    }

    async fn rows(&mut self, sql: &'static str, arguments: &[Argument<'_>]) -> Result<Vec<Row>, StoreError> {
        let rows = self.connection.rows(sql, arguments, self.limit).await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            let values = (0..row.len()).map(|column| value(&row, column));
            found.push(Row(values.collect::<Result<_, _>>()?));
        }
        Ok(found)
    }
}

/// Whether the server takes no writes: it is a standby, or was told so. From such a connection nothing more is asked, since the
/// next may find a host that takes them.
pub(super) async fn is_read_only(session: &mut PostgresSession<'_>) -> Result<bool, StoreError> {
    const SQL: &str = "SELECT current_setting('transaction_read_only')";
    let rows = session.rows(SQL, &[]).await?;
    let Some(mut row) = rows.into_iter().next() else {
        return Ok(false);
    };
    let read_only = row.text(0)? == "on";
    if read_only {
        session.connection.give_up();
    }
    Ok(read_only)
}

fn value(row: &tokio_postgres::Row, column: usize) -> Result<Value, StoreError> {
    let failed = |error: tokio_postgres::Error| StoreError::from(super::error::engine_error(&error));
    if *row.columns()[column].type_() == Type::INT8 {
        let number: Option<i64> = row.try_get(column).map_err(failed)?;
        return Ok(number.map_or(Value::Null, Value::Integer));
    }
    let stored: Option<&str> = row.try_get(column).map_err(failed)?;
    Ok(stored.map_or(Value::Null, |stored| Value::Text(text::from_stored(stored))))
}

impl ToSql for Argument<'_> {
    fn to_sql(&self, wanted: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match (self, *wanted == Type::INT8) {
            (Self::Null, _) => Ok(IsNull::Yes),
            (Self::Integer(number), true) => number.to_sql(wanted, out),
            (Self::Text(text), false) => text::to_stored(text).to_sql(wanted, out),
            (Self::Integer(_), false) => Err("a number is bound where a text is wanted".into()),
            (Self::Text(_), true) => Err("a text is bound where a number is wanted".into()),
        }
    }

    fn accepts(wanted: &Type) -> bool {
        matches!(*wanted, Type::INT8 | Type::TEXT)
    }

    to_sql_checked!();
}

/// Whether trying the whole transaction again may end better: it was undone, and for a reason that passes.
pub(super) fn passes(error: &EngineError) -> bool {
    matches!(error, EngineError::InTheWay(_) | EngineError::Orphan(_)) || error.ends_the_connection()
}
