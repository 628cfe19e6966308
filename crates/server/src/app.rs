//! What every face of the server works on: the pools, and how this server presents itself.

use std::sync::Arc;

use metrics_exporter_prometheus::PrometheusHandle;
use pool::service::Service;

use crate::api::AccessKeys;
use crate::courier::Outbox;
use crate::pages::Languages;
use crate::quota::{Quotas, RateLimits};

/// The server's state; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    service: Arc<Service>,
    options: Options,
    quotas: Quotas,
}

/// How a server presents itself.
pub struct Options {
    /// Whose signatures count at operations that Cognito wants signed.
    pub access_keys: AccessKeys,
    /// How many requests a second are let through.
    pub rate_limits: RateLimits,
    /// Where clients reach this server, like `http://127.0.0.1:9229`: the head of every URL that it hands out.
    pub public_url: String,
    /// The languages of the pages.
    pub languages: Languages,
    /// Shown at `/_rehome/outbox`, to loopback alone.
    pub outbox: Option<Arc<Outbox>>,
    /// Shown at `/metrics`; see [`crate::telemetry::install`].
    pub metrics: Option<PrometheusHandle>,
}

impl App {
    /// Puts the parts together. Nothing runs yet: see [`crate::http::serve`].
    #[must_use]
    pub fn new(service: Arc<Service>, options: Options) -> Self {
        let quotas = Quotas::new(options.rate_limits.clone());
        Self(Arc::new(Inner {
            service,
            options,
            quotas,
        }))
    }

    /// The pools.
    #[must_use]
    pub fn service(&self) -> &Service {
        &self.0.service
    }

    /// How this server presents itself.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.0.options
    }

    /// What is left of the rates.
    pub(crate) fn quotas(&self) -> &Quotas {
        &self.0.quotas
    }
}
