//! The connections that write: one a transaction.
//!
//! READ COMMITTED is enough, since every change is judged by the statement that makes it. It replaces a version or takes a
//! name that must be free, and PostgreSQL judges both anew on the row as it is when it gets the row's lock; from then on
//! nobody else changes that row before the COMMIT. What a record belongs to is held by its foreign key, and who deletes
//! holds the row first, so that nothing is added to it meanwhile. SERIALIZABLE would add failures, not truth.
//!
//! Two transactions may still wait for each other in a circle, or a parent go while its child comes: PostgreSQL undoes one
//! of them, and that one is done again. So is one whose connection is lost before its COMMIT was sent. When it is lost
//! during the COMMIT nobody knows whether it happened: the caller gets an error, and nothing is done twice.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use pool::ports::{Change, Conflict, StoreError};
use tokio::time::Instant;

use super::connection::{Connection, SHORT_LIMIT, USUAL_LIMIT};
use super::error::{EngineError, is_lost, of_engine};
use super::hosts;
use super::places::Places;
use super::session::{PostgresSession, is_read_only, passes};
use super::url::DatabaseUrl;
use crate::{change, telemetry};

/// How often a commit is tried that PostgreSQL undoes, and until when.
const TRIES: u32 = 6;
const TRIED_UNTIL: Duration = Duration::from_secs(15);

/// How long a statement may take that deletes a whole pool.
const LONG_LIMIT: Duration = Duration::from_mins(10);
const LONG: &str = "SET LOCAL statement_timeout = '590s'; SET LOCAL lock_timeout = '60s'";

const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";

/// A statement's time does not hold for the COMMIT: stopped while it waits for a synchronous standby, it would be reported
/// as done although only the primary has it.
const COMMIT: &str = "SET LOCAL statement_timeout = 0; COMMIT";

/// Connections that write, opened when they are needed and kept.
#[derive(Debug)]
pub(super) struct Writers {
    url: DatabaseUrl,
    idle: Mutex<Vec<Connection>>,
    places: Places,
}

impl Writers {
    pub(super) fn new(url: DatabaseUrl, connections: usize, first: Connection) -> Self {
        Self {
            url,
            idle: Mutex::new(vec![first]),
            places: Places::new("writes", connections.max(1)),
        }
    }

    /// Makes `changes` durable, or leaves no trace of them.
    pub(super) async fn commit(&self, changes: Vec<Change>) -> Result<(), StoreError> {
        let _place = self.places.take().await?;
        let (began, mut tries) = (Instant::now(), 1);
        loop {
            let connection = self.connection().await?;
            let outcome = transact(&connection, &changes).await;
            self.keep(connection, &outcome);
            match outcome {
                Err(error)
                    if tries < TRIES
                        && began.elapsed() < TRIED_UNTIL
                        && of_engine(&error).is_some_and(passes) =>
                {
                    telemetry::retry("commit");
                    tries += 1;
                }
                Err(error) => return Err(told(error)),
                Ok(()) => return Ok(()),
            }
        }
    }

    /// Whether the server takes no writes, asked on a connection that is free. When all are at work nothing is asked.
    pub(super) async fn are_read_only(&self) -> Result<bool, StoreError> {
        let Some(_place) = self.places.take_free() else {
            return Ok(false);
        };
        let mut once_more = true;
        loop {
            let connection = self.connection().await?;
            let mut session = PostgresSession {
                connection: &connection,
                limit: USUAL_LIMIT,
            };
            let answer = is_read_only(&mut session).await;
            self.keep(connection, &answer);
            match answer {
                Err(error) if once_more && is_lost(&error) => once_more = false,
                answer => return answer,
            }
        }
    }

    /// A connection for one transaction.
    async fn connection(&self) -> Result<Connection, StoreError> {
        while let Some(connection) = self.pop() {
            if connection.is_usable() {
                return Ok(connection);
            }
        }
        let connection = hosts::connect(&self.url).await;
        Ok(connection.map_err(EngineError::Unconnected)?)
    }

    fn pop(&self) -> Option<Connection> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    /// Puts a connection back. Where one was lost, those that lay idle beside it are not to be trusted either.
    fn keep<T>(&self, connection: Connection, outcome: &Result<T, StoreError>) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if outcome.as_ref().is_err_and(is_lost) {
            idle.clear();
        }
        if connection.is_usable() {
            idle.push(connection);
        }
    }
}

/// What the caller is told at last.
fn told(error: StoreError) -> StoreError {
    match of_engine(&error) {
        // As on SQLite: the pool, group or user has gone since it was read.
        Some(EngineError::Orphan(_)) => Conflict::Changed.into(),
        Some(EngineError::InTheWay(_)) => StoreError::Busy,
        _ => error,
    }
}

/// One transaction. A connection that it leaves usable has none open.
async fn transact(connection: &Connection, changes: &[Change]) -> Result<(), StoreError> {
    let long = changes
        .iter()
        .any(|change| matches!(change, Change::DeleteUserPool(_)));
    connection.command(BEGIN, SHORT_LIMIT).await?;
    if long {
        connection.command(LONG, SHORT_LIMIT).await?;
    }
    let limit = if long { LONG_LIMIT } else { USUAL_LIMIT };
    let mut session = PostgresSession { connection, limit };
    if let Err(error) = change::apply(&mut session, changes).await {
        if connection.is_usable() && connection.command("ROLLBACK", SHORT_LIMIT).await.is_err() {
            connection.give_up();
        }
        return Err(error);
    }
    let committed = connection.command(COMMIT, USUAL_LIMIT).await;
    Ok(committed.map_err(|error| {
        connection.give_up();
        error.at_commit()
    })?)
}
