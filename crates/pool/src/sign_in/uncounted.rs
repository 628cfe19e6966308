//! Wrong passwords that the store could not take down, because its disk is full or it has too much to do.
//!
//! They are counted here instead: guesses would be free meanwhile, for who fills a disk by signing up as well. Each node
//! counts for itself, and forgets at its end.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::id::Sub;
use crate::time::Time;
use crate::user::Lockout;

/// How many users and unknown names are remembered; some ten megabytes.
const MOST: usize = 100_000;

/// What is counted here, by the ids of users and of names that lead to nobody.
#[derive(Debug, Default)]
pub(crate) struct Uncounted {
    lockouts: Mutex<HashMap<Sub, Lockout>>,
    /// As many as there are above: usually none, so that a sign-in waits for nobody.
    count: AtomicUsize,
}

impl Uncounted {
    /// What is known of somebody of whom `stored` is: whichever counts more.
    pub(crate) fn with(&self, sub: &Sub, stored: Lockout) -> Lockout {
        if self.count.load(Ordering::Acquire) == 0 {
            return stored;
        }
        later(&self.lock(), sub, stored)
    }

    /// Counts a wrong password that the store could not; false when the lock has come meanwhile and it does not count.
    pub(super) fn count(&self, sub: &Sub, stored: Lockout, now: Time) -> bool {
        let mut lockouts = self.lock();
        let lockout = later(&lockouts, sub, stored);
        if lockout.is_locked(now) {
            return false;
        }
        if lockouts.len() >= MOST && !lockouts.contains_key(sub) {
            make_room(&mut lockouts, now);
        }
        lockouts.insert(sub.clone(), lockout.after_failure(now));
        self.count.store(lockouts.len(), Ordering::Release);
        true
    }

    /// Forgets somebody: the right password has come, or the store counts again.
    pub(super) fn forget(&self, sub: &Sub) {
        if self.count.load(Ordering::Acquire) == 0 {
            return;
        }
        let mut lockouts = self.lock();
        lockouts.remove(sub);
        self.count.store(lockouts.len(), Ordering::Release);
    }

    /// The map is whole after a panic: each change of it is one call.
    fn lock(&self) -> MutexGuard<'_, HashMap<Sub, Lockout>> {
        self.lockouts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What counts more: that which is stored, or that which is known here.
fn later(lockouts: &HashMap<Sub, Lockout>, sub: &Sub, stored: Lockout) -> Lockout {
    let known = lockouts.get(sub).copied().unwrap_or_default();
    std::cmp::max_by_key(stored, known, |lockout| lockout.failures)
}

/// Drops what is forgiven by now, and when nothing is, the half that is quiet for longest.
fn make_room(lockouts: &mut HashMap<Sub, Lockout>, now: Time) {
    lockouts.retain(|_, lockout| !lockout.is_forgiven(now));
    if lockouts.len() < MOST {
        return;
    }
    let mut last: Vec<_> = lockouts.values().map(|lockout| lockout.last_failure_at).collect();
    let middle = last.len() / 2;
    let (_, middle, _) = last.select_nth_unstable(middle);
    let middle = *middle;
    lockouts.retain(|_, lockout| lockout.last_failure_at > middle);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::SystemEntropy;
    use crate::time::Span;

    fn somebody() -> Sub {
        Sub::generate(&SystemEntropy)
    }

    #[test]
    fn what_is_counted_here_and_in_the_store_locks_together() {
        let (uncounted, ann) = (Uncounted::default(), somebody());
        let stored = Lockout {
            failures: 3,
            last_failure_at: Some(Time(0)),
        };
        assert_eq!(uncounted.with(&ann, stored), stored);
        assert!(uncounted.count(&ann, stored, Time(10)));
        assert!(!uncounted.with(&ann, stored).is_locked(Time(10)));
        assert!(uncounted.count(&ann, stored, Time(20)));
        assert_eq!(uncounted.with(&ann, stored).failures, 5);
        assert!(uncounted.with(&ann, stored).is_locked(Time(20)));
        assert!(
            !uncounted.count(&ann, stored, Time(20)),
            "while the lock lasts none counts"
        );
        assert_eq!(uncounted.with(&somebody(), stored), stored);
        uncounted.forget(&ann);
        assert_eq!(uncounted.with(&ann, Lockout::default()), Lockout::default());
    }

    #[test]
    fn who_is_quiet_for_longest_makes_room() {
        let (uncounted, first) = (Uncounted::default(), somebody());
        let counted = |sub: &Sub, at| assert!(uncounted.count(sub, Lockout::default(), at));
        counted(&first, Time(0));
        let others: Vec<_> = (1..MOST).map(|_| somebody()).collect();
        for (number, other) in (1..).zip(&others) {
            counted(other, Time(number));
        }
        let last = somebody();
        let all = i64::try_from(MOST).unwrap();
        counted(&last, Time(all));
        let failures = |sub: &Sub| uncounted.with(sub, Lockout::default()).failures;
        assert_eq!((failures(&first), failures(&last)), (0, 1));
        assert_eq!(failures(others.last().unwrap()), 1);
        assert!(uncounted.lock().len() <= MOST);

        let much_later = Time(all).plus(Span::hours(1));
        for _ in 0..MOST {
            counted(&somebody(), much_later);
        }
        assert_eq!(failures(&last), 0, "a quiet quarter of an hour forgives");
    }
}
