//! Reads PostgreSQL's errors.
//!
//! What the server says beyond its first line is left out: details name the values of a row, a login among them.

use std::fmt;
use std::io;

use pool::ports::StoreError;
use tokio_postgres::error::SqlState;

use super::connect_error::ConnectError;

/// What the server or the way to it said, fit for a log.
#[derive(Debug)]
pub struct Said(String);

impl Said {
    /// What of `error` may be told.
    pub(super) fn of(error: &tokio_postgres::Error) -> Self {
        if let Some(said) = error.as_db_error() {
            return Self(format!(
                "{} {}: {}",
                said.severity(),
                said.code().code(),
                said.message()
            ));
        }
        let mut texts = vec![error.to_string()];
        let mut source = std::error::Error::source(error);
        while let Some(error) = source {
            let text = error.to_string();
            if !texts.iter().any(|before| before.contains(&text)) {
                texts.push(text);
            }
            source = error.source();
        }
        Self(texts.join(": "))
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Said {}

/// Why the engine could not do it, in words for the log.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EngineError {
    #[error("no connection to PostgreSQL can be made")]
    Unconnected(#[source] ConnectError),
    #[error("the connection to PostgreSQL is lost")]
    Lost(#[source] Said),
    #[error("PostgreSQL gives no answer")]
    Silent,
    /// A plan that was made before somebody altered the tables, or by a connection that a pooler has put in another's place.
    #[error("a prepared statement is not what it was")]
    Stale(#[source] Said),
    #[error("other transactions were in the way again and again")]
    InTheWay(#[source] Said),
    #[error("what a record belongs to is gone")]
    Orphan(#[source] Said),
    #[error("a row stays locked by another transaction")]
    Locked(#[source] Said),
    #[error("the server takes no writes: it is a standby, or the database is set to read only")]
    ReadOnly(#[source] Said),
    #[error(
        "the disk that holds the database is full: free some space; nothing that was acknowledged is lost"
    )]
    Full(#[source] Said),
    #[error("the user of the database may not do this: make it the owner of the tables")]
    NotAllowed(#[source] Said),
    #[error("a statement took too long and was stopped")]
    Slow(#[source] Said),
    #[error("the connection was lost during COMMIT: whether the change was made shows the next try")]
    Unknown(#[source] Box<EngineError>),
    #[error("a statement failed")]
    Statement(#[source] Said),
}

impl EngineError {
    /// Whether the connection is of no use any more.
    pub(super) fn ends_the_connection(&self) -> bool {
        matches!(
            self,
            Self::Lost(_) | Self::Silent | Self::Stale(_) | Self::ReadOnly(_)
        )
    }

    /// Whether the server has certainly undone the transaction that was to end with a COMMIT: it says so, and goes on.
    fn is_undone(&self) -> bool {
        !matches!(self, Self::Lost(_) | Self::Silent)
    }

    /// What it means at a COMMIT.
    pub(super) fn at_commit(self) -> Self {
        if self.is_undone() {
            self
        } else {
            Self::Unknown(Box::new(self))
        }
    }
}

/// What an error of PostgreSQL means.
pub(super) fn engine_error(error: &tokio_postgres::Error) -> EngineError {
    let said = Said::of(error);
    let Some(code) = error.code() else {
        let source = std::error::Error::source(error);
        let of_the_way = error.is_closed() || source.is_some_and(<dyn std::error::Error>::is::<io::Error>);
        return if of_the_way {
            EngineError::Lost(said)
        } else {
            EngineError::Statement(said)
        };
    };
    match *code {
        SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => EngineError::InTheWay(said),
        SqlState::FOREIGN_KEY_VIOLATION => EngineError::Orphan(said),
        SqlState::LOCK_NOT_AVAILABLE => EngineError::Locked(said),
        SqlState::READ_ONLY_SQL_TRANSACTION => EngineError::ReadOnly(said),
        SqlState::DISK_FULL => EngineError::Full(said),
        SqlState::INSUFFICIENT_PRIVILEGE => EngineError::NotAllowed(said),
        SqlState::QUERY_CANCELED => EngineError::Slow(said),
        SqlState::INVALID_SQL_STATEMENT_NAME | SqlState::FEATURE_NOT_SUPPORTED => EngineError::Stale(said),
        SqlState::ADMIN_SHUTDOWN
        | SqlState::CRASH_SHUTDOWN
        | SqlState::CANNOT_CONNECT_NOW
        | SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT
        | SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN => EngineError::Lost(said),
        // Class 08 is that of connections.
        _ if code.code().starts_with("08") => EngineError::Lost(said),
        _ => EngineError::Statement(said),
    }
}

impl From<EngineError> for StoreError {
    /// Who waited in vain for somebody else's lock may try again.
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Locked(_) => Self::Busy,
            error => Self::Failed(Box::new(error)),
        }
    }
}

/// The engine's error in an error of the store.
pub(super) fn of_engine(error: &StoreError) -> Option<&EngineError> {
    match error {
        StoreError::Failed(source) => source.downcast_ref(),
        StoreError::Conflict(_) | StoreError::Busy => None,
    }
}

/// Whether the server could not be asked at all.
pub(super) fn is_away(error: &StoreError) -> bool {
    of_engine(error).is_some_and(|error| {
        matches!(
            error,
            EngineError::Lost(_) | EngineError::Silent | EngineError::Unconnected(_)
        )
    })
}

/// Whether a read failed by its connection alone, so that another may answer it.
pub(super) fn is_lost(error: &StoreError) -> bool {
    of_engine(error).is_some_and(EngineError::ends_the_connection)
}
