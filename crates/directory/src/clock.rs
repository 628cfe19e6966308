//! The wall clock, which a signature has to name. Deadlines run on tokio's clock instead.

use std::time::SystemTime;

#[expect(
    clippy::disallowed_methods,
    reason = "the one home of the wall clock here: SigV4 signs the time"
)]
pub(crate) fn wall_clock() -> SystemTime {
    SystemTime::now()
}
