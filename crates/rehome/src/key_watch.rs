//! A server looks at the database's master keys now and then: it seals under the one that the database names, and objects to one
//! that it lacks.

use std::sync::Arc;
use std::time::Duration;

use pool::master_key::{LOOKS_EVERY, look};
use pool::ports::Unready;
use pool::service::Service;
use tokio::time::{MissedTickBehavior, interval};

/// Looks for ever. A database that does not answer is told of elsewhere; a key that is lacking, once.
pub(crate) async fn watch(service: Arc<Service>) {
    let every = u64::try_from(LOOKS_EVERY.0).unwrap_or(1_000).max(1);
    let mut pace = interval(Duration::from_millis(every));
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut lacks = false;
    loop {
        pace.tick().await;
        match look(&service).await {
            Ok(()) => lacks = false,
            Err(Unready::Fault(reason)) if !lacks => {
                lacks = true;
                tracing::error!(
                    "{reason}: add it to the file of the master key, and start this server again"
                );
            }
            Err(_) => {}
        }
    }
}
