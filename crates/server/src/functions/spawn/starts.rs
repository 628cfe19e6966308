//! Holds back a function that never gets as far as asking for an event, without ever making a caller wait for it.

use std::time::Duration;

use pool::ports::InvokeError;
use tokio::time::Instant;

/// The pause after the second failed start in a row; it doubles with each.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// The longest pause: as long as one reads the error and corrects the program.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// The starts of a function's environments, as far as they failed one after another.
#[derive(Default)]
pub(super) struct Starts {
    failures: u32,
    last: Option<Failure>,
}

struct Failure {
    error: InvokeError,
    paused_until: Instant,
}

impl Starts {
    /// An environment has asked for its first event.
    pub(super) fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// An environment has failed to start at `now`. One failure has no consequence: it may be chance.
    pub(super) fn failed(&mut self, error: InvokeError, now: Instant) {
        self.failures = self.failures.saturating_add(1);
        let doublings = self.failures.saturating_sub(2).min(16);
        let pause = if self.failures < 2 {
            Duration::ZERO
        } else {
            FIRST_PAUSE * 2_u32.pow(doublings)
        };
        self.last = Some(Failure {
            error,
            paused_until: now + pause.min(LONGEST_PAUSE),
        });
    }

    /// Why none should be started at `now`: the error of the last start, while its pause lasts.
    pub(super) fn paused(&self, now: Instant) -> Option<&InvokeError> {
        self.last
            .as_ref()
            .filter(|failure| now < failure.paused_until)
            .map(|failure| &failure.error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_a_success_ends_them() {
        let (mut starts, now) = (Starts::default(), Instant::now());
        let after = |milliseconds| now + Duration::from_millis(milliseconds);
        starts.failed(InvokeError::TimedOut, now);
        assert_eq!(starts.paused(now), None);
        starts.failed(InvokeError::TimedOut, now);
        assert!(starts.paused(after(249)).is_some() && starts.paused(after(250)).is_none());
        starts.failed(InvokeError::TimedOut, now);
        assert!(starts.paused(after(499)).is_some() && starts.paused(after(500)).is_none());
        for _ in 0..100 {
            starts.failed(InvokeError::TimedOut, now);
        }
        assert!(starts.paused(after(9_999)).is_some() && starts.paused(after(10_000)).is_none());
        starts.succeeded();
        assert_eq!(starts.paused(now), None);
    }
}
