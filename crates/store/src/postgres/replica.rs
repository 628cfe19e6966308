//! A replica for pages of listings. While it is away the primary is asked, so nobody but the log hears of it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use pool::ports::StoreError;
use tokio::time::Instant;

use super::error::is_away;
use super::readers::Readers;

/// How long a replica that was away is left alone.
const LEFT_ALONE: Duration = Duration::from_secs(10);

/// Connections to a replica, and whether it is there.
#[derive(Debug)]
pub(super) struct Replica {
    pub(super) readers: Readers,
    /// When it was found to be away, until it answers again.
    away: Mutex<Option<Instant>>,
}

impl Replica {
    pub(super) fn new(readers: Readers) -> Self {
        Self {
            readers,
            away: Mutex::default(),
        }
    }

    /// Whether it is to be asked now. Of one that was away, a single request finds out whether it is back.
    pub(super) fn is_asked(&self) -> bool {
        let mut away = self.away.lock().unwrap_or_else(PoisonError::into_inner);
        match *away {
            Some(since) if since.elapsed() < LEFT_ALONE => false,
            Some(_) => {
                *away = Some(Instant::now());
                true
            }
            None => true,
        }
    }

    /// Whether its answer counts; if not, the primary is to be asked. Says once that it has gone, and once that it is back.
    pub(super) fn has_answered<T>(&self, answer: &Result<T, StoreError>) -> bool {
        let mut away = self.away.lock().unwrap_or_else(PoisonError::into_inner);
        match answer {
            Ok(_) => {
                if away.take().is_some() {
                    tracing::info!("the replica answers again: pages of listings are read there");
                }
                true
            }
            Err(error) => {
                if is_away(error) && away.replace(Instant::now()).is_none() {
                    tracing::warn!(
                        error = error as &dyn std::error::Error,
                        "the replica does not answer: pages of listings are read from the primary meanwhile"
                    );
                }
                false
            }
        }
    }
}
