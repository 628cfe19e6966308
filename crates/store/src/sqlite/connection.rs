//! How the file is opened, and how each connection is set up.

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::directory;
use super::error::is_full;
use crate::migration::{self, Applied, MIGRATIONS, Refusal};

/// How long a write waits for one of another process before it fails.
const WAIT_FOR_OTHERS: Duration = Duration::from_secs(5);

/// How long the opening does: a process that keeps the file to itself will not let go.
const WAIT_AT_OPENING: Duration = Duration::from_secs(1);

/// Room for all statements there are.
const STATEMENTS: usize = 96;

/// So much of the file is read without a system call.
const MAPPED_BYTES: i64 = 1 << 30;

/// Marks the file as ours: "rehm" in ASCII.
const APPLICATION_ID: i32 = 0x7265_686d;

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The directory or the file cannot be made or opened.
    #[error("{} cannot be opened: check that its directory can be written by this user", path.display())]
    File {
        /// The database file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The file is no database of SQLite, or not one of this software.
    #[error("{} is not a database of this software, or its beginning is damaged: name another file, or restore a backup", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// Another process has locked the file for itself.
    #[error("{} is locked by another process: stop it, or name another file", path.display())]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The file is broken.
    #[error("{} is damaged: restore it from a backup", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// No space is left.
    #[error("the disk that holds {} is full: free some space", path.display())]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// A newer release has changed the tables.
    #[error("{} has been used by a newer release (its tables are at {migration}): run that release", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The first step that this release does not know.
        migration: String,
    },
    /// `rehome db move` has not come to its end here.
    #[error("{} is being filled by rehome db move: run that to its end", path.display())]
    Moving {
        /// The file.
        path: PathBuf,
    },
    /// The tables were made by other statements than this release's.
    #[error("{} was made by a build whose {migration} differs: run that build, or name another file", path.display())]
    Altered {
        /// The file.
        path: PathBuf,
        /// The step that differs.
        migration: String,
    },
    /// SQLite could not do it.
    #[error("{} cannot be opened", path.display())]
    Failed {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The system gives no thread for the writer.
    #[error("the store's writer cannot be started")]
    Thread(#[source] io::Error),
}

/// The connection that writes, on a file with the present tables.
pub(super) fn open_writer(path: &Path) -> Result<Connection, OpenError> {
    open(path, false)
}

/// The same; with `moving` on a file that is being filled, too.
pub(super) fn open(path: &Path, moving: bool) -> Result<Connection, OpenError> {
    make_file(path).map_err(|source| OpenError::File {
        path: path.to_owned(),
        source,
    })?;
    let result = Connection::open_with_flags(path, flags(OpenFlags::SQLITE_OPEN_READ_WRITE)).and_then(
        |mut connection| set_up_writer(&mut connection, moving).map(|outcome| (connection, outcome)),
    );
    let (connection, outcome) = result.map_err(|error| open_error(path, error))?;
    match outcome {
        Ok(()) => Ok(connection),
        Err(Unusable::Foreign) => Err(OpenError::NotOurs {
            path: path.to_owned(),
        }),
        Err(Unusable::Refused(Refusal::Newer { migration })) => Err(OpenError::Newer {
            path: path.to_owned(),
            migration,
        }),
        Err(Unusable::Refused(Refusal::Moving)) => Err(OpenError::Moving {
            path: path.to_owned(),
        }),
        Err(Unusable::Refused(Refusal::Altered { migration })) => Err(OpenError::Altered {
            path: path.to_owned(),
            migration,
        }),
    }
}

/// A connection that reads. The writer's must be open.
pub(super) fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, flags(OpenFlags::SQLITE_OPEN_READ_ONLY))?;
    connection.busy_timeout(WAIT_FOR_OTHERS)?;
    connection.pragma_update(None, "mmap_size", MAPPED_BYTES)?;
    keep_statements(&connection)?;
    Ok(connection)
}

/// Sees to it that a statement is parsed and planned once. Left to itself SQLite plans many again whenever other values
/// are bound, in hope of a better plan. There is none here, and the planning costs more than the look-up.
fn keep_statements(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(())
}

/// A connection is used by one thread at a time, so SQLite need not lock it.
fn flags(access: OpenFlags) -> OpenFlags {
    access | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

/// Makes the file and its directory where they lack, for their owner alone. SQLite gives its log beside the file the
/// same mode.
fn make_file(path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new();
    file.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    directory::make_directory(directory::parent(path))?;
    // SQLite flushes the name when it has made the log beside it.
    file.open(path).map(drop)
}

/// What is not an error of SQLite but still no database for us.
enum Unusable {
    Foreign,
    Refused(Refusal),
}

fn set_up_writer(connection: &mut Connection, moving: bool) -> rusqlite::Result<Result<(), Unusable>> {
    connection.busy_timeout(WAIT_AT_OPENING)?;
    if is_foreign(connection)? {
        return Ok(Err(Unusable::Foreign));
    }
    // Readers never wait for the writer; a commit is one write and one flush of the log.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // macOS calls a flush done before the disk has it, unless told otherwise. Elsewhere this changes nothing.
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // Negative: kibibytes. Holds the inner pages of all indexes of some million users.
    connection.pragma_update(None, "cache_size", -64 * 1024)?;
    // Sixteen MB of log between two checkpoints.
    connection.pragma_update(None, "wal_autocheckpoint", 4000)?;
    connection.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)?;
    keep_statements(connection)?;
    if let Err(refusal) = migrate(connection, moving)? {
        return Ok(Err(Unusable::Refused(refusal)));
    }
    connection.busy_timeout(WAIT_FOR_OTHERS)?;
    Ok(Ok(()))
}

/// A connection to a file that is there, whose tables stay as they are.
pub(super) fn open_as_it_is(path: &Path) -> Result<Connection, OpenError> {
    let result =
        Connection::open_with_flags(path, flags(OpenFlags::SQLITE_OPEN_READ_WRITE)).and_then(|connection| {
            connection.busy_timeout(WAIT_FOR_OTHERS)?;
            let foreign = is_foreign(&connection)?;
            let applied = applied(&connection)?;
            Ok((connection, foreign, applied))
        });
    let (connection, foreign, applied) = result.map_err(|error| open_error(path, error))?;
    let path = path.to_owned();
    if foreign || applied.is_empty() {
        return Err(OpenError::NotOurs { path });
    }
    if applied.iter().any(|(name, _)| name == migration::MOVING) {
        return Err(OpenError::Moving { path });
    }
    Ok(connection)
}

/// What a file records of its tables; nothing is changed.
pub(super) fn recorded(path: &Path) -> Result<Applied, OpenError> {
    let result = Connection::open_with_flags(path, flags(OpenFlags::SQLITE_OPEN_READ_ONLY))
        .and_then(|connection| applied(&connection));
    result.map_err(|error| open_error(path, error))
}

/// Whether the file belongs to another application: it has tables, but not our mark.
fn is_foreign(connection: &Connection) -> rusqlite::Result<bool> {
    let mark: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if mark == APPLICATION_ID {
        return Ok(false);
    }
    let tables: i64 = connection.query_row("SELECT COUNT(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(tables > 0 || mark != 0)
}

/// Applies the missing migrations in one transaction. The lock is taken first, so that two processes that start at
/// once do not both apply them; it is spared where nothing is missing.
fn migrate(connection: &mut Connection, moving: bool) -> rusqlite::Result<Result<(), Refusal>> {
    match migration::missing(MIGRATIONS, &migration::unmarked(applied(connection)?, moving)) {
        Ok([]) => return Ok(Ok(())),
        Err(refusal) => return Ok(Err(refusal)),
        Ok(_) => {}
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let applied = migration::unmarked(applied(&transaction)?, moving);
    let missing = match migration::missing(MIGRATIONS, &applied) {
        Ok(missing) => missing,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if applied.is_empty() && !missing.is_empty() {
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.execute_batch(migration::TABLE)?;
    }
    for (number, migration) in (1_i64..).zip(MIGRATIONS).skip(applied.len()) {
        transaction.execute_batch(migration.sql)?;
        transaction.execute(
            "INSERT INTO schema_migration (schema_migration_id, name, checksum) VALUES (?1, ?2, ?3)",
            (number, migration.name, migration.checksum()),
        )?;
    }
    transaction.commit().map(Ok)
}

/// The migrations that the file records.
fn applied(connection: &Connection) -> rusqlite::Result<Applied> {
    let recorded: i64 = connection.query_row(
        "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migration'",
        [],
        |row| row.get(0),
    )?;
    if recorded == 0 {
        return Ok(Applied::new());
    }
    let mut statement = connection.prepare(migration::RECORDED)?;
    statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// What an error at the opening means.
fn open_error(path: &Path, error: rusqlite::Error) -> OpenError {
    let path = path.to_owned();
    if is_full(&error) {
        return OpenError::Full { path };
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => OpenError::NotOurs { path },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => OpenError::Locked { path },
        Some(ErrorCode::DatabaseCorrupt) => OpenError::Damaged {
            path,
            source: Box::new(error),
        },
        _ => OpenError::Failed {
            path,
            source: Box::new(error),
        },
    }
}
