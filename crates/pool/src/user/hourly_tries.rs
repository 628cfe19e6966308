//! Limits by the hour on what one user may try.

use serde::{Deserialize, Serialize};

use crate::error::{Error, text};
use crate::time::{Span, Time};

/// Tries of something within the hour that counts, which begins with the first of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HourlyTries {
    /// When the hour began; none before the first try.
    pub began_at: Option<Time>,
    /// How many there have been in it.
    pub count: u32,
}

impl HourlyTries {
    /// Whether there may be one more.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`]
    pub(crate) fn check(self, limit: u32, now: Time) -> Result<(), Error> {
        if self.in_this_hour(now).count >= limit {
            return Err(Error::LimitExceeded(text::ATTEMPT_LIMIT.into()));
        }
        Ok(())
    }

    /// After one more try.
    #[must_use]
    pub(crate) fn after_one_more(self, now: Time) -> Self {
        let before = self.in_this_hour(now);
        Self {
            began_at: before.began_at.or(Some(now)),
            count: before.count + 1,
        }
    }

    fn in_this_hour(self, now: Time) -> Self {
        match self.began_at {
            Some(began_at) if now.since(began_at) < Span::hours(1) => self,
            _ => Self::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hour_begins_with_the_first_try_and_then_all_is_forgotten() {
        let hour = Span::hours(1);
        let mut tries = HourlyTries::default();
        for minute in 0..3 {
            assert!(tries.check(3, Time(0)).is_ok());
            tries = tries.after_one_more(Time(0).plus(Span::minutes(minute)));
        }
        let last = Time(hour.0 - 1);
        assert!(matches!(tries.check(3, last), Err(Error::LimitExceeded(_))));
        assert!(tries.check(3, Time(hour.0)).is_ok());
        assert_eq!(tries.after_one_more(Time(hour.0)).count, 1);
    }
}
