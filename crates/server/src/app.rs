//! What every face of the server works on: the pools, and how this server presents itself.

use std::num::NonZeroUsize;
use std::sync::Arc;

use pool::service::Service;

use crate::api::AccessKeys;
use crate::courier::Outbox;
use crate::http::Record;
use crate::pages::Languages;
use crate::quota::{Draw, Quotas, RateLimits};
use crate::readiness::Readiness;
use crate::telemetry::{self, Metrics};
use crate::turns::Turns;

/// The server's state; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    service: Arc<Service>,
    options: Options,
    quotas: Quotas,
    readiness: Readiness,
    turns: Turns,
}

/// How a server presents itself.
pub struct Options {
    /// Whose signatures count at operations that Cognito wants signed.
    pub access_keys: AccessKeys,
    /// How many requests a second are let through.
    pub rate_limits: RateLimits,
    /// How many requests compute at a time: as many as there are cores for this server.
    pub cores: NonZeroUsize,
    /// Where clients reach this server, like `http://127.0.0.1:9229`: the head of every URL that it hands out.
    pub public_url: String,
    /// The languages of the pages.
    pub languages: Languages,
    /// Shown at `/_rehome/outbox`, to loopback alone.
    pub outbox: Option<Arc<Outbox>>,
    /// Shown at `/metrics`.
    pub metrics: Option<Metrics>,
}

impl App {
    /// Puts the parts together. Nothing runs yet: see [`crate::http::serve`].
    #[must_use]
    pub fn new(service: Arc<Service>, options: Options) -> Self {
        let quotas = Quotas::new(options.rate_limits.clone());
        let turns = Turns::new(options.cores);
        Self(Arc::new(Inner {
            service,
            options,
            quotas,
            readiness: Readiness::default(),
            turns,
        }))
    }

    /// The pools.
    #[must_use]
    pub fn service(&self) -> &Service {
        &self.0.service
    }

    /// From here on `/readyz` says no, so that balancers turn to other nodes; everything else goes on.
    pub fn drain(&self) {
        self.0.readiness.drain();
    }

    /// Whether requests should come here.
    pub(crate) fn readiness(&self) -> &Readiness {
        &self.0.readiness
    }

    /// How this server presents itself.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.0.options
    }

    /// Lets a request through, unless it goes beyond the rate of its category or the cores have more to do than they can.
    ///
    /// # Errors
    /// [`TryAgainLater`].
    pub(crate) fn admit(&self, draw: Draw<'_>, record: Option<&Record>) -> Result<(), TryAgainLater> {
        admit_to_the_cores(record)?;
        self.0
            .quotas
            .draw(draw, self.service().now())
            .map_err(|category| {
                telemetry::throttled(category);
                TryAgainLater
            })
    }

    /// The turns at the cores.
    pub(crate) fn turns(&self) -> &Turns {
        &self.0.turns
    }
}

/// Lets a request through, unless the cores have more to do than they can.
///
/// # Errors
/// [`TryAgainLater`].
pub(crate) fn admit_to_the_cores(record: Option<&Record>) -> Result<(), TryAgainLater> {
    if record.is_some_and(|record| record.shed.get().is_some()) {
        telemetry::shed();
        return Err(TryAgainLater);
    }
    Ok(())
}

/// A request is turned away, and may come again.
#[derive(Debug)]
pub(crate) struct TryAgainLater;
