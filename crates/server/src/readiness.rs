//! Whether requests should be sent to this server: what `/readyz` says.
//!
//! Ready is who can do all of the work: the store answers, takes writes and has this release's tables, and nobody has told the
//! server to stop. A look at the store is good for a second, and one is under way at a time, so that no number of questions
//! loads the database.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use pool::service::Service;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use crate::telemetry;

/// How old what is said can be.
const GOOD_FOR: Duration = Duration::from_secs(1);

/// How long a look may take. Balancers ask every few seconds, and count no answer as a no.
const LIMIT: Duration = Duration::from_secs(2);

/// Why a server is not ready, in words for whoever runs it: no names of hosts, nothing secret.
pub(crate) type Reason = String;

/// What is known of this server's readiness.
#[derive(Debug, Default)]
pub(crate) struct Readiness {
    draining: AtomicBool,
    last: Mutex<Option<(Instant, Result<(), Reason>)>>,
}

impl Readiness {
    /// From here on the server is not ready, whatever else is true.
    pub(crate) fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
        telemetry::ready(false);
    }

    /// Whether the server is ready now.
    ///
    /// # Errors
    /// Why it is not.
    pub(crate) async fn look(&self, service: &Service) -> Result<(), Reason> {
        let store = self.look_at_store(service).await;
        let ready = if self.draining.load(Ordering::Relaxed) {
            Err("told to stop".to_owned())
        } else {
            store
        };
        telemetry::ready(ready.is_ok());
        ready
    }

    async fn look_at_store(&self, service: &Service) -> Result<(), Reason> {
        if self.draining.load(Ordering::Relaxed) {
            return Ok(());
        }
        let mut last = self.last.lock().await;
        if let Some((at, said)) = &*last
            && at.elapsed() < GOOD_FOR
        {
            return said.clone();
        }
        let said = match timeout(LIMIT, service.check_store()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(unready)) => {
                tracing::warn!(error = crate::chain(&unready), "not ready");
                Err(unready.to_string())
            }
            Err(_) => {
                tracing::warn!("not ready: the database does not answer in time");
                Err("the database does not answer in time".to_owned())
            }
        };
        *last = Some((Instant::now(), said.clone()));
        said
    }
}
