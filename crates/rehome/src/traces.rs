//! Traces: spans go to an OpenTelemetry collector by OTLP over HTTP, when the standard variables name one.
//!
//! Spans are those of `tracing` whose target is [`TARGET`]: none of them shows in the log, no line of the log is in them, and
//! without a collector they are never made. Handing over is a thread's work beside the requests ([`queue`]), by the HTTP client
//! that everything else outward uses ([`collector`]); what gets lost is told in the log ([`losses`]).

mod collector;
mod losses;
mod queue;
mod sampler;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::resource::TelemetryResourceDetector;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use tokio::sync::oneshot;

use crate::settings::TracesSettings;
use collector::Collector;
use losses::Losses;
use queue::Queue;
use sampler::Beginnings;

pub(crate) use pool::telemetry::TRACES as TARGET;

/// How long the end waits for spans that are under way.
const GRACE: Duration = Duration::from_secs(5);

/// Spans on their way to a collector.
#[derive(Debug)]
pub(crate) struct Traces(SdkTracerProvider);

impl Traces {
    /// Begins to take spans up. Needs a tokio runtime around it.
    ///
    /// # Errors
    /// When no HTTP client can be made, or the exporter does not take the settings.
    pub(crate) fn start(settings: TracesSettings) -> anyhow::Result<Self> {
        let resource = Resource::builder_empty()
            .with_detector(Box::new(TelemetryResourceDetector))
            .with_attributes(
                settings
                    .resource
                    .iter()
                    .map(|(key, value)| KeyValue::new(key.clone(), value.clone())),
            )
            .build();
        let losses = Arc::new(Losses::default());
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Collector::new(
                settings.headers.clone(),
                settings.timeout,
                Arc::clone(&losses),
            )?)
            .with_endpoint(settings.endpoint.as_str())
            .with_protocol(Protocol::HttpBinary)
            .with_timeout(settings.timeout)
            .build()
            .context("traces cannot be sent")?;
        let queue = Queue::new(exporter, &settings, losses);
        let provider = SdkTracerProvider::builder()
            .with_resource(resource)
            .with_sampler(Beginnings(settings.sampler))
            .with_span_processor(queue)
            .build();
        Ok(Self(provider))
    }

    /// What makes spans of those of `tracing`.
    pub(crate) fn tracer(&self) -> SdkTracer {
        self.0.tracer("rehome")
    }

    /// Hands over what is under way, for a few seconds at most, and takes nothing more up.
    pub(crate) async fn end(self) {
        let (told, handed_over) = oneshot::channel();
        // A thread of its own: the runtime would wait for one of its threads, however long that takes.
        std::thread::spawn(move || {
            // Nobody may be waiting any more.
            let _ = told.send(self.0.shutdown_with_timeout(GRACE));
        });
        if !matches!(handed_over.await, Ok(Ok(()))) {
            tracing::warn!("the last traces were not handed to the collector in time");
        }
    }
}
