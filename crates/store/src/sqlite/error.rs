//! Reads SQLite's errors, so that the statements need not.
//!
//! A taken id or name never gets here: those statements say `ON CONFLICT DO NOTHING` and count rows.

use pool::ports::{Conflict, StoreError};
use rusqlite::ErrorCode;
use rusqlite::ffi::{SQLITE_CONSTRAINT_FOREIGNKEY, SQLITE_IOERR_SHMSIZE};

/// Why the engine could not do it, in words for the log.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EngineError {
    #[error(
        "the disk that holds the database is full: free some space; nothing that was acknowledged is lost"
    )]
    Full(#[source] rusqlite::Error),
    #[error("another process keeps the database locked")]
    Locked(#[source] rusqlite::Error),
    #[error("the database may not be written: check the owner and the mode of its file and directory")]
    ReadOnly(#[source] rusqlite::Error),
    #[error("the database file is damaged: restore it from a backup")]
    Damaged(#[source] rusqlite::Error),
    #[error("the database file is damaged ({0}), so nothing is written to it: restore it from a backup")]
    FoundDamaged(String),
    #[error("the database could not read or write its file")]
    InputOutput(#[source] rusqlite::Error),
    #[error("a statement failed")]
    Statement(#[source] rusqlite::Error),
}

/// What an error of SQLite means.
pub(crate) fn store_error(error: rusqlite::Error) -> StoreError {
    // What a record belongs to (its pool, its user) has gone since it was read.
    if error
        .sqlite_error()
        .is_some_and(|e| e.extended_code == SQLITE_CONSTRAINT_FOREIGNKEY)
    {
        return Conflict::Changed.into();
    }
    StoreError::Failed(Box::new(engine_error(error)))
}

/// What an error of SQLite that cannot be a conflict means.
pub(crate) fn engine_error(error: rusqlite::Error) -> EngineError {
    if is_full(&error) {
        return EngineError::Full(error);
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => EngineError::Locked(error),
        Some(ErrorCode::ReadOnly) => EngineError::ReadOnly(error),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => EngineError::Damaged(error),
        Some(ErrorCode::SystemIoFailure) => EngineError::InputOutput(error),
        _ => EngineError::Statement(error),
    }
}

/// Whether the disk is full: for the file and its log, or for the log's index.
pub(super) fn is_full(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DiskFull)
        || error
            .sqlite_error()
            .is_some_and(|error| error.extended_code == SQLITE_IOERR_SHMSIZE)
}
