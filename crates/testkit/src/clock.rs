//! A clock that stands until a test moves it.

use std::sync::atomic::{AtomicI64, Ordering};

use pool::ports::{Clock, SystemClock};
use pool::time::{Span, Time};

/// The pools' time in a test. Time-outs of requests and functions run on the machine's time and never hang on it.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// Stands at a moment.
    #[must_use]
    pub fn at(time: Time) -> Self {
        Self(AtomicI64::new(time.0))
    }

    /// Stands at the moment in which the test began: for clients that compare with their own clock.
    #[must_use]
    pub fn now_and_standing() -> Self {
        Self::at(SystemClock.now())
    }

    /// Lets time pass.
    pub fn advance(&self, span: Span) {
        self.0.fetch_add(span.0, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Time {
        Time(self.0.load(Ordering::SeqCst))
    }
}
