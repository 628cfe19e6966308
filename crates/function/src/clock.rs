//! The wall clock: an end date is on it, and so are the metrics of a log.

use std::time::SystemTime;

#[expect(clippy::disallowed_methods, reason = "the one home of the wall clock here")]
pub(crate) fn wall_clock() -> SystemTime {
    SystemTime::now()
}
