//! A database of either kind, held by one connection that reads it from end to end or fills it.

use std::time::Duration;

use pool::ports::StoreError;

use super::tables::Table;
use super::{Place, TransferError};
use crate::postgres::{self, Connection};
use crate::session::{Argument, Row, Session};
use crate::sqlite::{self, SqliteSession};

/// How long one statement may take: a count of ten million rows does.
const LIMIT: Duration = Duration::from_hours(1);

/// The node's own limits are for short transactions.
const WITHOUT_LIMITS: &str = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0";

/// One move at a time fills a database, and one that was killed has come to its end there first.
const ALONE: &str = "SELECT pg_advisory_lock(125779887783782)";

/// A connection that nobody else uses.
pub(super) enum Engine {
    Sqlite(Box<rusqlite::Connection>),
    Postgres(Box<Connection>),
}

impl Engine {
    /// Opens what is to be read: as it is at this moment, whatever becomes of it meanwhile. A file is kept from being
    /// written.
    pub(super) async fn source(place: &Place) -> Result<Self, TransferError> {
        let mut engine = Self::open(place, false).await?;
        engine
            .command(match engine {
                Self::Sqlite(_) => "BEGIN IMMEDIATE",
                Self::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            })
            .await?;
        Ok(engine)
    }

    /// Opens what is to be filled, with the present tables.
    pub(super) async fn target(place: &Place) -> Result<Self, TransferError> {
        let mut engine = Self::open(place, true).await?;
        if matches!(engine, Self::Postgres(_)) {
            engine.command(ALONE).await?;
        }
        Ok(engine)
    }

    async fn open(place: &Place, moving: bool) -> Result<Self, TransferError> {
        Ok(match place {
            Place::File(path) => Self::Sqlite(Box::new(
                sqlite::open_for_transfer(path, moving).map_err(|error| TransferError::Open(error.into()))?,
            )),
            Place::Postgres(url) => {
                let connection = postgres::open_for_transfer(url, moving)
                    .await
                    .map_err(|error| TransferError::Open(error.into()))?;
                connection
                    .command(WITHOUT_LIMITS, LIMIT)
                    .await
                    .map_err(StoreError::from)?;
                Self::Postgres(Box::new(connection))
            }
        })
    }

    /// Begins a transaction that writes.
    pub(super) async fn begin(&mut self) -> Result<(), StoreError> {
        self.command(match self {
            Self::Sqlite(_) => "BEGIN IMMEDIATE",
            Self::Postgres(_) => "BEGIN",
        })
        .await
    }

    /// Runs a statement that both engines spell alike and that binds nothing.
    pub(super) async fn command(&mut self, sql: &str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => sqlite::run(connection, sql),
            Self::Postgres(connection) => Ok(connection.command(sql, LIMIT).await?),
        }
    }

    pub(super) async fn rows(
        &mut self,
        sql: &'static str,
        arguments: &[Argument<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Sqlite(connection) => SqliteSession(connection).rows(sql, arguments).await,
            Self::Postgres(connection) => postgres::session(connection, LIMIT).rows(sql, arguments).await,
        }
    }

    pub(super) async fn execute(
        &mut self,
        sql: &'static str,
        arguments: &[Argument<'_>],
    ) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(connection) => SqliteSession(connection).execute(sql, arguments).await,
            Self::Postgres(connection) => postgres::session(connection, LIMIT).execute(sql, arguments).await,
        }
    }

    /// Puts rows into a table: on PostgreSQL without waiting for each.
    pub(super) async fn insert_all(&mut self, table: &Table, rows: &[Row]) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => {
                for row in rows {
                    SqliteSession(connection)
                        .execute(table.insert, &row.arguments())
                        .await?;
                }
            }
            Self::Postgres(connection) => {
                connection.copy(table.copy, table.insert, rows, LIMIT).await?;
            }
        }
        Ok(())
    }

    /// The indexes of a table, each with its name and the statement that makes it, but those that keep something unique.
    pub(super) async fn indexes(&mut self, table: &'static str) -> Result<Vec<(String, String)>, StoreError> {
        const OF_SQLITE: &str = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?1 \
                                 AND sql NOT LIKE 'CREATE UNIQUE %' ORDER BY name";
        const OF_POSTGRES: &str = "SELECT CAST(own.relname AS TEXT), pg_catalog.pg_get_indexdef(own.oid) \
             FROM pg_catalog.pg_index JOIN pg_catalog.pg_class AS own ON own.oid = indexrelid \
             JOIN pg_catalog.pg_class AS indexed ON indexed.oid = indrelid \
             WHERE CAST(indexed.relname AS TEXT) = ?1 AND pg_catalog.pg_table_is_visible(indexed.oid) \
             AND NOT indisunique ORDER BY own.relname";
        let sql = match self {
            Self::Sqlite(_) => OF_SQLITE,
            Self::Postgres(_) => OF_POSTGRES,
        };
        let rows = self.rows(sql, &[table.into()]).await?;
        rows.into_iter()
            .map(|mut row| Ok((row.text(0)?, row.text(1)?)))
            .collect()
    }

    /// Has PostgreSQL look at the tables' contents, by which it plans; else it would plan as for empty ones for a while.
    pub(super) async fn analyze(&mut self, table: &Table) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(_) => self.command(&format!("ANALYZE {}", table.name)).await,
        }
    }
}
