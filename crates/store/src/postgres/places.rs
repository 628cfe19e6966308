//! How many may be at work at a time, and how long others wait for one to end.

use std::time::Duration;

use pool::ports::StoreError;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use crate::telemetry::{Counted, PLACES, PLACES_IN_USE, PLACES_WAITING};

/// How long one may wait for a place.
pub(super) const PATIENCE: Duration = Duration::from_secs(3);

/// Places of one lane: `reads`, `listings` or `writes`.
#[derive(Debug)]
pub(super) struct Places {
    lane: &'static str,
    semaphore: Semaphore,
    _limit: Counted,
}

/// A place that is taken as long as this lives.
#[derive(Debug)]
pub(super) struct Place<'p> {
    _permit: SemaphorePermit<'p>,
    _in_use: Counted,
}

impl Places {
    pub(super) fn new(lane: &'static str, count: usize) -> Self {
        let limit = u32::try_from(count).unwrap_or(u32::MAX);
        Self {
            lane,
            semaphore: Semaphore::new(count),
            _limit: Counted::of_lane(PLACES, lane, limit),
        }
    }

    /// Takes a place if one is free.
    pub(super) fn take_free(&self) -> Option<Place<'_>> {
        let permit = self.semaphore.try_acquire().ok()?;
        Some(self.place(permit))
    }

    /// Takes a place.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when none becomes free in time.
    pub(super) async fn take(&self) -> Result<Place<'_>, StoreError> {
        let waiting = Counted::of_lane(PLACES_WAITING, self.lane, 1);
        let permit = timeout(PATIENCE, self.semaphore.acquire()).await;
        drop(waiting);
        let Ok(Ok(permit)) = permit else {
            return Err(StoreError::Busy);
        };
        Ok(self.place(permit))
    }

    fn place<'p>(&self, permit: SemaphorePermit<'p>) -> Place<'p> {
        Place {
            _permit: permit,
            _in_use: Counted::of_lane(PLACES_IN_USE, self.lane, 1),
        }
    }
}
