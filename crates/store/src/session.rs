//! All that a statement knows of its engine: a [`Session`] runs it and hands back rows.
//!
//! It is `async` because a network engine waits; SQLite has its answer at once.

use std::future::Future;

use pool::ports::{Conflict, StoreError};

/// An open transaction, or a connection that reads.
///
/// Statements write their binds `?1`, `?2`, …; an engine that spells them differently maps them. One that reads a row and
/// keeps it from others until the transaction ends finishes with `/* FOR UPDATE */`, which is a comment where one alone
/// writes.
pub(crate) trait Session: Send {
    /// Runs a statement that gives no rows; answers how many it touched.
    fn execute(
        &mut self,
        sql: &'static str,
        arguments: &[Argument<'_>],
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// Runs a statement and gives all its rows.
    fn rows(
        &mut self,
        sql: &'static str,
        arguments: &[Argument<'_>],
    ) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send;
}

/// What is bound to a statement.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Argument<'a> {
    Null,
    Integer(i64),
    Text(&'a str),
}

impl<'a> From<&'a str> for Argument<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<Option<&'a str>> for Argument<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }
}

impl From<i64> for Argument<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

/// One column of one row.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Null,
    Integer(i64),
    Text(String),
}

/// One row.
#[derive(Clone, Debug)]
pub(crate) struct Row(pub(crate) Vec<Value>);

impl Row {
    /// Its values, to be bound.
    pub(crate) fn arguments(&self) -> Vec<Argument<'_>> {
        let values = self.0.iter();
        values
            .map(|value| match value {
                Value::Null => Argument::Null,
                Value::Integer(number) => Argument::Integer(*number),
                Value::Text(text) => Argument::Text(text),
            })
            .collect()
    }

    /// Takes the text out of a column.
    pub(crate) fn text(&mut self, column: usize) -> Result<String, StoreError> {
        match self.0.get_mut(column) {
            Some(Value::Text(text)) => Ok(std::mem::take(text)),
            other => Err(unexpected(column, "text", other.as_deref())),
        }
    }

    /// Takes the text out of a column that may be null.
    pub(crate) fn optional_text(&mut self, column: usize) -> Result<Option<String>, StoreError> {
        match self.0.get(column) {
            Some(Value::Null) => Ok(None),
            _ => self.text(column).map(Some),
        }
    }

    /// The number in a column.
    pub(crate) fn integer(&self, column: usize) -> Result<i64, StoreError> {
        match self.0.get(column) {
            Some(Value::Integer(number)) => Ok(*number),
            other => Err(unexpected(column, "an integer", other)),
        }
    }
}

/// A row is not what its statement asked for: the database has been changed from outside.
#[derive(Debug, thiserror::Error)]
#[error("column {column} of a row holds {found}, not {wanted}")]
struct UnexpectedColumn {
    column: usize,
    wanted: &'static str,
    found: &'static str,
}

fn unexpected(column: usize, wanted: &'static str, found: Option<&Value>) -> StoreError {
    let found = match found {
        None => "nothing",
        Some(Value::Null) => "null",
        Some(Value::Integer(_)) => "an integer",
        Some(Value::Text(_)) => "text",
    };
    StoreError::Failed(Box::new(UnexpectedColumn {
        column,
        wanted,
        found,
    }))
}

/// Reads the count of touched rows of a statement that should have touched one.
pub(crate) fn one_row(touched: u64, otherwise: Conflict) -> Result<(), StoreError> {
    if touched == 0 {
        Err(otherwise.into())
    } else {
        Ok(())
    }
}
