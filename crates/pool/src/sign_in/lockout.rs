//! The lock that grows with wrong passwords.
//!
//! Source: *Authentication with Amazon Cognito user pools*, lockout behaviour: five wrong passwords are free, then the
//! user is locked for a second, and each further one doubles it to about fifteen minutes; tries while it lasts do
//! not count; a quiet quarter of an hour forgives all.

use crate::time::{Span, Time};
use crate::user::Lockout;

/// Wrong passwords that cost nothing.
const FREE: u32 = 5;
/// The longest lock, and the quiet time that forgives.
const LONGEST: Span = Span::minutes(15);

impl Lockout {
    /// Whether a try is turned away unseen.
    #[must_use]
    pub fn is_locked(self, now: Time) -> bool {
        self.last_failure_at
            .zip(self.lock())
            .is_some_and(|(last, lock)| now < last.plus(lock))
    }

    /// Whether what was is forgotten.
    pub(super) fn is_forgiven(self, now: Time) -> bool {
        self.last_failure_at.is_none_or(|last| now.since(last) >= LONGEST)
    }

    /// After one more wrong password.
    #[must_use]
    pub fn after_failure(self, now: Time) -> Self {
        let before = if self.is_forgiven(now) { 0 } else { self.failures };
        Self {
            failures: before.saturating_add(1),
            last_failure_at: Some(now),
        }
    }

    /// How long the last wrong password locks, if it does.
    fn lock(self) -> Option<Span> {
        let beyond = self.failures.checked_sub(FREE)?;
        Some(Span::seconds(1_i64 << beyond.min(10)).min(LONGEST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failures(n: u32, from: Time) -> Lockout {
        (0..n).fold(Lockout::default(), |lockout, _| lockout.after_failure(from))
    }

    #[test]
    fn four_wrong_passwords_lock_nobody() {
        assert!(!failures(4, Time(0)).is_locked(Time(0)));
    }

    #[test]
    fn who_looked_at_the_clock_before_the_last_of_four_is_not_locked_either() {
        assert!(!failures(4, Time(7)).is_locked(Time(6)));
    }

    #[test]
    fn the_fifth_locks_for_a_second() {
        let lockout = failures(5, Time(1000));
        assert!(lockout.is_locked(Time(1999)));
        assert!(!lockout.is_locked(Time(2000)));
    }

    #[test]
    fn each_further_one_doubles_the_lock_up_to_a_quarter_of_an_hour() {
        assert!(failures(8, Time(0)).is_locked(Time(7_999)));
        assert!(!failures(8, Time(0)).is_locked(Time(8_000)));
        assert!(failures(500, Time(0)).is_locked(Time(899_999)));
        assert!(!failures(500, Time(0)).is_locked(Time(900_000)));
    }

    #[test]
    fn a_quiet_quarter_of_an_hour_forgives() {
        let later = failures(7, Time(0)).after_failure(Time(900_000));
        assert_eq!(later.failures, 1);
    }
}
