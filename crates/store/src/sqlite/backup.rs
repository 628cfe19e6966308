//! A copy of the file while servers read and write it.
//!
//! The pages are copied inside one read transaction, so the copy is the database as it was when the copying began. Nobody
//! waits for it; only the write-ahead log cannot be folded into the file meanwhile and grows by what is written.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, ErrorCode};
use tempfile::NamedTempFile;

use super::check;
use super::connection::{self, OpenError};
use super::directory;

/// How many pages are copied between two reports: four MB.
const PAGES: i32 = 1024;

/// How far a backup has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackupProgress {
    /// Pages are copied.
    Copied {
        /// So many are.
        pages: u64,
        /// Of so many.
        of: u64,
    },
    /// The copy is read from end to end.
    Checking,
}

/// A backup that is in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackedUp {
    /// Its size.
    pub bytes: u64,
    /// How many users are in it, in all pools.
    pub users: u64,
}

/// Why there is no backup. Nothing is left of it.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Something has the name already.
    #[error("{} is there already: name another file", path.display())]
    Exists {
        /// The name.
        path: PathBuf,
    },
    /// The copy cannot be written.
    #[error("{} cannot be written: check that its directory is there, may be written by this user and has room", path.display())]
    Target {
        /// The backup.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The copy is not whole, and so neither is the database.
    #[error("{} is damaged ({damage}): keep the backups that you have, and restore the last", path.display())]
    Damaged {
        /// The database.
        path: PathBuf,
        /// What SQLite found first.
        damage: String,
    },
    /// It was told to stop.
    #[error("stopped; nothing was written")]
    Stopped,
}

/// Copies the database at `from` into the new file `to`, for its owner alone. The copy is read from end to end and flushed
/// to the disk before it gets its name. `told` hears how far it is; when `stop` becomes true it
/// ends soon.
///
/// # Errors
/// [`BackupError`]; `to` is not there then, unless it was before.
pub fn backup(
    from: &Path,
    to: &Path,
    stop: &Arc<AtomicBool>,
    told: &mut dyn FnMut(BackupProgress),
) -> Result<BackedUp, BackupError> {
    if to.symlink_metadata().is_ok() {
        return Err(BackupError::Exists { path: to.to_owned() });
    }
    let source = connection::open_as_it_is(from)?;
    let directory = directory::parent(to);
    let unwritable = |source: Box<dyn std::error::Error + Send + Sync>| BackupError::Target {
        path: to.to_owned(),
        source,
    };
    // Its mode is 0600.
    let copy = tempfile::Builder::new()
        .prefix(".rehome-backup-")
        .tempfile_in(directory)
        .map_err(|error| unwritable(error.into()))?;
    let failed = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::OperationInterrupted) => BackupError::Stopped,
        _ => unwritable(error.into()),
    };
    copy_pages(&source, copy.path(), stop, told).map_err(failed)?;
    if stop.load(Ordering::Relaxed) {
        return Err(BackupError::Stopped);
    }
    told(BackupProgress::Checking);
    let connection = open_alone(copy.path(), stop).map_err(failed)?;
    if let Some(damage) = check::damage(&connection).map_err(failed)?.into_iter().next() {
        let path = from.to_owned();
        return Err(BackupError::Damaged { path, damage });
    }
    let users = count_users(&connection).map_err(failed)?;
    drop(connection);
    let bytes = put_in_place(copy, to, directory).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => BackupError::Exists { path: to.to_owned() },
        _ => unwritable(error.into()),
    })?;
    Ok(BackedUp { bytes, users })
}

/// Copies all pages as they are at the first, or until it is stopped.
fn copy_pages(
    source: &Connection,
    to: &Path,
    stop: &AtomicBool,
    told: &mut dyn FnMut(BackupProgress),
) -> rusqlite::Result<()> {
    let mut target = Connection::open(to)?;
    // A copy that is not finished is thrown away, and the finished one is flushed once.
    target.pragma_update(None, "journal_mode", "OFF")?;
    target.pragma_update(None, "synchronous", "OFF")?;
    // Held open: without it every commit of a server would make the copying begin again.
    source.execute_batch("BEGIN; SELECT COUNT(*) FROM sqlite_schema")?;
    let backup = Backup::new(source, &mut target)?;
    while !stop.load(Ordering::Relaxed) {
        // Nobody else knows the copy, and the source is being read already: neither is ever locked.
        let outcome = backup.step(PAGES)?;
        let progress = backup.progress();
        let (of, left) = (progress.pagecount, progress.remaining);
        told(BackupProgress::Copied {
            pages: u64::try_from(of - left).unwrap_or(0),
            of: u64::try_from(of).unwrap_or(0),
        });
        if outcome == StepResult::Done {
            break;
        }
    }
    Ok(())
}

/// Opens the copy; what runs on it ends when it is stopped.
fn open_alone(copy: &Path, stop: &Arc<AtomicBool>) -> rusqlite::Result<Connection> {
    let mut connection = Connection::open(copy)?;
    check::stop_with(&mut connection, stop)?;
    // No log is shared with anybody, so no index of one appears beside it.
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    Ok(connection)
}

fn count_users(connection: &Connection) -> rusqlite::Result<u64> {
    const SQL: &str = "SELECT COALESCE(SUM(users), 0) FROM user_count";
    let users: i64 = connection.query_row(SQL, [], |row| row.get(0))?;
    Ok(u64::try_from(users).unwrap_or(0))
}

/// Makes the copy durable, then its name. Gives its size.
fn put_in_place(copy: NamedTempFile, to: &Path, directory: &Path) -> io::Result<u64> {
    copy.as_file().sync_all()?;
    let bytes = copy.as_file().metadata()?.len();
    copy.persist_noclobber(to)?;
    directory::flush(directory)?;
    Ok(bytes)
}
