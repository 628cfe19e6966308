//! The rules of a history. Each says when a set of answers has no explanation.

use std::collections::BTreeMap;

use super::{Asked, Event, Outcome, order};

/// What breaks a rule.
pub(super) fn check(events: &[Event]) -> Vec<String> {
    let mut broken = Vec::new();
    for (name, events) in by(events, |asked| match asked {
        Asked::Claim(name) | Asked::Find(name) => Some(name),
        _ => None,
    }) {
        one_owner(name, &events, &mut broken);
    }
    for (what, events) in by(events, |asked| match asked {
        Asked::Use(what) => Some(what),
        _ => None,
    }) {
        used_once(what, &events, &mut broken);
    }
    for (user, events) in by(events, |asked| match asked {
        Asked::SendCode(of) | Asked::UseCode { of, .. } => Some(of),
        _ => None,
    }) {
        if !order::explains(&events) {
            broken.push(format!(
                "no order explains what became of {user}'s codes: {events:?}"
            ));
        }
    }
    for (user, events) in by(events, |asked| match asked {
        Asked::SetPassword { user, .. } | Asked::SignIn { user, .. } => Some(user),
        _ => None,
    }) {
        last_password(user, &events, &mut broken);
    }
    for (bearer, events) in by(events, |asked| match asked {
        Asked::SignOut(bearer) | Asked::Bear(bearer) => Some(bearer),
        _ => None,
    }) {
        signed_out(bearer, &events, &mut broken);
    }
    broken
}

/// The events about the same thing, each in the order of its end.
fn by(events: &[Event], about: fn(&Asked) -> Option<&String>) -> BTreeMap<&String, Vec<&Event>> {
    let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for event in events {
        if let Some(thing) = about(&event.asked) {
            groups.entry(thing).or_default().push(event);
        }
    }
    groups
}

/// A name has one owner, for good, and who was told to have it has it.
fn one_owner(name: &str, events: &[&Event], broken: &mut Vec<String>) {
    let mut owner: Option<&String> = None;
    for event in events {
        let Outcome::Done(who) = &event.outcome else {
            continue;
        };
        match owner {
            Some(owner) if owner != who => broken.push(format!("{name} is {owner}'s and {who}'s")),
            _ => owner = Some(who),
        }
    }
    let claims = |event: &&&Event| matches!(event.asked, Asked::Claim(_)) && event.is_done();
    let Some(claimed) = events.iter().filter(claims).map(|event| event.ended).min() else {
        return;
    };
    for event in events {
        if matches!(event.asked, Asked::Find(_)) && event.begun > claimed && event.outcome == Outcome::Refused
        {
            broken.push(format!(
                "{name} was given to somebody, and at {} nobody had it",
                event.begun
            ));
        }
    }
}

/// What may be used once was not used twice.
fn used_once(what: &str, events: &[&Event], broken: &mut Vec<String>) {
    let times = events.iter().filter(|event| event.is_done()).count();
    if times > 1 {
        broken.push(format!("{what} was used {times} times"));
    }
}

/// A password counts from its acknowledgement at the latest until the next one's, on every node.
fn last_password(user: &str, events: &[&Event], broken: &mut Vec<String>) {
    let mut writes: Vec<Write> = events.iter().filter_map(|event| Write::of(event)).collect();
    writes.sort_by_key(|write| write.begun);
    for event in events {
        let Asked::SignIn { with, .. } = event.asked else {
            continue;
        };
        // The newest password that was certainly set before the call began.
        let settled = writes
            .iter()
            .rposition(|write| write.done.is_some_and(|done| done < event.begun));
        let candidates: Vec<u64> = writes[settled.unwrap_or(0)..]
            .iter()
            .filter(|write| write.begun < event.ended)
            .map(|write| write.to)
            .collect();
        let at = event.begun;
        match event.outcome {
            Outcome::Done(_) if !candidates.contains(&with) => {
                broken.push(format!(
                    "{user} signed in at {at} with {with}, not one of {candidates:?}"
                ));
            }
            Outcome::Refused if settled.is_some() && candidates.iter().all(|to| *to == with) => {
                broken.push(format!("{user} was refused at {at} with {with}, the password"));
            }
            _ => {}
        }
    }
}

/// A change of a password that was not refused.
struct Write {
    to: u64,
    begun: u64,
    /// When it was acknowledged, if it was.
    done: Option<u64>,
}

impl Write {
    fn of(event: &Event) -> Option<Self> {
        let Asked::SetPassword { to, .. } = event.asked else {
            return None;
        };
        let done = match event.outcome {
            Outcome::Refused => return None,
            Outcome::Done(_) => Some(event.ended),
            Outcome::Unknown => None,
        };
        Some(Self {
            to,
            begun: event.begun,
            done,
        })
    }
}

/// Nothing that a user held counts once the sign-out was acknowledged.
fn signed_out(bearer: &str, events: &[&Event], broken: &mut Vec<String>) {
    let out = |event: &&&Event| matches!(event.asked, Asked::SignOut(_)) && event.is_done();
    let Some(out) = events.iter().filter(out).map(|event| event.ended).min() else {
        return;
    };
    for event in events {
        if matches!(event.asked, Asked::Bear(_)) && event.begun > out && event.is_done() {
            broken.push(format!(
                "{bearer} was signed out at {out} and let in at {}",
                event.begun
            ));
        }
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

    fn done(what: &str) -> Outcome {
        Outcome::Done(what.to_owned())
    }

    fn set(to: u64, begun: u64, ended: u64, outcome: Outcome) -> Event {
        let user = "ann".to_owned();
        event(Asked::SetPassword { user, to }, begun, ended, outcome)
    }

    fn sign_in(with: u64, begun: u64, ended: u64, outcome: Outcome) -> Event {
        let user = "ann".to_owned();
        event(Asked::SignIn { user, with }, begun, ended, outcome)
    }

    fn claim(who: &str, at: u64) -> Event {
        event(Asked::Claim("ann".to_owned()), at, at + 1, done(who))
    }

    #[test]
    fn a_name_with_two_owners_is_found() {
        assert_eq!(check(&[claim("1", 0), claim("2", 10)]), ["ann is 1's and 2's"]);
        assert_eq!(check(&[claim("1", 0), claim("1", 10)]).len(), 0);
    }

    #[test]
    fn an_acknowledged_user_who_is_gone_is_found() {
        let find = |begun| event(Asked::Find("ann".to_owned()), begun, begun + 3, Outcome::Refused);
        assert_eq!(
            check(&[claim("1", 5), find(10)]),
            ["ann was given to somebody, and at 10 nobody had it"]
        );
        // Asked before the acknowledgement, or of what was never acknowledged.
        let mut unknown = claim("1", 5);
        unknown.outcome = Outcome::Unknown;
        assert_eq!(check(&[claim("1", 5), find(4)]).len(), 0);
        assert_eq!(check(&[unknown, find(10)]).len(), 0);
    }

    #[test]
    fn a_code_that_was_used_twice_is_found() {
        let uses = |outcome| event(Asked::Use("code".to_owned()), 0, 1, outcome);
        assert_eq!(
            check(&[uses(done("")), uses(done(""))]),
            ["code was used 2 times"]
        );
        assert_eq!(
            check(&[uses(done("")), uses(Outcome::Refused), uses(Outcome::Unknown)]).len(),
            0
        );
    }

    #[test]
    fn an_old_password_that_signs_in_is_found() {
        let changed = [set(1, 0, 1, done("")), set(2, 10, 20, done(""))];
        let with = |asked: Event| check(&[&changed[..], &[asked]].concat());
        assert_eq!(
            with(sign_in(1, 21, 22, done(""))),
            ["ann signed in at 21 with 1, not one of [2]"]
        );
        // While it was being changed both will do.
        for password in [1, 2] {
            assert_eq!(with(sign_in(password, 15, 16, done(""))).len(), 0);
            assert_eq!(with(sign_in(password, 15, 30, Outcome::Refused)).len(), 0);
        }
        assert_eq!(
            with(sign_in(2, 2, 9, done(""))).len(),
            1,
            "before it was asked for"
        );
        assert_eq!(with(sign_in(3, 15, 16, done(""))).len(), 1, "one that never was");
    }

    #[test]
    fn a_lost_password_is_found() {
        let changed = [set(1, 0, 1, done("")), set(2, 10, 20, done(""))];
        let with = |asked: Event| check(&[&changed[..], &[asked]].concat());
        assert_eq!(
            with(sign_in(2, 21, 22, Outcome::Refused)),
            ["ann was refused at 21 with 2, the password"]
        );
        assert_eq!(with(sign_in(1, 21, 22, Outcome::Refused)).len(), 0);
        assert_eq!(with(sign_in(2, 21, 22, Outcome::Unknown)).len(), 0);
    }

    #[test]
    fn a_change_that_nobody_knows_of_may_come_late_until_the_next() {
        let unknown = [set(1, 0, 1, done("")), set(2, 10, 20, Outcome::Unknown)];
        for password in [1, 2] {
            for outcome in [done(""), Outcome::Refused] {
                let asked = sign_in(password, 100, 101, outcome);
                assert_eq!(check(&[&unknown[..], &[asked]].concat()).len(), 0);
            }
        }
        let after = [&unknown[..], &[set(3, 200, 210, done(""))]].concat();
        for password in [1, 2] {
            let asked = sign_in(password, 211, 212, done(""));
            assert_eq!(check(&[&after[..], &[asked]].concat()).len(), 1);
        }
    }

    #[test]
    fn who_is_let_in_after_the_sign_out_is_found() {
        let out = event(Asked::SignOut("ann".to_owned()), 10, 20, done(""));
        let bear = |begun| event(Asked::Bear("ann".to_owned()), begun, begun + 1, done(""));
        assert_eq!(
            check(&[out.clone(), bear(21)]),
            ["ann was signed out at 20 and let in at 21"]
        );
        assert_eq!(check(&[out, bear(15)]).len(), 0);
    }
}
