//! Counts and times, for `/metrics` in Prometheus's text form. `docs/reference/metrics.md` lists them, those of the rules and
//! of the store among them.
//!
//! Labels have few values, none of them written by a stranger: operations and exceptions by their names in the model, functions
//! by their ARNs in the functions file.

mod process;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use pool::time::Span;

use crate::quota::Category;

const REQUESTS: &str = "rehome_requests_total";
const QUEUE: &str = "rehome_crypto_queue_depth";
const WAITED: &str = "rehome_crypto_wait_seconds";
const SHED: &str = "rehome_shed_total";
const SECONDS: &str = "rehome_request_duration_seconds";
const IN_FLIGHT: &str = "rehome_requests_in_flight";
const THROTTLED: &str = "rehome_throttled_requests_total";
const INVOCATIONS: &str = "rehome_function_invocations_total";
const INVOCATION_SECONDS: &str = "rehome_function_duration_seconds";
const DELIVERIES: &str = "rehome_deliveries_total";
const DELIVERY_SECONDS: &str = "rehome_delivery_duration_seconds";
const WAITING: &str = "rehome_deliveries_waiting";
const OLDEST: &str = "rehome_delivery_oldest_age_seconds";
const READY: &str = "rehome_ready";
const BUILD: &str = "rehome_build_info";

/// From a cached read to a migration function that was tried three times.
const BUCKETS: [f64; 14] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 15.0,
];

/// From a look-up in a file that is in memory to a commit that waits for a lock.
const STORE_BUCKETS: [f64; 14] = [
    0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10.0,
];

/// What has been counted in this process. Clones share it.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Starts to count in this process; a second call gives what the first one's counts.
    ///
    /// # Errors
    /// When another recorder has been installed already.
    pub fn install() -> Result<Self, BuildError> {
        static INSTALLED: Mutex<Option<Metrics>> = Mutex::new(None);
        // Held to the end: of two servers that start at once in a process, one installs and the other waits for it.
        let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(metrics) = &*installed {
            return Ok(metrics.clone());
        }
        let handle = PrometheusBuilder::new()
            .set_buckets(&BUCKETS)?
            .set_buckets_for_metric(Matcher::Prefix("rehome_store_".to_owned()), &STORE_BUCKETS)?
            .set_buckets_for_metric(Matcher::Prefix("rehome_sqlite_".to_owned()), &STORE_BUCKETS)?
            .install_recorder()?;
        describe();
        // What may never happen is there from the start: a rate needs a zero to rise from.
        gauge!(QUEUE).increment(0.0);
        counter!(SHED).increment(0);
        let _ = histogram!(WAITED);
        gauge!(BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
        Ok(installed.insert(Self(handle)).clone())
    }

    /// All of it in Prometheus's text form, with what the system says of this process.
    #[must_use]
    pub fn render(&self) -> String {
        let mut text = self.0.render();
        process::render(&mut text);
        text
    }

    /// Folds what histograms have taken in; to be called every few seconds, so that they stay small while nobody looks.
    pub(crate) fn run_upkeep(&self) {
        self.0.run_upkeep();
    }
}

fn describe() {
    describe_counter!(
        REQUESTS,
        "Requests by operation and outcome: ok, or the exception's name."
    );
    describe_gauge!(QUEUE, "Requests that wait for a turn at a core.");
    describe_histogram!(
        WAITED,
        Unit::Seconds,
        "Time that requests waited for a turn at a core, of those that had to."
    );
    describe_counter!(
        SHED,
        "Requests turned away because too many waited for the cores."
    );
    describe_histogram!(
        SECONDS,
        Unit::Seconds,
        "Time from request to answer, by operation."
    );
    describe_gauge!(IN_FLIGHT, "Requests that have begun and are not answered yet.");
    describe_counter!(
        THROTTLED,
        "Requests turned away beyond the rate of their category."
    );
    describe_counter!(INVOCATIONS, "Invocations of functions, each try for itself.");
    describe_histogram!(
        INVOCATION_SECONDS,
        Unit::Seconds,
        "Time of one invocation of a function."
    );
    describe_counter!(DELIVERIES, "Tries to hand a message on, by what came of them.");
    describe_histogram!(
        DELIVERY_SECONDS,
        Unit::Seconds,
        "Time of one try to hand a message on."
    );
    describe_gauge!(
        WAITING,
        "Messages that wait to be handed on, all nodes together; 256 stands for as many or more."
    );
    describe_gauge!(
        OLDEST,
        Unit::Seconds,
        "Time since the oldest message that waits was accepted; 0 when none waits."
    );
    describe_gauge!(READY, "1 while /readyz says that the server is ready, else 0.");
    describe_gauge!(BUILD, "1, with the release.");
}

/// Counts one request. `outcome` is `ok` or the exception's name.
pub(crate) fn request(operation: &'static str, outcome: &'static str, took: Duration) {
    counter!(REQUESTS, "operation" => operation, "outcome" => outcome).increment(1);
    histogram!(SECONDS, "operation" => operation).record(took);
}

/// Counts a request as under way while it lives: one that is broken off ends too.
pub(crate) struct InFlight(());

impl InFlight {
    pub(crate) fn begin() -> Self {
        gauge!(IN_FLIGHT).increment(1.0);
        Self(())
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        gauge!(IN_FLIGHT).decrement(1.0);
    }
}

/// Counts one request that was turned away by the rate of its category.
pub(crate) fn throttled(category: Category) {
    counter!(THROTTLED, "category" => category.as_str()).increment(1);
}

/// Counts and times one invocation of a function that the functions file has.
pub(crate) fn function(arn: &str, outcome: &'static str, took: Duration) {
    counter!(INVOCATIONS, "function" => arn.to_owned(), "outcome" => outcome).increment(1);
    histogram!(INVOCATION_SECONDS, "function" => arn.to_owned()).record(took);
}

/// Counts an invocation of a function that it has not. A pool's settings may name any ARN, so none is told.
pub(crate) fn unrouted() {
    counter!(INVOCATIONS, "function" => "unknown", "outcome" => "unrouted").increment(1);
}

/// Counts one try to hand a message on.
pub(crate) fn delivery(medium: &'static str, outcome: &'static str, took: Duration) {
    counter!(DELIVERIES, "medium" => medium, "outcome" => outcome).increment(1);
    histogram!(DELIVERY_SECONDS, "medium" => medium).record(took);
}

/// Notes how many messages wait, and the age of the oldest.
pub(crate) fn waiting_deliveries(count: usize, oldest: Span) {
    #[expect(clippy::cast_precision_loss, reason = "both are far below 2^53")]
    let (count, seconds) = (count as f64, oldest.0 as f64 / 1000.0);
    gauge!(WAITING).set(count);
    gauge!(OLDEST).set(seconds.max(0.0));
}

/// Notes whether the server is ready.
pub(crate) fn ready(is_ready: bool) {
    gauge!(READY).set(if is_ready { 1.0 } else { 0.0 });
}

/// One request more waits for a turn at a core.
pub(crate) fn queue_grew() {
    gauge!(QUEUE).increment(1);
}

/// One request fewer waits for a turn at a core.
pub(crate) fn queue_shrank() {
    gauge!(QUEUE).decrement(1);
}

/// A request had to wait so long for a turn at a core.
pub(crate) fn waited(time: Duration) {
    histogram!(WAITED).record(time);
}

/// Counts one request that was turned away because too many waited for the cores.
pub(crate) fn shed() {
    counter!(SHED).increment(1);
}
