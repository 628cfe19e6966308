//! The connections that read. SQLite shows each the last commit before its statement began, and none of them ever
//! waits for the writer.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use pool::ports::StoreError;
use rusqlite::Connection;

use super::connection;
use super::error::store_error;
use super::session::SqliteSession;

/// Connections that read, opened when they are first needed.
#[derive(Debug)]
pub(super) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    /// So many stay open: as many as can read at once, and a few for threads that come by.
    keep: usize,
}

impl Readers {
    pub(super) fn new(path: &Path) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            path: path.to_owned(),
            idle: Mutex::default(),
            keep: cores + 2,
        }
    }

    /// Runs `ask` on a connection that no one else uses meanwhile.
    pub(super) fn read<T>(
        &self,
        ask: impl FnOnce(&mut SqliteSession<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => connection::open_reader(&self.path).map_err(store_error)?,
        };
        let answer = ask(&mut SqliteSession(&mut connection));
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < self.keep {
            idle.push(connection);
        }
        answer
    }
}
