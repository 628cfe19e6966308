//! The same attempt again: Cognito tries an event up to three times, and each of them would be a try at the old
//! directory. The first verdict holds for all.
//!
//! An attempt is known by a digest under a key that lives as long as the process: of pool, occasion, login and password
//! together, so that nothing of them is kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ring::hmac;
use tokio::sync::watch;
use tokio::time::Instant;
use trigger::migrate_user::Source;
use trigger::{Event, MigrateUser};

use crate::directory::Cause;
use crate::standing::Standing;

/// How the old directory answered an attempt, or why not.
pub(crate) type Verdict = Result<Standing, (Cause, &'static str)>;

type Attempt = [u8; 32];
pub(crate) type Known = watch::Receiver<Option<Arc<Verdict>>>;

/// Attempts of the last seconds, and those on their way.
pub(crate) struct Attempts {
    key: hmac::Key,
    entries: Mutex<HashMap<Attempt, Entry>>,
}

struct Entry {
    verdict: Known,
    /// When the verdict is forgotten; `None` while there is none.
    ends: Option<Instant>,
}

/// Whether an attempt is the first.
pub(crate) enum Turn<'a> {
    First(First<'a>),
    Again(Known),
}

/// The duty of the first to tell the others. Dropped without a verdict (whoever waited is gone), it tells that there will
/// be none: the old directory may have counted the try all the same.
pub(crate) struct First<'a> {
    attempts: &'a Attempts,
    attempt: Attempt,
    told: watch::Sender<Option<Arc<Verdict>>>,
    keep: Duration,
}

impl Attempts {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, key),
            entries: Mutex::default(),
        }
    }

    pub(crate) fn digest(&self, event: &Event<MigrateUser>) -> Attempt {
        let (header, request) = (event.header(), event.request());
        let source = match event.source() {
            Source::Authentication => "sign-in",
            _ => "forgot password",
        };
        let password = request.password.as_ref().map_or("", |password| password.expose());
        let mut context = hmac::Context::with_key(&self.key);
        for part in [source, &header.user_pool_id, &header.user_name, password] {
            // With its length before it, no part can be taken for the end of another.
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part.as_bytes());
        }
        let mut attempt = [0; 32];
        attempt.copy_from_slice(context.sign().as_ref());
        attempt
    }

    /// Whose turn it is. A verdict is kept for `keep`; at most `most` attempts are remembered.
    pub(crate) fn turn(&self, attempt: Attempt, keep: Duration, most: usize) -> Turn<'_> {
        let now = Instant::now();
        let mut entries = self.entries();
        if let Some(entry) = entries.get(&attempt)
            && entry.ends.is_none_or(|ends| now < ends)
        {
            return Turn::Again(entry.verdict.clone());
        }
        if entries.len() >= most {
            make_room(&mut entries, now, most);
        }
        let (told, verdict) = watch::channel(None);
        // Where everybody is still on the way, the newest is not remembered: memory has an end.
        if entries.len() < most {
            entries.insert(attempt, Entry { verdict, ends: None });
        }
        Turn::First(First {
            attempts: self,
            attempt,
            told,
            keep,
        })
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<Attempt, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Forgets what is over; if that is nobody, the verdict that ends first.
fn make_room(entries: &mut HashMap<Attempt, Entry>, now: Instant, most: usize) {
    entries.retain(|_, entry| entry.ends.is_none_or(|ends| now < ends));
    if entries.len() >= most {
        let oldest = entries
            .iter()
            .filter_map(|(attempt, entry)| Some((entry.ends?, *attempt)))
            .min();
        if let Some((_, attempt)) = oldest {
            entries.remove(&attempt);
        }
    }
}

impl First<'_> {
    /// Tells the verdict to those who wait and, for a while, to those who come.
    pub(crate) fn tell(self, verdict: Verdict) {
        let keep = match &verdict {
            // Nobody can have counted it, so another try costs nobody anything.
            Err((cause, _)) if !cause.may_have_counted() => Duration::ZERO,
            _ => self.keep,
        };
        self.end(verdict, keep);
    }

    fn end(&self, verdict: Verdict, keep: Duration) {
        let mut entries = self.attempts.entries();
        if keep.is_zero() {
            entries.remove(&self.attempt);
        } else if let Some(entry) = entries.get_mut(&self.attempt) {
            entry.ends = Some(Instant::now() + keep);
        }
        drop(entries);
        self.told.send_replace(Some(Arc::new(verdict)));
    }
}

impl Drop for First<'_> {
    fn drop(&mut self) {
        if self.told.borrow().is_none() {
            self.end(Err((Cause::TooSlow, "abandoned")), self.keep);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEEP: Duration = Duration::from_secs(5);

    fn first(turn: Turn<'_>) -> Option<First<'_>> {
        match turn {
            Turn::First(first) => Some(first),
            Turn::Again(_) => None,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_verdict_is_told_to_who_waits_and_for_a_while_to_who_comes() {
        let attempts = Attempts::new(&[7; 32]);
        let one = first(attempts.turn([1; 32], KEEP, 9)).expect("the first");
        let Turn::Again(mut waiting) = attempts.turn([1; 32], KEEP, 9) else {
            panic!("again")
        };
        one.tell(Ok(Standing::WrongPassword));
        let verdict = waiting
            .wait_for(Option::is_some)
            .await
            .expect("a verdict")
            .clone();
        assert_eq!(verdict.expect("one").as_ref(), &Ok(Standing::WrongPassword));
        tokio::time::advance(Duration::from_secs(4)).await;
        assert!(first(attempts.turn([1; 32], KEEP, 9)).is_none());
        tokio::time::advance(Duration::from_secs(2)).await;
        assert!(first(attempts.turn([1; 32], KEEP, 9)).is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn what_nobody_counted_is_forgotten_and_what_was_abandoned_is_not() {
        let attempts = Attempts::new(&[7; 32]);
        first(attempts.turn([1; 32], KEEP, 9))
            .expect("the first")
            .tell(Err((Cause::Unreachable, "verify")));
        assert!(first(attempts.turn([1; 32], KEEP, 9)).is_some(), "forgotten");
        // The one that `is_some` looked at was dropped without a verdict.
        let Turn::Again(verdict) = attempts.turn([1; 32], KEEP, 9) else {
            panic!("again")
        };
        let verdict = verdict.borrow().clone().expect("a verdict");
        assert_eq!(verdict.as_ref(), &Err((Cause::TooSlow, "abandoned")));
    }

    #[tokio::test(start_paused = true)]
    async fn memory_is_bounded_whatever_comes() {
        let attempts = Attempts::new(&[7; 32]);
        let mut on_their_way = Vec::new();
        for n in 0..50 {
            on_their_way.extend(first(attempts.turn([n; 32], KEEP, 8)));
        }
        assert_eq!((on_their_way.len(), attempts.entries().len()), (50, 8));
        for one in on_their_way {
            one.tell(Ok(Standing::Unknown));
        }
        for n in 100..200 {
            drop(attempts.turn([n; 32], KEEP, 8));
        }
        assert_eq!(attempts.entries().len(), 8);
    }
}
