//! Statements on a connection of SQLite. Nothing ever waits here: every future is ready when it is made.

use std::future::{Future, ready};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use pool::ports::StoreError;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Statement, ToSql};

use super::error::store_error;
use crate::session::{Argument, Row, Session, Value};

/// A connection, within a transaction where it writes.
#[derive(Debug)]
pub(crate) struct SqliteSession<'c>(pub(crate) &'c mut Connection);

impl Session for SqliteSession<'_> {
    fn execute(
        &mut self,
        sql: &'static str,
        arguments: &[Argument<'_>],
    ) -> impl Future<Output = Result<u64, StoreError>> + Send {
        ready(execute(self.0, sql, arguments).map_err(store_error))
    }

    fn rows(
        &mut self,
        sql: &'static str,
        arguments: &[Argument<'_>],
    ) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send {
        ready(rows(self.0, sql, arguments).map_err(store_error))
    }
}

/// The result of a future that has nothing to wait for.
pub(super) fn at_once<T>(future: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => Err(StoreError::Failed(
            "a statement waited for something else than the file".into(),
        )),
    }
}

fn execute(connection: &Connection, sql: &str, arguments: &[Argument<'_>]) -> rusqlite::Result<u64> {
    let mut statement = connection.prepare_cached(sql)?;
    bind(&mut statement, arguments)?;
    let touched = statement.raw_execute()?;
    Ok(touched as u64)
}

fn rows(connection: &Connection, sql: &str, arguments: &[Argument<'_>]) -> rusqlite::Result<Vec<Row>> {
    let mut statement = connection.prepare_cached(sql)?;
    bind(&mut statement, arguments)?;
    let columns = statement.column_count();
    let mut found = Vec::new();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        let values = (0..columns).map(|column| value(row.get_ref(column)?, column));
        found.push(Row(values.collect::<rusqlite::Result<_>>()?));
    }
    Ok(found)
}

fn bind(statement: &mut Statement<'_>, arguments: &[Argument<'_>]) -> rusqlite::Result<()> {
    for (place, argument) in arguments.iter().enumerate() {
        statement.raw_bind_parameter(place + 1, argument)?;
    }
    Ok(())
}

fn value(value: ValueRef<'_>, column: usize) -> rusqlite::Result<Value> {
    match value {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(number) => Ok(Value::Integer(number)),
        ValueRef::Text(text) => {
            let text =
                std::str::from_utf8(text).map_err(|error| rusqlite::Error::Utf8Error(column, error))?;
            Ok(Value::Text(text.to_owned()))
        }
        ValueRef::Real(_) | ValueRef::Blob(_) => Err(rusqlite::Error::InvalidColumnType(
            column,
            String::new(),
            value.data_type(),
        )),
    }
}

impl ToSql for Argument<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}
