//! Logs: on standard error, as text or JSON, each line made by `tracing`.

use std::io::IsTerminal as _;

use clap::ValueEnum;
use tracing::Subscriber;
use tracing_subscriber::filter::{Directive, LevelFilter, filter_fn};
use tracing_subscriber::layer::{Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Registry};

use crate::traces::{TARGET, Traces};

/// The crates of this software, for which a bare level counts. The others have only warnings to tell, unless a
/// directive names them: at `trace` an HTTP library shows what it carries.
pub(crate) const OURS: [&str; 9] = [
    "rehome",
    "server",
    "pool",
    "store",
    "function",
    "directory",
    "migration",
    "trigger",
    "model",
];

/// The form of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Lines for people
    Text,
    /// One JSON object a line
    Json,
}

/// What is logged, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logs {
    filter: String,
    format: Format,
}

impl Logs {
    /// Takes a level or a list of directives; `None` when it is neither.
    #[must_use]
    pub fn new(filter: &str, format: Format) -> Option<Self> {
        let filter = filter.trim();
        let level = ["error", "warn", "info", "debug", "trace", "off"]
            .into_iter()
            .find(|level| filter.eq_ignore_ascii_case(level));
        let filter = match level {
            Some("error" | "off") => filter.to_ascii_lowercase(),
            Some(level) => std::iter::once("warn".to_owned())
                .chain(OURS.iter().map(|name| format!("{name}={level}")))
                .collect::<Vec<_>>()
                .join(","),
            None => filter.to_owned(),
        };
        EnvFilter::try_new(&filter).ok()?;
        Some(Self { filter, format })
    }

    /// From here on, what happens is logged. A second call changes nothing.
    pub fn start(&self) {
        self.start_with(None);
    }

    /// The same, and spans go to a collector, if there is one. Without one no layer wants them, so that none is made.
    pub(crate) fn start_with(&self, traces: Option<&Traces>) {
        let lines = tracing_subscriber::registry().with(self.lines());
        let _already = match traces {
            Some(traces) => lines.with(spans(traces)).try_init(),
            None => lines.try_init(),
        };
    }

    /// What writes lines.
    fn lines(&self) -> impl Layer<Registry> + use<> {
        // `new` has parsed it once, so the default is never taken.
        let filter = EnvFilter::try_new(&self.filter).unwrap_or_default();
        let filter = match format!("{TARGET}=off").parse::<Directive>() {
            Ok(no_spans) => filter.add_directive(no_spans),
            Err(_) => filter,
        };
        let lines = tracing_subscriber::fmt::layer()
            .with_writer(std::io::stderr)
            .with_ansi(std::io::stderr().is_terminal());
        let lines = match self.format {
            Format::Text => lines.boxed(),
            Format::Json => lines.json().flatten_event(true).boxed(),
        };
        lines.with_filter(filter)
    }
}

/// What sends spans, and nothing but those that are made for it.
fn spans<S>(traces: &Traces) -> impl Layer<S> + use<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    tracing_opentelemetry::layer()
        .with_tracer(traces.tracer())
        .with_location(false)
        .with_target(false)
        .with_threads(false)
        .with_tracked_inactivity(false)
        .with_context_activation(false)
        .with_filter(
            filter_fn(|of| of.is_span() && of.target() == TARGET).with_max_level_hint(LevelFilter::INFO),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_level_counts_for_this_software_alone() {
        let logs = Logs::new("TRACE", Format::Text).unwrap();
        assert!(
            logs.filter.starts_with("warn,rehome=trace,server=trace"),
            "{}",
            logs.filter
        );
        assert_eq!(Logs::new("off", Format::Text).unwrap().filter, "off");
    }

    #[test]
    fn directives_stay_as_they_are() {
        assert_eq!(
            Logs::new("info,hyper=trace", Format::Json).unwrap().filter,
            "info,hyper=trace"
        );
        assert_eq!(Logs::new("server=loud", Format::Json), None);
    }
}
