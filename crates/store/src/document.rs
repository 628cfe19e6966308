//! Records as JSON text, the form in which they rest.

use pool::ports::{Conflict, StoreError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::carry::carry;
use crate::session::Row;

/// A record that could not be turned into text or back; names where it stands, never what it holds.
#[derive(Debug, thiserror::Error)]
#[error("the document of {table} {key} cannot be {done}")]
struct DocumentError {
    table: &'static str,
    key: String,
    done: &'static str,
    #[source]
    source: serde_json::Error,
}

/// The text of a new record.
pub(crate) fn write<T: Serialize>(record: &T, table: &'static str, key: &str) -> Result<String, StoreError> {
    serde_json::to_string(record).map_err(|source| failed(table, key, "written", source))
}

/// The text of a record's new state. `rows` is the document that it replaces, read in the same transaction by the key and the
/// version that the rule has read; without one somebody was faster.
pub(crate) fn rewrite<T: Serialize + DeserializeOwned>(
    record: &T,
    rows: Vec<Row>,
    table: &'static str,
    key: &str,
) -> Result<String, StoreError> {
    let mut row = rows.into_iter().next().ok_or(Conflict::Changed)?;
    over(record, &row.text(0)?, table, key)
}

/// The text of a record's new state, in the place of `stored`: with all that a later release has written there.
fn over<T: Serialize + DeserializeOwned>(
    record: &T,
    stored: &str,
    table: &'static str,
    key: &str,
) -> Result<String, StoreError> {
    let known: T = read(stored, table, key)?;
    if write(&known, table, key)? == stored {
        return write(record, table, key);
    }
    let value =
        |record: &T| serde_json::to_value(record).map_err(|source| failed(table, key, "written", source));
    let (known, mut new) = (value(&known)?, value(record)?);
    let stored: Value = read(stored, table, key)?;
    carry(stored, &known, &mut new);
    write(&new, table, key)
}

/// The record of a text.
pub(crate) fn read<T: DeserializeOwned>(text: &str, table: &'static str, key: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|source| failed(table, key, "read", source))
}

fn failed(table: &'static str, key: &str, done: &'static str, source: serde_json::Error) -> StoreError {
    StoreError::Failed(Box::new(DocumentError {
        table,
        key: key.to_owned(),
        done,
        source,
    }))
}
