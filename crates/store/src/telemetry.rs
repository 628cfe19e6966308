//! What the engines count and time, by the `metrics` facade. `docs/reference/metrics.md` lists all.

use std::time::Duration;

use metrics::{
    SharedString, Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};
use pool::ports::{Conflict, StoreError};
use pool::telemetry::TRACES;
use tracing::Span;
use tracing::field::Empty;

const READ_SECONDS: &str = "rehome_store_read_duration_seconds";
const COMMIT_SECONDS: &str = "rehome_store_commit_duration_seconds";
const ERRORS: &str = "rehome_store_errors_total";
const ENGINE: &str = "rehome_store_info";

/// Of SQLite: works that are not durable yet.
pub(crate) const WRITES_WAITING: &str = "rehome_sqlite_writes_waiting";
const TRANSACTION_SECONDS: &str = "rehome_sqlite_transaction_duration_seconds";
const LOG_BYTES: &str = "rehome_sqlite_wal_bytes";

/// Of PostgreSQL: how many may be at work at a time, are, and wait.
pub(crate) const PLACES: &str = "rehome_postgres_places_limit";
pub(crate) const PLACES_IN_USE: &str = "rehome_postgres_places_in_use";
pub(crate) const PLACES_WAITING: &str = "rehome_postgres_places_waiting";
pub(crate) const CONNECTIONS: &str = "rehome_postgres_connections";
const CONNECTS: &str = "rehome_postgres_connects_total";
const RETRIES: &str = "rehome_postgres_retries_total";

/// Tells the recorder what the metrics mean. To be called once it is installed.
pub fn describe() {
    describe_histogram!(READ_SECONDS, Unit::Seconds, "Time of one read of the store.");
    describe_histogram!(
        COMMIT_SECONDS,
        Unit::Seconds,
        "Time until a commit is durable or undone, waiting included."
    );
    describe_counter!(
        ERRORS,
        "Reads and commits that did not do what they should, by kind."
    );
    describe_gauge!(ENGINE, "1, with the engine of the store.");
    describe_gauge!(
        WRITES_WAITING,
        "Commits that the writer has been given and that are not durable yet."
    );
    describe_histogram!(
        TRANSACTION_SECONDS,
        Unit::Seconds,
        "Time of one transaction of the writer, from BEGIN to the flushed COMMIT; many commits share one."
    );
    describe_gauge!(LOG_BYTES, Unit::Bytes, "Size of the write-ahead log.");
    describe_gauge!(
        PLACES,
        "How many reads, listings or writes may be under way at a time."
    );
    describe_gauge!(PLACES_IN_USE, "How many are.");
    describe_gauge!(PLACES_WAITING, "How many wait for one to end.");
    describe_gauge!(CONNECTIONS, "Open connections to PostgreSQL.");
    describe_counter!(CONNECTS, "Connections that were made, or could not be.");
    describe_counter!(
        RETRIES,
        "Reads and commits that were done again: their connection was lost, or others were in the way."
    );
}

/// The store works on SQLite.
pub(crate) fn sqlite() {
    gauge!(ENGINE, "engine" => "sqlite").set(1.0);
}

/// The store works on PostgreSQL. What may never happen is there from the start: a rate needs a zero to rise from.
pub(crate) fn postgres() {
    gauge!(ENGINE, "engine" => "postgres").set(1.0);
    for during in ["read", "commit"] {
        counter!(RETRIES, "during" => during).increment(0);
    }
    counter!(CONNECTS, "outcome" => "failed").increment(0);
}

/// One read.
pub(crate) fn read<T>(read: &'static str, answer: &Result<T, StoreError>, took: Duration) {
    histogram!(READ_SECONDS, "read" => read).record(took);
    error("read", answer);
}

/// One look whether the store can do its work.
pub(crate) fn ready(took: Duration) {
    histogram!(READ_SECONDS, "read" => "ready").record(took);
}

/// One commit.
pub(crate) fn commit<T>(answer: &Result<T, StoreError>, took: Duration) {
    histogram!(COMMIT_SECONDS).record(took);
    error("commit", answer);
}

fn error<T>(during: &'static str, answer: &Result<T, StoreError>) {
    if let Err(error) = answer {
        counter!(ERRORS, "during" => during, "kind" => kind(error)).increment(1);
    }
}

fn kind(error: &StoreError) -> &'static str {
    match error {
        StoreError::Conflict(Conflict::Changed) => "changed",
        StoreError::Conflict(Conflict::LoginTaken(_)) => "login_taken",
        StoreError::Conflict(Conflict::IdTaken) => "id_taken",
        StoreError::Busy => "busy",
        StoreError::Failed(_) => "failed",
    }
}

/// The span of a read or a commit in a trace.
pub(crate) fn span(operation: &'static str) -> Span {
    tracing::info_span!(
        target: TRACES,
        "store",
        otel.name = operation,
        otel.status_code = Empty,
        db.operation.name = operation,
        "error.type" = Empty,
    )
}

/// Notes in a span that its call did not do what it should. That somebody was faster is no failure: the rules look again.
pub(crate) fn note<T>(span: &Span, answer: &Result<T, StoreError>) {
    let Err(error) = answer else { return };
    span.record("error.type", kind(error));
    if !matches!(error, StoreError::Conflict(_)) {
        span.record("otel.status_code", "ERROR");
    }
}

/// One transaction of SQLite's writer, after which its log has this size.
pub(crate) fn transaction(took: Duration, log_bytes: Option<u64>) {
    histogram!(TRANSACTION_SECONDS).record(took);
    if let Some(bytes) = log_bytes {
        // Exact up to 2^53 bytes.
        #[expect(clippy::cast_precision_loss, reason = "a log of petabytes may be a byte off")]
        gauge!(LOG_BYTES).set(bytes as f64);
    }
}

/// A connection was made, or could not be.
pub(crate) fn connect<T, E>(outcome: &Result<T, E>) {
    let outcome = if outcome.is_ok() { "ok" } else { "failed" };
    counter!(CONNECTS, "outcome" => outcome).increment(1);
}

/// A read or commit is done again.
pub(crate) fn retry(during: &'static str) {
    counter!(RETRIES, "during" => during).increment(1);
}

/// Something that a gauge counts as long as this lives. Several stores of a process add up.
#[derive(Debug)]
pub(crate) struct Counted {
    gauge: &'static str,
    lane: Option<SharedString>,
    by: f64,
}

impl Counted {
    /// One more.
    pub(crate) fn one(gauge: &'static str) -> Self {
        Self::new(gauge, None, 1.0)
    }

    /// So many more of one lane.
    pub(crate) fn of_lane(gauge: &'static str, lane: &'static str, by: u32) -> Self {
        Self::new(gauge, Some(SharedString::const_str(lane)), f64::from(by))
    }

    fn new(gauge: &'static str, lane: Option<SharedString>, by: f64) -> Self {
        let counted = Self { gauge, lane, by };
        counted.gauge().increment(by);
        counted
    }

    fn gauge(&self) -> metrics::Gauge {
        if let Some(lane) = &self.lane {
            gauge!(self.gauge, "lane" => lane.clone())
        } else {
            gauge!(self.gauge)
        }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.gauge().decrement(self.by);
    }
}
