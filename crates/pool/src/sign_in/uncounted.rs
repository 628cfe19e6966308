//! Wrong passwords that the store could not take down, because its disk is full or it has too much to do.
//!
//! They are counted here instead: guesses would be free meanwhile, for who fills a disk by signing up as well. Each node
//! counts for itself, and forgets at its end. What is counted here is about a record as it was read: once the store has
//! written it anew (a wrong try that it counts again, a reset by an administrator), what it says is all that counts.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::id::Sub;
use crate::time::Time;
use crate::unknown_name::UnknownName;
use crate::user::{Lockout, User};

/// How many users and unknown names are remembered; some ten megabytes.
const MOST: usize = 100_000;

/// Whose wrong passwords are counted, a user's or those of a name that leads to nobody, and what the store says of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stored<'a> {
    sub: &'a Sub,
    version: i64,
    lockout: Lockout,
}

impl<'a> From<&'a User> for Stored<'a> {
    fn from(user: &'a User) -> Self {
        Self {
            sub: &user.sub,
            version: user.version,
            lockout: user.lockout,
        }
    }
}

impl<'a> From<&'a UnknownName> for Stored<'a> {
    fn from(name: &'a UnknownName) -> Self {
        Self {
            sub: &name.sub,
            version: name.version,
            lockout: name.lockout,
        }
    }
}

/// What is counted here, by the ids of users and of names that lead to nobody, with the version of the record that it is about.
type Lockouts = HashMap<Sub, (i64, Lockout)>;

/// The wrong passwords of this node that are in no store.
#[derive(Debug, Default)]
pub(crate) struct Uncounted {
    lockouts: Mutex<Lockouts>,
    /// As many as there are above: usually none, so that a sign-in waits for nobody.
    count: AtomicUsize,
}

impl Uncounted {
    /// What the store says, with what was counted here since.
    pub(super) fn lockout<'a>(&self, stored: impl Into<Stored<'a>>) -> Lockout {
        let stored = stored.into();
        if self.count.load(Ordering::Acquire) == 0 {
            return stored.lockout;
        }
        with(&self.lock(), stored)
    }

    /// Counts a wrong password that the store could not; false when the lock has come meanwhile and it does not count.
    pub(super) fn count<'a>(&self, stored: impl Into<Stored<'a>>, now: Time) -> bool {
        let stored = stored.into();
        let mut lockouts = self.lock();
        let lockout = with(&lockouts, stored);
        if lockout.is_locked(now) {
            return false;
        }
        if lockouts.len() >= MOST && !lockouts.contains_key(stored.sub) {
            make_room(&mut lockouts, now);
        }
        lockouts.insert(stored.sub.clone(), (stored.version, lockout.after_failure(now)));
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
    fn lock(&self) -> MutexGuard<'_, Lockouts> {
        self.lockouts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn with(lockouts: &Lockouts, stored: Stored<'_>) -> Lockout {
    match lockouts.get(stored.sub) {
        Some((version, lockout)) if *version == stored.version => *lockout,
        _ => stored.lockout,
    }
}

/// Drops what is forgiven by now, and when nothing is, the half that is quiet for longest.
fn make_room(lockouts: &mut Lockouts, now: Time) {
    lockouts.retain(|_, (_, lockout)| !lockout.is_forgiven(now));
    if lockouts.len() < MOST {
        return;
    }
    let mut last: Vec<_> = lockouts
        .values()
        .map(|(_, lockout)| lockout.last_failure_at)
        .collect();
    let middle = last.len() / 2;
    let (_, middle, _) = last.select_nth_unstable(middle);
    let middle = *middle;
    lockouts.retain(|_, (_, lockout)| lockout.last_failure_at > middle);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::SystemEntropy;
    use crate::time::Span;

    fn somebody() -> Sub {
        Sub::generate(&SystemEntropy)
    }

    fn stored(sub: &Sub, version: i64, failures: u32) -> Stored<'_> {
        let last_failure_at = (failures > 0).then_some(Time(0));
        let lockout = Lockout {
            failures,
            last_failure_at,
        };
        Stored {
            sub,
            version,
            lockout,
        }
    }

    #[test]
    fn what_is_counted_here_goes_on_from_what_the_store_has_counted() {
        let (uncounted, ann, bob) = (Uncounted::default(), somebody(), somebody());
        let of_ann = stored(&ann, 1, 3);
        assert_eq!(uncounted.lockout(of_ann), of_ann.lockout);
        assert!(uncounted.count(of_ann, Time(10)));
        assert!(!uncounted.lockout(of_ann).is_locked(Time(10)));
        assert!(uncounted.count(of_ann, Time(20)));
        assert_eq!(uncounted.lockout(of_ann).failures, 5);
        assert!(uncounted.lockout(of_ann).is_locked(Time(20)));
        assert!(
            !uncounted.count(of_ann, Time(20)),
            "while the lock lasts none counts"
        );
        assert_eq!(uncounted.lockout(stored(&bob, 1, 3)).failures, 3);
        uncounted.forget(&ann);
        assert_eq!(uncounted.lockout(of_ann), of_ann.lockout);
    }

    #[test]
    fn once_the_store_has_written_it_says_what_counts() {
        let (uncounted, ann) = (Uncounted::default(), somebody());
        for at in 0..5 {
            assert!(uncounted.count(stored(&ann, 1, 0), Time(at)));
        }
        assert!(uncounted.lockout(stored(&ann, 1, 0)).is_locked(Time(5)));
        assert_eq!(uncounted.lockout(stored(&ann, 2, 0)), Lockout::default());
        assert!(uncounted.count(stored(&ann, 2, 0), Time(6)));
        assert_eq!(uncounted.lockout(stored(&ann, 2, 0)).failures, 1);
    }

    #[test]
    fn who_is_quiet_for_longest_makes_room() {
        let (uncounted, first) = (Uncounted::default(), somebody());
        let counted = |sub: &Sub, at| assert!(uncounted.count(stored(sub, 1, 0), at));
        counted(&first, Time(0));
        let others: Vec<_> = (1..MOST).map(|_| somebody()).collect();
        for (number, other) in (1..).zip(&others) {
            counted(other, Time(number));
        }
        let last = somebody();
        let all = i64::try_from(MOST).unwrap();
        counted(&last, Time(all));
        let failures = |sub: &Sub| uncounted.lockout(stored(sub, 1, 0)).failures;
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
