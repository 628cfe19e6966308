//! What the log tells of spans that got lost: one line when it begins, one when it is over, however many they are.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// No two beginnings are told within this time: a collector that is just too slow loses some spans and takes others all day.
const TOLD_EVERY: Duration = Duration::from_mins(1);

/// Spans that got lost.
#[derive(Debug, Default)]
pub(super) struct Losses(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// How many since the log has told of the end of the last losses.
    spans: usize,
    /// Whether it has told that some get lost, and not yet that it is over.
    is_told: bool,
    told_at: Option<Instant>,
    /// Why the last delivery failed.
    why: Option<String>,
}

impl Losses {
    /// Notes why a delivery fails, before another is tried or its spans are lost. It holds no URL: that may hold a key.
    pub(super) fn explain(&self, why: String) {
        self.state().why = Some(why);
    }

    /// So many spans got lost.
    pub(super) fn add(&self, spans: usize, cause: &str) {
        let mut state = self.state();
        state.spans += spans;
        let is_due = state.told_at.is_none_or(|at| at.elapsed() >= TOLD_EVERY);
        if state.is_told || !is_due {
            return;
        }
        state.is_told = true;
        state.told_at = Some(Instant::now());
        let why = state.why.clone();
        drop(state);
        tracing::warn!(why, "traces get lost: {cause}");
    }

    /// The collector has taken spans.
    pub(super) fn are_over(&self) {
        let mut state = self.state();
        state.why = None;
        if std::mem::take(&mut state.is_told) {
            let spans = std::mem::take(&mut state.spans);
            drop(state);
            tracing::info!(spans, "the collector takes traces again; so many spans were lost");
        }
    }

    /// The state is whole whoever panicked over it.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
