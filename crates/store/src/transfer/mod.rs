//! Everything of one database into another, whatever their engines: from a file into PostgreSQL when one machine is no
//! longer enough, and back.
//!
//! Tables are copied in the order of their keys, a thousand rows a transaction, and each transaction notes how far it has
//! come. So a move that was stopped goes on where it was. The note is also a mark: no server opens a database that is half
//! full. Then the target's indexes are made, both are read from end to end and compared, and the mark goes only when they are
//! equal.

mod compare;
mod engine;
mod indexes;
mod tables;

use std::fmt;
use std::path::PathBuf;

use pool::ports::StoreError;
use serde::{Deserialize, Serialize};

use self::compare::compare;
use self::engine::Engine;
use self::indexes::Index;
use self::tables::{TABLES, Table};
use crate::migration::{MIGRATIONS, MOVING};
use crate::postgres::DatabaseUrl;
use crate::session::{Argument, Row, Value};

/// How many rows are copied in one transaction.
const BATCH: i64 = 1_000;

/// A database, by where it is.
#[derive(Clone, Debug)]
pub enum Place {
    /// A file of SQLite.
    File(PathBuf),
    /// A database of PostgreSQL.
    Postgres(Box<DatabaseUrl>),
}

/// How far a transfer has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub step: Step,
    /// With which table.
    pub table: &'static str,
    /// How many rows of all tables are done, those of an earlier run that was stopped included; or how many indexes of this
    /// run's.
    pub done: u64,
    /// How many there are.
    pub of: u64,
}

/// What a transfer does, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Rows go over.
    Copy,
    /// The indexes are made.
    Index,
    /// Both sides are read and compared.
    Compare,
}

impl Step {
    /// What a person is told.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Copy => "copying",
            Self::Index => "indexing",
            Self::Compare => "comparing",
        }
    }
}

/// A table that is equal on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferredTable {
    /// Its name.
    pub name: &'static str,
    /// How many rows it has.
    pub rows: u64,
    /// SHA-256 over all its values in the order of its key, in hexadecimal.
    pub digest: String,
}

/// Why a transfer has not been completed.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// One of the two cannot be opened.
    #[error(transparent)]
    Open(Box<dyn std::error::Error + Send + Sync>),
    /// The target holds something that no transfer has put there.
    #[error("the target is not empty (its table {table} has rows): name an empty one")]
    NotEmpty {
        /// The first table with rows.
        table: &'static str,
    },
    /// The source has been written to between two runs, or the target by somebody else.
    #[error(
        "the two differ in the table {table}: something was written meanwhile; stop all servers, empty the target and \
         begin again"
    )]
    Differs {
        /// The first table that differs.
        table: &'static str,
    },
    /// The target notes a move that this release knows nothing of.
    #[error("the target was being filled by another release: empty it and begin again")]
    OtherNote,
    /// One of the two failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Copies all of `from` into `to`, which is empty or half full from an earlier run, and compares both.
///
/// # Errors
/// [`TransferError`]; the source stays as it was, and the target marked, so that no server takes it for whole.
pub async fn transfer(
    from: &Place,
    to: &Place,
    told: &mut (dyn FnMut(Progress) + Send),
) -> Result<Vec<TransferredTable>, TransferError> {
    let mut from = Engine::source(from).await?;
    let mut to = Engine::target(to).await?;
    let mut position = begin_or_go_on(&mut to).await?;
    let mut counts = Vec::with_capacity(TABLES.len());
    for table in TABLES {
        counts.push(count(&mut from, table).await?);
    }
    let of = counts.iter().sum();
    let mut done: u64 = counts.iter().take(position.table).sum();
    if let Some(table) = TABLES.get(position.table) {
        done += count(&mut to, table).await?;
    }
    while let Some(table) = TABLES.get(position.table) {
        let copied = copy_batch(&mut from, &mut to, table, &mut position).await?;
        done += copied;
        told(Progress {
            step: Step::Copy,
            table: table.name,
            done,
            of,
        });
    }
    make_indexes(&mut to, &mut position, told).await?;
    let compared = compare(&mut from, &mut to, of, told).await?;
    to.execute(FORGET, &[]).await?;
    Ok(compared)
}

const NOTED: &str = "SELECT checksum FROM schema_migration WHERE schema_migration_id = 0";
const NOTE_FIRST: &str =
    "INSERT INTO schema_migration (schema_migration_id, name, checksum) VALUES (0, ?1, ?2)";
const NOTE: &str = "UPDATE schema_migration SET checksum = ?1 WHERE schema_migration_id = 0";
const FORGET: &str = "DELETE FROM schema_migration WHERE schema_migration_id = 0";

/// Where a transfer stands: behind which row of which table.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Position {
    /// How many migrations the tables have had: others have other tables.
    migrations: usize,
    table: usize,
    after: Vec<KeyValue>,
    /// What is yet to be made again; the last comes first.
    #[serde(default)]
    indexes: Vec<Index>,
}

/// A part of a key.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum KeyValue {
    Integer(i64),
    Text(String),
}

/// Where to go on; marks a target that is empty.
async fn begin_or_go_on(to: &mut Engine) -> Result<Position, TransferError> {
    if let Some(mut row) = to.rows(NOTED, &[]).await?.pop() {
        let position: Position = serde_json::from_str(&row.text(0)?).map_err(|_| TransferError::OtherNote)?;
        return if position.migrations == MIGRATIONS.len() {
            Ok(position)
        } else {
            Err(TransferError::OtherNote)
        };
    }
    for table in TABLES {
        if !to.rows(table.first, &[1.into()]).await?.is_empty() {
            return Err(TransferError::NotEmpty { table: table.name });
        }
    }
    to.begin().await?;
    let position = Position {
        migrations: MIGRATIONS.len(),
        indexes: indexes::take_away(to).await?,
        ..Position::default()
    };
    let note = position.note()?;
    to.execute(NOTE_FIRST, &[MOVING.into(), note.as_str().into()])
        .await?;
    to.command("COMMIT").await?;
    Ok(position)
}

impl Position {
    fn note(&self) -> Result<String, StoreError> {
        serde_json::to_string(self).map_err(|error| StoreError::Failed(Box::new(error)))
    }
}

/// Copies the next rows of a table, or goes on to the next table when there are none. Gives how many.
async fn copy_batch(
    from: &mut Engine,
    to: &mut Engine,
    table: &Table,
    position: &mut Position,
) -> Result<u64, StoreError> {
    let rows = page(from, table, &position.after).await?;
    if let Some(last) = rows.last() {
        position.after = key(table, last);
    } else {
        position.table += 1;
        position.after.clear();
    }
    to.begin().await?;
    to.insert_all(table, &rows).await?;
    note_and_commit(to, position).await?;
    Ok(rows.len() as u64)
}

async fn note_and_commit(to: &mut Engine, position: &Position) -> Result<(), StoreError> {
    let note = position.note()?;
    to.execute(NOTE, &[note.as_str().into()]).await?;
    to.command("COMMIT").await
}

/// Makes the indexes that lack.
async fn make_indexes(
    to: &mut Engine,
    position: &mut Position,
    told: &mut (dyn FnMut(Progress) + Send),
) -> Result<(), StoreError> {
    let of = position.indexes.len() as u64;
    while let Some(index) = position.indexes.pop() {
        let Some(table) = TABLES.get(index.table) else {
            continue;
        };
        told(Progress {
            step: Step::Index,
            table: table.name,
            done: of - 1 - position.indexes.len() as u64,
            of,
        });
        to.begin().await?;
        to.command(&index.definition).await?;
        note_and_commit(to, position).await?;
    }
    for table in TABLES {
        to.analyze(table).await?;
    }
    Ok(())
}

/// The rows behind a key; without one, the first.
async fn page(engine: &mut Engine, table: &Table, after: &[KeyValue]) -> Result<Vec<Row>, StoreError> {
    if after.is_empty() {
        return engine.rows(table.first, &[BATCH.into()]).await;
    }
    let mut arguments: Vec<Argument<'_>> = after
        .iter()
        .map(|value| match value {
            KeyValue::Integer(number) => Argument::Integer(*number),
            KeyValue::Text(text) => Argument::Text(text),
        })
        .collect();
    arguments.push(BATCH.into());
    engine.rows(table.after, &arguments).await
}

fn key(table: &Table, row: &Row) -> Vec<KeyValue> {
    let parts = row.0.iter().take(table.key);
    parts
        .map(|value| match value {
            Value::Integer(number) => KeyValue::Integer(*number),
            Value::Text(text) => KeyValue::Text(text.clone()),
            // No key has one.
            Value::Null => KeyValue::Text(String::new()),
        })
        .collect()
}

async fn count(engine: &mut Engine, table: &Table) -> Result<u64, StoreError> {
    let rows = engine.rows(table.count, &[]).await?;
    let count = rows.first().map_or(Ok(0), |row| row.integer(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// What a database is at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The steps of the tables that have been made, those of a newer release included.
    pub made: Vec<String>,
    /// The steps of this release that have not.
    pub missing: Vec<&'static str>,
    /// Whether a move into it has not come to its end.
    pub moving: bool,
}

/// What a database is at; nothing is changed.
///
/// # Errors
/// [`TransferError::Open`] when it cannot be opened.
pub async fn status(place: &Place) -> Result<Status, TransferError> {
    let recorded = match place {
        Place::File(path) => {
            crate::sqlite::recorded(path).map_err(|error| TransferError::Open(error.into()))?
        }
        Place::Postgres(url) => crate::postgres::recorded(url)
            .await
            .map_err(|error| TransferError::Open(error.into()))?,
    };
    let moving = recorded.iter().any(|(name, _)| name == MOVING);
    let made: Vec<String> = recorded
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| name != MOVING)
        .collect();
    let missing = MIGRATIONS.iter().map(|step| step.name).skip(made.len()).collect();
    Ok(Status {
        made,
        missing,
        moving,
    })
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Postgres(url) => write!(f, "{url}"),
        }
    }
}
