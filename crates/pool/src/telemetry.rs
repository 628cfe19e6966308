//! What the rules count and time. The `metrics` facade costs next to nothing where nobody has installed a recorder.
//!
//! Labels have few values, all of them ours: names of steps, triggers and outcomes, and the pools' ids up to
//! [`POOLS_TOLD_APART`]. Nothing that a client or a function has written is ever among them. The durations are the machine's,
//! whatever the pools' clock says: no rule goes by them. `docs/reference/metrics.md` lists all.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use metrics::{SharedString, Unit, counter, describe_counter, describe_histogram, histogram};
use tokio::time::Instant;

use crate::error::Error;
use crate::id::UserPoolId;
use crate::ports::InvokeError;

const STEPS: &str = "rehome_sign_in_steps_total";
const STEP_SECONDS: &str = "rehome_sign_in_step_duration_seconds";
const MIGRATIONS: &str = "rehome_migrations_total";
const MIGRATION_SECONDS: &str = "rehome_migration_duration_seconds";
const TRIGGER_CALLS: &str = "rehome_trigger_calls_total";
const TRIGGER_SECONDS: &str = "rehome_trigger_call_duration_seconds";
const CACHE: &str = "rehome_cache_lookups_total";

/// The target of every span that is for traces: a collector gets those alone. The log leaves them out, and where no traces are
/// sent none is made. A span has names and ids of ours, never what a person or a client has written.
pub const TRACES: &str = "rehome_traces";

/// So many pools have a label of their own in a process; those that come later share one. A pool has up to some hundred
/// time series, and pools are made by whoever holds a key.
pub const POOLS_TOLD_APART: usize = 50;

/// The label of all further pools.
const OTHER_POOLS: &str = "other";

/// The label where no pool is known: the app client or the pool that was named does not exist.
const NO_POOL: &str = "none";

/// Tells the recorder what the metrics mean. To be called once it is installed.
pub fn describe() {
    describe_counter!(
        STEPS,
        "Steps of sign-ins, password resets and token requests by what came of them."
    );
    describe_histogram!(STEP_SECONDS, Unit::Seconds, "Time that a step's rule takes.");
    describe_counter!(
        MIGRATIONS,
        "Calls of the migrate user trigger by what came of them."
    );
    describe_histogram!(
        MIGRATION_SECONDS,
        Unit::Seconds,
        "Time from asking the migration function to the user being stored, or to its no."
    );
    describe_counter!(
        TRIGGER_CALLS,
        "Tries to invoke a trigger's function and have an answer."
    );
    describe_histogram!(
        TRIGGER_SECONDS,
        Unit::Seconds,
        "Time of one try to invoke a trigger's function."
    );
    describe_counter!(
        CACHE,
        "Look-ups in the caches of pools, app clients, groups and brandings."
    );
}

/// Measures how long something takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// A step of a sign-in, or of what else leads to one, under way.
#[derive(Debug)]
pub(crate) struct Step {
    /// Cognito's name of the flow, challenge or operation, or OAuth's of the grant.
    pub(crate) name: &'static str,
    /// `api`, `admin`, `page` or `oauth`.
    face: &'static str,
    /// As [`PoolLabels::of`] gives it.
    pub(crate) pool: SharedString,
    since: Stopwatch,
}

impl Step {
    /// One of a pool that is not known yet.
    pub(crate) fn begin(name: &'static str, face: &'static str) -> Self {
        Self {
            name,
            face,
            pool: SharedString::const_str(NO_POOL),
            since: Stopwatch::start(),
        }
    }

    /// Counts the step. `outcome` is that of a good end, or what [`outcome_of`] says.
    pub(crate) fn end(self, outcome: &'static str) {
        histogram!(STEP_SECONDS, "step" => self.name).record(self.since.elapsed());
        counter!(STEPS, "step" => self.name, "face" => self.face, "outcome" => outcome, "user_pool" => self.pool)
            .increment(1);
    }
}

/// What an error says of the software's health: whose *no* it is.
pub(crate) fn outcome_of(error: &Error) -> &'static str {
    match error {
        Error::Internal(_) => "failed",
        Error::UnexpectedLambda(_) | Error::InvalidLambdaResponse(_) => "function_failed",
        Error::CodeDeliveryFailure(_) => "not_delivered",
        Error::TooManyRequests(_) | Error::LimitExceeded(_) => "throttled",
        _ => "refused",
    }
}

/// Counts one call of the *migrate user* trigger, all its tries together.
pub(crate) fn migration(
    source: &'static str,
    outcome: &'static str,
    user_pool: SharedString,
    since: Stopwatch,
) {
    histogram!(MIGRATION_SECONDS, "source" => source).record(since.elapsed());
    counter!(MIGRATIONS, "source" => source, "outcome" => outcome, "user_pool" => user_pool).increment(1);
}

/// Counts one try to have an answer of a trigger's function.
pub(crate) fn trigger_call<T>(
    trigger: &'static str,
    attempt: u32,
    answer: &Result<T, InvokeError>,
    since: Stopwatch,
) {
    let attempt = match attempt {
        1 => "1",
        2 => "2",
        _ => "3",
    };
    let outcome = match answer {
        Ok(_) => "answered",
        Err(InvokeError::Failed { .. }) => "failed",
        Err(InvokeError::TimedOut) => "timed_out",
        Err(InvokeError::NotInvoked { .. }) => "not_invoked",
    };
    histogram!(TRIGGER_SECONDS, "trigger" => trigger, "try" => attempt).record(since.elapsed());
    counter!(TRIGGER_CALLS, "trigger" => trigger, "try" => attempt, "outcome" => outcome).increment(1);
}

/// Counts one look-up in a cache.
pub(crate) fn cache(name: &'static str, hit: bool) {
    let outcome = if hit { "hit" } else { "miss" };
    counter!(CACHE, "cache" => name, "outcome" => outcome).increment(1);
}

/// The pools that have a label of their own.
#[derive(Debug, Default)]
pub(crate) struct PoolLabels(RwLock<HashMap<UserPoolId, Arc<str>>>);

impl PoolLabels {
    /// The label of a pool, which must be one that is there: clients write any id.
    pub(crate) fn of(&self, id: &UserPoolId) -> SharedString {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(label) = known.get(id) {
            return SharedString::from_shared(Arc::clone(label));
        }
        let full = known.len() >= POOLS_TOLD_APART;
        drop(known);
        if full {
            return SharedString::const_str(OTHER_POOLS);
        }
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= POOLS_TOLD_APART && !known.contains_key(id) {
            return SharedString::const_str(OTHER_POOLS);
        }
        let label = known.entry(id.clone()).or_insert_with(|| id.as_str().into());
        SharedString::from_shared(Arc::clone(label))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(number: usize) -> UserPoolId {
        UserPoolId::parse(&format!("us-east-1_Pool{number:05}")).unwrap()
    }

    #[test]
    fn pools_beyond_the_bound_share_a_label() {
        let labels = PoolLabels::default();
        for number in 0..POOLS_TOLD_APART {
            assert_eq!(&*labels.of(&pool(number)), pool(number).as_str());
        }
        assert_eq!(&*labels.of(&pool(POOLS_TOLD_APART)), "other");
        assert_eq!(&*labels.of(&pool(3)), "us-east-1_Pool00003");
    }

    #[test]
    fn a_refusal_is_no_failure() {
        assert_eq!(outcome_of(&Error::not_authorized("no")), "refused");
        assert_eq!(outcome_of(&Error::internal("the disk is full")), "failed");
        assert_eq!(
            outcome_of(&Error::UnexpectedLambda("late".into())),
            "function_failed"
        );
        assert_eq!(outcome_of(&Error::LimitExceeded("often".into())), "throttled");
    }
}
