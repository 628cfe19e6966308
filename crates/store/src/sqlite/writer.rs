//! The writer: one thread that applies works in their order of arrival and makes all that wait durable with one
//! COMMIT, so that one write to the disk serves many.
//!
//! A group is tried as it is. When one of its works fails, all is rolled back and done once more with a savepoint around
//! each, so that what fails is rolled back alone. Most groups have no such work, and a savepoint is dear: SQLite copies
//! every page that a work is the first to change, a third of what the whole work costs. When the COMMIT itself fails, all
//! works of the group have failed, since each may have seen what another did.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

use pool::ports::StoreError;
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::error::{EngineError, engine_error};
use crate::telemetry::{self, Counted, WRITES_WAITING};

/// What a caller wants done inside a transaction; it may be done again when all of it has been undone.
pub(super) type Work = Box<dyn FnMut(&mut Connection) -> Outcome + Send>;

/// What became of it.
type Outcome = Result<(), StoreError>;

/// How many works may wait; more callers than that wait to hand theirs over.
const QUEUE: usize = 1024;

/// The most works that share a transaction: so many that the disk is no longer what limits, so few that the first
/// caller does not wait long for the last.
const GROUP: usize = 256;

/// A work and where its result goes.
struct Job {
    work: Work,
    answer: oneshot::Sender<Outcome>,
}

/// The door to the thread that writes.
#[derive(Debug)]
pub(super) struct Writer {
    // Both `Some` until the drop.
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(connection: Connection) -> io::Result<Self> {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || write_all(connection, queue))?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    /// Runs `work` in a transaction. The answer comes when it is durable or has left no trace. A caller who goes away
    /// meanwhile does not stop it.
    pub(super) async fn run(&self, work: Work) -> Outcome {
        let _waiting = Counted::one(WRITES_WAITING);
        let (answer, result) = oneshot::channel();
        let Some(jobs) = &self.jobs else {
            return Err(stopped());
        };
        jobs.send(Job { work, answer }).await.map_err(|_| stopped())?;
        result.await.map_err(|_| stopped())?
    }
}

impl Writer {
    /// Whether the thread is there.
    pub(super) fn check(&self) -> Outcome {
        match &self.thread {
            Some(thread) if !thread.is_finished() => Ok(()),
            _ => Err(stopped()),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the store's writer had stopped with a panic");
        }
    }
}

/// The life of the thread: until the last door is gone and the queue is empty.
fn write_all(mut connection: Connection, mut queue: mpsc::Receiver<Job>) {
    let mut room = Room::Enough;
    let log = log_file(&connection);
    while let Some(first) = queue.blocking_recv() {
        let mut group = vec![first];
        while group.len() < GROUP
            && let Ok(next) = queue.try_recv()
        {
            group.push(next);
        }
        let since = Instant::now();
        write_group(&mut connection, group, &mut room);
        let log_bytes = log.as_ref().and_then(|log| log.metadata().ok());
        telemetry::transaction(since.elapsed(), log_bytes.map(|log| log.len()));
    }
    if let Err(error) = checkpoint(&connection) {
        // Nothing is lost: the next opening reads the log.
        tracing::warn!(error = %error, "the write-ahead log stays beside the database");
    }
}

/// The write-ahead log beside the file.
fn log_file(connection: &Connection) -> Option<PathBuf> {
    Some(format!("{}-wal", connection.path()?).into())
}

/// Brings the write-ahead log into the file.
fn checkpoint(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
}

/// One transaction for all works of `group`.
fn write_group(connection: &mut Connection, group: Vec<Job>, room: &mut Room) {
    let (works, answers): (Vec<Work>, Vec<_>) = group.into_iter().map(|job| (job.work, job.answer)).unzip();
    let outcomes = transact(connection, works);
    room.note(&outcomes);
    for (answer, outcome) in answers.into_iter().zip(outcomes) {
        // A caller who has gone wants no answer.
        drop(answer.send(outcome));
    }
}

/// Whether the disk has room, by what the last writes met. It is told when it changes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Room {
    Enough,
    None,
}

impl Room {
    fn note(&mut self, outcomes: &[Outcome]) {
        let now = if outcomes
            .iter()
            .filter_map(|outcome| outcome.as_ref().err())
            .any(is_full)
        {
            Self::None
        } else if outcomes.iter().any(Result::is_ok) {
            Self::Enough
        } else {
            // Refused for other reasons: nothing was tried.
            return;
        };
        if now != *self {
            *self = now;
            match now {
                Self::None => tracing::error!(
                    "the disk that holds the database is full: reads and sign-ins go on, what would be written is refused \
                     until there is room; free some space"
                ),
                Self::Enough => tracing::info!("the disk that holds the database has room again"),
            }
        }
    }
}

/// Whether this came of a full disk, the work's own or that of the transaction around it.
fn is_full(error: &StoreError) -> bool {
    let StoreError::Failed(error) = error else {
        return false;
    };
    match error.downcast_ref() {
        Some(TransactionFailed(cause)) => is_full(cause),
        None => matches!(error.downcast_ref(), Some(EngineError::Full(_))),
    }
}

/// The result of each work, durable or undone.
fn transact(connection: &mut Connection, mut works: Vec<Work>) -> Vec<Outcome> {
    let cause = match all_or_none(connection, &mut works) {
        Ok(()) => return works.iter().map(|_| Ok(())).collect(),
        Err(GivenUp::OneFailed(error)) => {
            roll_back(connection);
            if works.len() == 1 {
                return vec![Err(error)];
            }
            match one_by_one(connection, &mut works) {
                Ok(outcomes) => return outcomes,
                Err(error) => error,
            }
        }
        Err(GivenUp::Uncommitted(error)) => error,
    };
    roll_back(connection);
    let cause = Arc::new(cause);
    let failed = || StoreError::Failed(Box::new(TransactionFailed(Arc::clone(&cause))));
    works.iter().map(|_| Err(failed())).collect()
}

/// Why a transaction is not to be.
enum GivenUp {
    /// A work failed.
    OneFailed(StoreError),
    /// The transaction itself did.
    Uncommitted(StoreError),
}

/// Runs the works inside one transaction, as if none could fail.
fn all_or_none(connection: &mut Connection, works: &mut [Work]) -> Result<(), GivenUp> {
    run(connection, "BEGIN IMMEDIATE").map_err(GivenUp::Uncommitted)?;
    for work in works {
        guarded(connection, work).map_err(GivenUp::OneFailed)?;
        if connection.is_autocommit() {
            return Err(GivenUp::OneFailed(ended()));
        }
    }
    run(connection, "COMMIT").map_err(GivenUp::Uncommitted)
}

/// Runs the works inside one transaction, each so that it can be undone alone. An error is one of the transaction as a whole.
fn one_by_one(connection: &mut Connection, works: &mut [Work]) -> Result<Vec<Outcome>, StoreError> {
    run(connection, "BEGIN IMMEDIATE")?;
    let mut outcomes = Vec::with_capacity(works.len());
    for work in works {
        run(connection, "SAVEPOINT work")?;
        let outcome = guarded(connection, work);
        // Some errors, a full disk among them, can end the whole transaction: what the others did is gone then.
        if connection.is_autocommit() {
            return Err(outcome.err().unwrap_or_else(ended));
        }
        if outcome.is_err() {
            run(connection, "ROLLBACK TO work")?;
        }
        run(connection, "RELEASE work")?;
        outcomes.push(outcome);
    }
    run(connection, "COMMIT")?;
    Ok(outcomes)
}

fn roll_back(connection: &Connection) {
    if !connection.is_autocommit()
        && let Err(error) = connection.execute_batch("ROLLBACK")
    {
        tracing::error!(error = %error, "the store's transaction cannot be rolled back");
    }
}

fn ended() -> StoreError {
    StoreError::Failed("a work ended the transaction".into())
}

/// Runs one work. A panic is its failure alone: the thread must live on, for everybody writes through it.
fn guarded(connection: &mut Connection, work: &mut Work) -> Outcome {
    catch_unwind(AssertUnwindSafe(|| work(connection))).unwrap_or_else(|_| {
        tracing::error!("a work of the store panicked; it has been undone");
        Err(StoreError::Failed(
            "the write panicked and has been undone".into(),
        ))
    })
}

/// Runs a statement of the transaction itself.
fn run(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    let outcome = connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.execute([]));
    outcome
        .map(drop)
        .map_err(|error| StoreError::Failed(Box::new(engine_error(error))))
}

fn stopped() -> StoreError {
    StoreError::Failed("the store's writer has stopped".into())
}

/// Why nothing of a group was done.
#[derive(Debug, thiserror::Error)]
#[error("the transaction could not be made durable and has been undone")]
struct TransactionFailed(#[source] Arc<StoreError>);
