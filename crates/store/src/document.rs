//! Records as JSON text, the form in which they rest.

use pool::ports::StoreError;
use serde::Serialize;
use serde::de::DeserializeOwned;

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

/// The text of a record.
pub(crate) fn write<T: Serialize>(record: &T, table: &'static str, key: &str) -> Result<String, StoreError> {
    serde_json::to_string(record).map_err(|source| failed(table, key, "written", source))
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
