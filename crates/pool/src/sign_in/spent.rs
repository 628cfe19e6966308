//! Sessions of nobody that were used.
//!
//! A user's record holds which sessions of theirs are used up. A session that pretends has no record, and must still work only
//! once, or it would tell that nobody is there. So the process remembers, for as long as such sessions last and up to a
//! bound; another node does not know of it. Chosen: what it guards is a hint, not a sign-in, which no pretence ever ends in.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use crate::time::Time;

/// How many are remembered: at more, those that end first are forgotten.
const MOST: usize = 50_000;

/// The ids of used sessions, each with its end.
#[derive(Debug, Default)]
pub(crate) struct SpentPretences(Mutex<BTreeSet<(Time, String)>>);

impl SpentPretences {
    /// Uses a session up; false when it was used before.
    pub(crate) fn spend(&self, id: &str, ends_at: Time, now: Time) -> bool {
        let mut spent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *spent = spent.split_off(&(now, String::new()));
        let is_first = spent.insert((ends_at, id.to_owned()));
        while spent.len() > MOST {
            spent.pop_first();
        }
        is_first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_used_once_and_forgotten_after_its_end() {
        let spent = SpentPretences::default();
        assert!(spent.spend("a", Time(100), Time(0)));
        assert!(!spent.spend("a", Time(100), Time(99)));
        assert!(spent.spend("b", Time(200), Time(101)));
        assert_eq!(spent.0.lock().unwrap().len(), 1);
    }

    #[test]
    fn however_many_come_a_bound_holds() {
        let spent = SpentPretences::default();
        for n in 0..=MOST {
            spent.spend(&n.to_string(), Time(100), Time(0));
        }
        assert_eq!(spent.0.lock().unwrap().len(), MOST);
    }
}
