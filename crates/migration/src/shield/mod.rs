//! What stands between many sign-ins and an old directory that was never made for them.
//!
//! In this order, each with a cause of its own, all of them *try again later* to the person: a circuit breaker
//! ([`circuit`]), a detector of floods ([`flood`]), a token bucket ([`bucket`]), a cap on questions at once.
//! State is of one process: on Lambda that is one instance, which has one event at a time.

mod bucket;
mod circuit;
mod flood;

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Deserialize;
use tokio::time::Instant;

use crate::directory::{Cause, CouldNotAsk};
use crate::standing::Standing;
pub use bucket::Bucket;
use circuit::{Circuit, Pass};
use flood::Floods;

/// `[shield]` of `rehome.toml`. A 0 turns off what it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ShieldSettings {
    /// Questions on their way at once.
    pub concurrency: u32,
    /// Questions a second, over time. By default what an account has for sign-ins at Cognito.
    pub per_second: u32,
    /// Questions at once after a quiet time.
    pub burst: u32,
    /// Failures in a row until the old directory is left alone.
    pub circuit_failures: u32,
    /// How long, the first time; each failed probe doubles it.
    pub circuit_pause_ms: u64,
    /// How long at most.
    pub circuit_longest_pause_ms: u64,
    /// How long the verdict on an attempt holds for the same attempt.
    pub repeat_seconds: u64,
    /// How many verdicts are remembered.
    pub repeat_entries: u32,
    /// Which part of the answers is *no such user* or *wrong password* in a flood.
    pub flood_percent: u32,
    /// How many answers it takes to speak of a flood.
    pub flood_least: u32,
    /// In which time.
    pub flood_window_seconds: u64,
    /// How many a second are let through in a flood, to see whether it is over.
    pub flood_per_second: u32,
}

impl Default for ShieldSettings {
    fn default() -> Self {
        Self {
            concurrency: 64,
            per_second: 120,
            burst: 240,
            circuit_failures: 5,
            circuit_pause_ms: 2000,
            circuit_longest_pause_ms: 30_000,
            repeat_seconds: 5,
            repeat_entries: 1024,
            flood_percent: 90,
            flood_least: 50,
            flood_window_seconds: 30,
            flood_per_second: 2,
        }
    }
}

/// A change of the shield that somebody should know of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShieldChange {
    /// The old directory is left alone.
    CircuitOpened,
    /// It answers again.
    CircuitClosed,
    /// Nearly every login is one that nobody has.
    FloodBegan,
    /// No longer.
    FloodEnded,
}

impl ShieldChange {
    /// The name for logs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CircuitOpened => "circuit_opened",
            Self::CircuitClosed => "circuit_closed",
            Self::FloodBegan => "flood_began",
            Self::FloodEnded => "flood_ended",
        }
    }
}

/// Who asks: through which app client, and which login, by its digest.
#[derive(Clone, Copy)]
pub(crate) struct Asker<'a> {
    pub(crate) client: &'a str,
    pub(crate) login: [u8; 16],
}

/// When something happens, under which settings, and where a change is noted.
struct Moment<'a> {
    now: Instant,
    settings: &'a ShieldSettings,
    change: &'a mut Option<ShieldChange>,
}

#[derive(Default)]
pub(crate) struct Shield(Mutex<State>);

#[derive(Default)]
struct State {
    on_their_way: u32,
    circuit: Circuit,
    bucket: Option<Bucket>,
    floods: Floods,
    change: Option<ShieldChange>,
}

/// Leave to ask once. Its holder owes an answer; dropped without one, the question never happened.
pub(crate) struct Permit<'a> {
    shield: &'a Shield,
    settings: ShieldSettings,
    pass: Pass,
    /// Of whom the answer counts for a flood.
    client: Option<String>,
    answered: bool,
}

impl Shield {
    /// Leave to ask, or the reason why not. Without an asker the answer says nothing of a flood: most people who sign up are
    /// unknown to the old directory, as they should be.
    pub(crate) fn enter(
        &self,
        asker: Option<Asker<'_>>,
        settings: ShieldSettings,
    ) -> Result<Permit<'_>, Cause> {
        let now = Instant::now();
        let mut state = self.state();
        let State {
            on_their_way,
            circuit,
            bucket,
            floods,
            change,
        } = &mut *state;
        let pass = circuit.pass(now, &settings)?;
        let mut moment = Moment {
            now,
            settings: &settings,
            change,
        };
        let admitted = asker.map_or(Ok(()), |asker| floods.admit(asker, &mut moment));
        let admitted = admitted.and_then(|()| {
            if settings.concurrency != 0 && *on_their_way >= settings.concurrency {
                return Err(Cause::Busy);
            }
            let bucket = bucket.get_or_insert_with(|| Bucket::full(now, settings.burst));
            if settings.per_second != 0 && !bucket.take(now, settings.per_second, settings.burst.max(1)) {
                return Err(Cause::OverRate);
            }
            Ok(())
        });
        if let Err(cause) = admitted {
            circuit.give_back(pass, now);
            return Err(cause);
        }
        *on_their_way += 1;
        Ok(Permit {
            shield: self,
            settings,
            pass,
            client: asker.map(|asker| asker.client.to_owned()),
            answered: false,
        })
    }

    /// What has changed since somebody last looked.
    pub(crate) fn take_change(&self) -> Option<ShieldChange> {
        self.state().change.take()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit<'_> {
    /// How it went.
    pub(crate) fn answer(mut self, answer: &Result<Standing, CouldNotAsk>) {
        self.answered = true;
        let mut state = self.shield.state();
        let State {
            circuit,
            floods,
            change,
            ..
        } = &mut *state;
        let mut moment = Moment {
            now: Instant::now(),
            settings: &self.settings,
            change,
        };
        let outage = matches!(answer, Err(error) if error.cause.is_outage());
        circuit.answered(self.pass, outage, &mut moment);
        if let (Ok(standing), Some(client)) = (answer, &self.client) {
            floods.answered(client, is_a_miss(standing), &mut moment);
        }
    }
}

/// An old app client that hides who exists says *wrong password* of those whom nobody knows.
fn is_a_miss(standing: &Standing) -> bool {
    matches!(
        standing,
        Standing::Unknown | Standing::WrongPassword | Standing::NoPassword
    )
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let mut state = self.shield.state();
        state.on_their_way = state.on_their_way.saturating_sub(1);
        if !self.answered {
            state.circuit.give_back(self.pass, Instant::now());
        }
    }
}
