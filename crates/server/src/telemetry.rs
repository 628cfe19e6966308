//! Counts and times of requests, for `/metrics` in Prometheus's text form.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use crate::quota::Category;

const REQUESTS: &str = "rehome_requests_total";
const THROTTLED: &str = "rehome_throttled_requests_total";
const QUEUE: &str = "rehome_crypto_queue_depth";
const WAITED: &str = "rehome_crypto_wait_seconds";
const SHED: &str = "rehome_shed_total";
const SECONDS: &str = "rehome_request_duration_seconds";

/// From a cached read to a migration function that was tried three times.
const BUCKETS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 15.0,
];

/// Starts to count in this process; a second call gives the first one's handle.
///
/// # Errors
/// When another recorder has been installed already.
pub fn install() -> Result<PrometheusHandle, BuildError> {
    static HANDLE: Mutex<Option<PrometheusHandle>> = Mutex::new(None);
    // Held to the end: of two servers that start at once in a process, one installs and the other waits for it.
    let mut installed = HANDLE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = &*installed {
        return Ok(handle.clone());
    }
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(SECONDS.to_owned()), &BUCKETS)?
        .set_buckets_for_metric(Matcher::Full(WAITED.to_owned()), &BUCKETS)?
        .install_recorder()?;
    describe_counter!(REQUESTS, "Requests by operation and outcome.");
    describe_counter!(
        THROTTLED,
        "Requests turned away beyond the rate of their category."
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
    Ok(installed.insert(handle).clone())
}

/// Counts one request. `outcome` is `ok` or the exception's name.
pub(crate) fn request(operation: &'static str, outcome: &'static str, took: Duration) {
    counter!(REQUESTS, "operation" => operation, "outcome" => outcome).increment(1);
    histogram!(SECONDS, "operation" => operation).record(took.as_secs_f64());
}

/// Counts one request that was turned away by the rate of its category.
pub(crate) fn throttled(category: Category) {
    counter!(THROTTLED, "category" => category.as_str()).increment(1);
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
    histogram!(WAITED).record(time.as_secs_f64());
}

/// Counts one request that was turned away because too many waited for the cores.
pub(crate) fn shed() {
    counter!(SHED).increment(1);
}
