//! One question to an old directory: how long it may take, how that time is shared, under which trace it is asked, and
//! where the time went.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde::Deserialize;
use tokio::time::Instant;

use crate::directory::Deadline;

/// The terms of one question. What a step does not use goes over to the next; none may take from a later one.
#[derive(Debug)]
pub struct Inquiry {
    begun: Instant,
    budget: Duration,
    shares: Shares,
    trace: Option<String>,
    spent: [AtomicU64; 3],
}

/// `[shares]` of `rehome.toml`: how the budget is split, in percent; together a hundred.
///
/// A password that was found right is of no use when there is no time left to read the profile, and at some directories
/// it was a try that counts: so *find* has a share that nobody before it can spend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Shares {
    /// For names, connections and TLS, all of them together.
    pub connect: u32,
    /// For the check of the password, and what connecting has left.
    pub verify: u32,
    /// For the profile, and what the others have left.
    pub find: u32,
}

impl Default for Shares {
    fn default() -> Self {
        Self {
            connect: 30,
            verify: 45,
            find: 25,
        }
    }
}

/// What a question spends time on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Looking a name up, connecting, TLS.
    Connect,
    /// Checking the password; connecting for it included.
    Verify,
    /// Reading the profile; connecting for it included.
    Find,
}

/// Where the time went; absent steps did not happen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Took {
    /// Connecting.
    pub connect: Option<Duration>,
    /// Checking the password.
    pub verify: Option<Duration>,
    /// Reading the profile.
    pub find: Option<Duration>,
}

impl Inquiry {
    /// That long from now, in the usual shares.
    #[must_use]
    pub fn within(budget: Duration) -> Self {
        Self::new(budget, Shares::default(), None)
    }

    /// That long from now. `trace` is the value of an `X-Amzn-Trace-Id` header for every call that is made.
    #[must_use]
    pub fn new(budget: Duration, shares: Shares, trace: Option<String>) -> Self {
        Self {
            begun: Instant::now(),
            budget,
            shares,
            trace,
            spent: Default::default(),
        }
    }

    /// When everything has to be over.
    #[must_use]
    pub fn deadline(&self) -> Deadline {
        Deadline::at(self.begun + self.budget)
    }

    /// When the password has to be checked.
    #[must_use]
    pub fn verify_deadline(&self) -> Deadline {
        let share = self.share(self.shares.connect) + self.share(self.shares.verify);
        Deadline::at(self.begun + share.min(self.budget))
    }

    /// What is left for connecting.
    #[must_use]
    pub fn connect_left(&self) -> Duration {
        let spent = self.took().connect.unwrap_or_default();
        self.share(self.shares.connect)
            .saturating_sub(spent)
            .min(self.deadline().remaining())
    }

    /// The value of the header `X-Amzn-Trace-Id`.
    #[must_use]
    pub fn trace(&self) -> Option<&str> {
        self.trace.as_deref()
    }

    /// Notes what a step has taken; a step may happen more than once.
    pub fn note(&self, step: Step, span: Duration) {
        // A step that happened is never nothing.
        let micros = u64::try_from(span.as_micros()).unwrap_or(u64::MAX).max(1);
        self.spent[step as usize].fetch_add(micros, Ordering::Relaxed);
    }

    /// Notes what a step takes until this value is dropped, also where nobody waits for its end.
    #[must_use]
    pub fn timing(&self, step: Step) -> Timing<'_> {
        Timing {
            inquiry: self,
            step,
            begun: Instant::now(),
        }
    }

    /// Where the time went until now.
    #[must_use]
    pub fn took(&self) -> Took {
        let of = |step: Step| match self.spent[step as usize].load(Ordering::Relaxed) {
            0 => None,
            micros => Some(Duration::from_micros(micros)),
        };
        Took {
            connect: of(Step::Connect),
            verify: of(Step::Verify),
            find: of(Step::Find),
        }
    }

    fn share(&self, percent: u32) -> Duration {
        self.budget * percent / 100
    }
}

/// A step that is under way.
#[derive(Debug)]
pub struct Timing<'a> {
    inquiry: &'a Inquiry,
    step: Step,
    begun: Instant,
}

impl Drop for Timing<'_> {
    fn drop(&mut self) {
        self.inquiry.note(self.step, self.begun.elapsed());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_a_step_leaves_goes_to_the_next_and_find_keeps_its_own() {
        let inquiry = Inquiry::within(Duration::from_secs(4));
        assert_eq!(inquiry.connect_left(), Duration::from_millis(1200));
        assert_eq!(inquiry.verify_deadline().remaining(), Duration::from_secs(3));
        assert_eq!(inquiry.deadline().remaining(), Duration::from_secs(4));
        inquiry.note(Step::Connect, Duration::from_millis(700));
        inquiry.note(Step::Connect, Duration::from_millis(200));
        assert_eq!(inquiry.connect_left(), Duration::from_millis(300));
        tokio::time::advance(Duration::from_millis(3900)).await;
        assert_eq!(inquiry.connect_left(), Duration::from_millis(100));
        assert_eq!(inquiry.verify_deadline().remaining(), Duration::ZERO);
        assert_eq!(inquiry.took().connect, Some(Duration::from_millis(900)));
        assert_eq!(inquiry.took().find, None);
    }
}
