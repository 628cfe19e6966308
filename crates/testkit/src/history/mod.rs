//! What clients asked of several nodes at once and what they were told, held against what may have happened.
//!
//! Clients ([`run`]) note every call with its beginning and end. Afterwards [`History::violations`] looks for answers that no
//! order of the calls explains. A call that ended in an error of the server may have happened or not, and may still happen
//! until somebody writes after it.

mod caller;
mod check;
mod clients;
mod codes;
mod names;
mod order;
mod passwords;
mod tokens;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

pub use self::clients::{CLIENT, POOL, Scene, old_users_file, pools_file, run};

/// A call, as far as a rule is about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Somebody takes a name: a user name, an alias, or the place of a person of the old pool. Answered with who has it.
    Claim(String),
    /// Who has that name?
    Find(String),
    /// What may be used once is used: a code, a session, a refresh token that rotates.
    Use(String),
    /// A user is sent a code. Answered with the code, which takes the place of the one before.
    SendCode(String),
    /// A code is used.
    UseCode {
        /// The user.
        of: String,
        /// The code.
        code: String,
    },
    /// A user gets that password. One client does this for a user, one call after the other.
    SetPassword {
        /// The user.
        user: String,
        /// The password from now on.
        to: u64,
    },
    /// A user signs in with that password.
    SignIn {
        /// The user.
        user: String,
        /// The password.
        with: u64,
    },
    /// All that a user holds is revoked.
    SignOut(String),
    /// Something that a user holds is shown.
    Bear(String),
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done; with what the answer said.
    Done(String),
    /// It was refused, and nothing happened.
    Refused,
    /// Nobody knows.
    Unknown,
}

/// A call with the moments of its beginning and end, which are all different.
#[derive(Clone, Debug)]
pub struct Event {
    /// What for.
    pub asked: Asked,
    /// When the client began.
    pub begun: u64,
    /// When it had its answer.
    pub ended: u64,
    /// Which.
    pub outcome: Outcome,
}

/// What all clients of a run note.
#[derive(Debug, Default)]
pub struct History {
    moments: AtomicU64,
    events: Mutex<Vec<Event>>,
    surprises: Mutex<Vec<String>>,
    longest: Mutex<Duration>,
    ending: AtomicBool,
    more: Notify,
}

impl Event {
    /// Whether it was done.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self.outcome, Outcome::Done(_))
    }

    /// Whether it changes something.
    #[must_use]
    pub fn is_write(&self) -> bool {
        matches!(
            self.asked,
            Asked::Claim(_)
                | Asked::Use(_)
                | Asked::SendCode(_)
                | Asked::UseCode { .. }
                | Asked::SetPassword { .. }
        )
    }

    /// Whether somebody signs in.
    #[must_use]
    pub fn is_sign_in(&self) -> bool {
        matches!(self.asked, Asked::SignIn { .. })
    }
}

impl History {
    /// The present moment.
    pub fn now(&self) -> u64 {
        self.moments.fetch_add(1, Ordering::SeqCst)
    }

    /// Notes a call that began at a moment and ends now.
    pub fn note(&self, asked: Asked, begun: u64, outcome: Outcome) {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        let ended = self.now();
        events.push(Event {
            asked,
            begun,
            ended,
            outcome,
        });
        drop(events);
        self.more.notify_waiters();
    }

    /// Notes an answer that no client should get, whatever happens to the database.
    pub fn surprise(&self, text: String) {
        self.surprises
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(text);
    }

    /// Notes how long a call took.
    fn took(&self, time: Duration) {
        let mut longest = self.longest.lock().unwrap_or_else(PoisonError::into_inner);
        *longest = time.max(*longest);
    }

    /// How long the longest call has taken.
    #[must_use]
    pub fn longest(&self) -> Duration {
        *self.longest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All calls, in the order in which they ended.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until so many calls of a kind are done that began after a moment.
    pub async fn until(&self, since: u64, number: usize, kind: fn(&Event) -> bool) {
        loop {
            let more = self.more.notified();
            if self.done(since, kind) >= number {
                return;
            }
            more.await;
        }
    }

    fn done(&self, since: u64, kind: fn(&Event) -> bool) -> usize {
        let events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = |event: &&Event| event.begun > since && event.is_done() && kind(event);
        events.iter().filter(wanted).count()
    }

    /// Has the clients come to their end.
    pub fn end(&self) {
        self.ending.store(true, Ordering::SeqCst);
    }

    /// Whether they are to.
    fn is_ending(&self) -> bool {
        self.ending.load(Ordering::SeqCst)
    }

    /// What cannot be, in sentences; nothing of a sound pool.
    #[must_use]
    pub fn violations(&self) -> Vec<String> {
        let surprises = self.surprises.lock().unwrap_or_else(PoisonError::into_inner);
        let mut violations = surprises.clone();
        violations.extend(check::check(&self.events()));
        violations
    }
}
