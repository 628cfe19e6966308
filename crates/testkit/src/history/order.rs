//! Whether some order of the calls explains what was told of codes.
//!
//! A user has one code for a purpose or none: one that is sent takes the place of the one before, and one that is used is gone.
//! Each call happened at one moment between its beginning and its end; one of which nobody knows, at any moment from its
//! beginning on, or never.

use std::collections::HashSet;

use super::{Asked, Event, Outcome};

/// So many calls are looked at together: a set of them is the bits of a number.
const MOST: usize = 64;

/// Whether there is such an order; the calls are of one user and one purpose.
pub(super) fn explains(events: &[&Event]) -> bool {
    assert!(events.len() <= MOST, "too many calls about one code");
    Search {
        events,
        dead_ends: HashSet::new(),
    }
    .goes_on(0, None)
}

/// What holds after some of the calls: which code is good. One that was sent and that nobody has is known by its call.
type Good<'e> = Option<Code<'e>>;

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Code<'e> {
    Known(&'e str),
    OfCall(usize),
}

struct Search<'e> {
    events: &'e [&'e Event],
    /// From where no order leads to the end: the calls so far, and what held after them.
    dead_ends: HashSet<(u64, Good<'e>)>,
}

impl<'e> Search<'e> {
    fn goes_on(&mut self, happened: u64, good: Good<'e>) -> bool {
        let waits = |n: &usize| happened & (1 << n) == 0;
        let known = |n: &usize| self.events[*n].outcome != Outcome::Unknown;
        // The next call began before any that has not happened yet had ended.
        let until = (0..self.events.len())
            .filter(|n| waits(n) && known(n))
            .map(|n| self.events[n].ended)
            .min();
        let Some(until) = until else {
            return true;
        };
        if self.dead_ends.contains(&(happened, good)) {
            return false;
        }
        for n in (0..self.events.len()).filter(waits) {
            if self.events[n].begun < until
                && let Some(good) = after(n, self.events[n], good)
                && self.goes_on(happened | (1 << n), good)
            {
                return true;
            }
        }
        self.dead_ends.insert((happened, good));
        false
    }
}

/// What holds after a call; nothing when it cannot have happened then.
fn after<'e>(n: usize, event: &'e Event, good: Good<'e>) -> Option<Good<'e>> {
    match (&event.asked, &event.outcome) {
        (Asked::SendCode(_), Outcome::Done(code)) => Some(Some(Code::Known(code))),
        (Asked::SendCode(_), Outcome::Unknown) => Some(Some(Code::OfCall(n))),
        (Asked::UseCode { code, .. }, Outcome::Done(_) | Outcome::Unknown) => {
            (good == Some(Code::Known(code))).then_some(None)
        }
        (Asked::UseCode { code, .. }, Outcome::Refused) => (good != Some(Code::Known(code))).then_some(good),
        _ => Some(good),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(asked: Asked, begun: u64, ended: u64, outcome: Outcome) -> Event {
        Event {
            asked,
            begun,
            ended,
            outcome,
        }
    }

    fn sent(code: &str, begun: u64, ended: u64) -> Event {
        let asked = Asked::SendCode("ann".to_owned());
        event(asked, begun, ended, Outcome::Done(code.to_owned()))
    }

    fn used(code: &str, begun: u64, ended: u64, outcome: Outcome) -> Event {
        let (of, code) = ("ann".to_owned(), code.to_owned());
        event(Asked::UseCode { of, code }, begun, ended, outcome)
    }

    fn done() -> Outcome {
        Outcome::Done(String::new())
    }

    fn explained(events: &[Event]) -> bool {
        explains(&events.iter().collect::<Vec<_>>())
    }

    #[test]
    fn a_code_is_used_once() {
        let first = [sent("1", 0, 1), used("1", 2, 5, done())];
        assert!(explained(&first));
        assert!(explained(
            &[&first[..], &[used("1", 3, 4, Outcome::Refused)]].concat()
        ));
        assert!(!explained(&[&first[..], &[used("1", 3, 4, done())]].concat()));
        assert!(!explained(&[used("1", 2, 5, done())]), "it was never sent");
    }

    #[test]
    fn a_newer_code_ends_the_older() {
        let both = [sent("1", 0, 1), sent("2", 2, 3)];
        assert!(explained(&[&both[..], &[used("2", 4, 5, done())]].concat()));
        assert!(!explained(&[&both[..], &[used("1", 4, 5, done())]].concat()));
        // While the newer was being sent, the older may have been used before it.
        assert!(explained(&[
            sent("1", 0, 1),
            sent("2", 2, 6),
            used("1", 3, 4, done())
        ]));
        // Of two that were sent at once one is the newer, and the other is none any more.
        let at_once = [sent("1", 0, 3), sent("2", 1, 2)];
        for code in ["1", "2"] {
            assert!(explained(&[&at_once[..], &[used(code, 4, 5, done())]].concat()));
        }
        let both_used = [used("1", 4, 5, done()), used("2", 4, 5, done())];
        assert!(!explained(&[&at_once[..], &both_used].concat()));
    }

    #[test]
    fn a_code_that_is_good_is_not_refused() {
        let refused = used("1", 2, 3, Outcome::Refused);
        assert!(!explained(&[sent("1", 0, 1), refused.clone()]));
        // Another call that nobody knows of may have ended it.
        let send = event(Asked::SendCode("ann".to_owned()), 0, 1, Outcome::Unknown);
        assert!(explained(&[sent("1", 0, 1), send, refused.clone()]));
        let lost = used("1", 1, 2, Outcome::Unknown);
        assert!(explained(&[sent("1", 0, 1), lost.clone(), refused]));
        // But not twice: what has happened was the only use.
        let again = used("1", 4, 5, done());
        let refused = used("1", 6, 7, Outcome::Refused);
        assert!(explained(&[
            sent("1", 0, 1),
            lost.clone(),
            again.clone(),
            refused
        ]));
        let refused = used("1", 2, 3, Outcome::Refused);
        assert!(!explained(&[sent("1", 0, 1), lost, refused, again]));
    }
}
