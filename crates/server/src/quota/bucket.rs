//! A token bucket in whole numbers.

use pool::time::Time;

/// What one request takes. A rate of *n* a second brings *n* of these thousandths each millisecond, so nothing is rounded.
const REQUEST: u64 = 1000;

/// Holds what a second brings, and is full in the beginning.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    rate: u32,
    level: u64,
    at: Time,
}

impl Bucket {
    /// A full bucket; `rate` in requests a second.
    pub(super) fn full(rate: u32, now: Time) -> Self {
        Self {
            rate,
            level: capacity(rate),
            at: now,
        }
    }

    /// Whether there is one more request in it.
    pub(super) fn has_one(&mut self, now: Time) -> bool {
        self.refill(now);
        self.level >= REQUEST
    }

    /// Takes a request out, if there is one.
    pub(super) fn take_one(&mut self, now: Time) -> bool {
        let has_one = self.has_one(now);
        if has_one {
            self.level -= REQUEST;
        }
        has_one
    }

    /// Whether nothing has been taken that is not back again.
    pub(super) fn is_full(&mut self, now: Time) -> bool {
        self.refill(now);
        self.level == capacity(self.rate)
    }

    /// A clock that was set back brings nothing, and costs no more than that.
    fn refill(&mut self, now: Time) {
        let elapsed = u64::try_from(now.since(self.at).0).unwrap_or_default();
        let brought = elapsed.saturating_mul(u64::from(self.rate));
        self.level = self.level.saturating_add(brought).min(capacity(self.rate));
        self.at = now;
    }
}

fn capacity(rate: u32) -> u64 {
    u64::from(rate) * REQUEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_s_worth_is_there_at_once_and_comes_back_evenly() {
        let mut bucket = Bucket::full(4, Time(0));
        assert_eq!((0..9).filter(|_| bucket.take_one(Time(0))).count(), 4);
        assert!(!bucket.take_one(Time(249)));
        assert!(bucket.take_one(Time(250)));
        assert!(!bucket.take_one(Time(250)));
        assert_eq!((0..9).filter(|_| bucket.take_one(Time(90_000))).count(), 4);
    }

    #[test]
    fn what_is_turned_away_costs_nothing() {
        let mut bucket = Bucket::full(1, Time(0));
        assert!(bucket.take_one(Time(0)));
        for moment in 1..1000 {
            assert!(!bucket.take_one(Time(moment)), "at {moment}");
        }
        assert!(bucket.take_one(Time(1000)));
    }

    #[test]
    fn a_clock_set_back_neither_fills_nor_blocks() {
        let mut bucket = Bucket::full(1, Time(10_000));
        assert!(bucket.take_one(Time(10_000)));
        assert!(!bucket.take_one(Time(0)));
        assert!(bucket.take_one(Time(1000)));
    }
}
