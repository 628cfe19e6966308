//! Whether a file is whole: SQLite reads it from end to end.
//!
//! A run that has not ended by itself (a crash, a power cut) may have been on a disk that lies about what it has written.
//! So the next run checks. It takes as long as reading the file does, minutes for ten million users, and a server
//! has to answer at once. So it answers, and the check goes on beside it; when something is broken, nothing more is written.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;

use rusqlite::{Connection, ErrorCode};

use super::connection;

/// So many faults are told; nobody reads more before restoring.
const TOLD: u8 = 5;

/// How many steps of SQLite's machine are made between two looks at whether to stop: some milliseconds of them.
const STEPS: i32 = 100_000;

/// What is known of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Check {
    /// The last run ended by itself: there was nothing to check.
    NotNeeded,
    /// It is being read.
    UnderWay,
    /// Nothing is broken.
    Whole,
    /// It is broken; the first that was found, in SQLite's words.
    Damaged(String),
    /// It could not be read to its end; why is in the log.
    Failed,
}

/// A check beside the server's work. When it is dropped, the check ends.
#[derive(Debug)]
pub(super) struct Checker {
    outcome: Arc<OnceLock<Check>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Checker {
    /// Nothing is checked.
    pub(super) fn idle() -> Self {
        Self {
            outcome: Arc::new(Check::NotNeeded.into()),
            stop: Arc::default(),
            thread: None,
        }
    }

    /// Begins to read the file.
    pub(super) fn start(path: &Path) -> io::Result<Self> {
        let (outcome, stop) = (Arc::new(OnceLock::new()), Arc::new(AtomicBool::new(false)));
        let (path, found, stopped) = (path.to_owned(), Arc::clone(&outcome), Arc::clone(&stop));
        let thread = std::thread::Builder::new()
            .name("store-check".to_owned())
            .spawn(move || {
                if let Some(check) = check_and_tell(&path, &stopped) {
                    let _first_and_only = found.set(check);
                }
            })?;
        Ok(Self {
            outcome,
            stop,
            thread: Some(thread),
        })
    }

    pub(super) fn outcome(&self) -> Check {
        self.outcome.get().cloned().unwrap_or(Check::UnderWay)
    }

    /// What is broken, if anything is known to be.
    pub(super) fn damage(&self) -> Option<&str> {
        match self.outcome.get() {
            Some(Check::Damaged(damage)) => Some(damage),
            _ => None,
        }
    }
}

impl Drop for Checker {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the check of the database panicked");
        }
    }
}

/// Whether whoever wrote the file last has not closed it: the log stays behind then, with something in it. It is there
/// too while another process has the file open; a check more does no harm.
pub(super) fn was_left_open(path: &Path) -> bool {
    std::fs::metadata(log_of(path)).is_ok_and(|log| log.len() > 0)
}

fn log_of(path: &Path) -> PathBuf {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    log.into()
}

/// The outcome, which is logged too; nothing when it was stopped.
fn check_and_tell(path: &Path, stop: &Arc<AtomicBool>) -> Option<Check> {
    tracing::info!(file = %path.display(), "the last run did not end by itself: checking the database meanwhile");
    match structural_damage(path, stop) {
        Ok(None) => {
            tracing::info!(file = %path.display(), "the database is whole");
            Some(Check::Whole)
        }
        Ok(Some(damage)) => {
            tracing::error!(
                file = %path.display(), damage,
                "the database is damaged: nothing more is written to it; restore it from a backup"
            );
            Some(Check::Damaged(damage))
        }
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => None,
        Err(error) => {
            tracing::error!(file = %path.display(), %error, "the database could not be checked");
            Some(Check::Failed)
        }
    }
}

/// The first fault in the structure of the tables and their indexes, each read at a moment of its own, so that the log can
/// be folded into the file between two.
fn structural_damage(path: &Path, stop: &Arc<AtomicBool>) -> rusqlite::Result<Option<String>> {
    let mut connection = connection::open_reader(path)?;
    stop_with(&mut connection, stop)?;
    for table in tables(&connection)? {
        let faults = faults(&connection, &format!("PRAGMA quick_check(\"{table}\")"))?;
        if let Some(first) = faults.into_iter().next() {
            return Ok(Some(first));
        }
    }
    Ok(None)
}

fn tables(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement =
        connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")?;
    statement.query_map([], |row| row.get(0))?.collect()
}

/// What runs on the connection ends soon after `stop` has become true.
pub(super) fn stop_with(connection: &mut Connection, stop: &Arc<AtomicBool>) -> rusqlite::Result<()> {
    let stop = Arc::clone(stop);
    connection.progress_handler(STEPS, Some(move || stop.load(Ordering::Relaxed)))
}

/// What is broken in the file of a connection, in SQLite's words; nothing when it is whole. Every page is read, every row
/// looked up in every index.
pub(super) fn damage(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    faults(connection, &format!("PRAGMA integrity_check({TOLD})"))
}

fn faults(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    let told = connection.prepare(sql).and_then(|mut statement| {
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
        rows.collect::<rusqlite::Result<Vec<_>>>()
    });
    match told {
        Ok(told) => Ok(told.into_iter().filter(|fault| fault != "ok").collect()),
        // So broken that it cannot even be looked for.
        Err(error) if is_damage(&error) => Ok(vec![error.to_string()]),
        Err(error) => Err(error),
    }
}

fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
    )
}
