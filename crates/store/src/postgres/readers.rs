//! The connections that read. Each carries many questions at a time, in a pipeline, so a few are enough.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use pool::ports::StoreError;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::connection::Connection;
use super::error::EngineError;
use super::hosts;
use super::places::{PATIENCE, Place, Places};
use super::url::DatabaseUrl;

/// How many questions may be under way on one connection; more wait.
const PIPELINE: usize = 128;

/// Connections that read, opened when they are first needed and again when they are lost.
#[derive(Debug)]
pub(super) struct Readers {
    url: DatabaseUrl,
    slots: Vec<Slot>,
    next: AtomicUsize,
    places: Places,
    limit: Duration,
}

/// One connection, or none yet.
#[derive(Debug, Default)]
struct Slot {
    open: RwLock<Option<Arc<Connection>>>,
    /// Held by who opens it, so that one does it for all.
    opening: Mutex<()>,
}

impl Readers {
    /// So many connections; an answer is waited for until `limit`.
    pub(super) fn new(lane: &'static str, url: DatabaseUrl, connections: usize, limit: Duration) -> Self {
        let connections = connections.max(1);
        Self {
            url,
            slots: (0..connections).map(|_| Slot::default()).collect(),
            next: AtomicUsize::new(0),
            places: Places::new(lane, connections * PIPELINE),
            limit,
        }
    }

    /// How long each answer may take.
    pub(super) fn limit(&self) -> Duration {
        self.limit
    }

    /// A place for one question.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when none becomes free in time.
    pub(super) async fn place(&self) -> Result<Place<'_>, StoreError> {
        self.places.take().await
    }

    /// A connection, the next in turn.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when somebody else is long about opening it, [`StoreError::Failed`] when no host serves.
    pub(super) async fn connection(&self) -> Result<Arc<Connection>, StoreError> {
        let slot = &self.slots[self.next.fetch_add(1, Ordering::Relaxed) % self.slots.len()];
        if let Some(connection) = slot.usable() {
            return Ok(connection);
        }
        // While no host serves, nobody is to wait for all who came before to find that out.
        let Ok(_mine) = timeout(PATIENCE, slot.opening.lock()).await else {
            return Err(StoreError::Busy);
        };
        if let Some(connection) = slot.usable() {
            return Ok(connection);
        }
        let connection = hosts::connect(&self.url).await;
        let connection = Arc::new(connection.map_err(EngineError::Unconnected)?);
        *slot.open.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&connection));
        Ok(connection)
    }
}

impl Slot {
    fn usable(&self) -> Option<Arc<Connection>> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        open.as_ref().filter(|connection| connection.is_usable()).cloned()
    }
}
