//! Whether and where traces go: OpenTelemetry's standard variables, so that a server is set up like everything else that sends
//! traces. No value is ever told: URLs and headers may hold keys.
//!
//! Source: *OTLP exporter configuration* and *Environment variable specification* of OpenTelemetry. These would have a wrong
//! value ignored; here it is told like any other setting's (chosen), and so is what asks for something that is not there.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use opentelemetry_sdk::trace::Sampler;
use percent_encoding::percent_decode_str;
use reqwest::Url;
use reqwest::header::{HeaderName, HeaderValue};

use super::Environment;
use crate::problem::Problem;

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const TRACES_ENDPOINT: &str = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
const HEADERS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS"];
const TIMEOUT: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"];
const PROTOCOL: [&str; 2] = [
    "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
    "OTEL_EXPORTER_OTLP_PROTOCOL",
];
const COMPRESSION: [&str; 2] = [
    "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION",
    "OTEL_EXPORTER_OTLP_COMPRESSION",
];
const CERTIFICATE: [&str; 2] = [
    "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE",
    "OTEL_EXPORTER_OTLP_CERTIFICATE",
];
const SAMPLER: &str = "OTEL_TRACES_SAMPLER";
const SHARE: &str = "OTEL_TRACES_SAMPLER_ARG";
const PROPAGATORS: &str = "OTEL_PROPAGATORS";
const QUEUE: &str = "OTEL_BSP_MAX_QUEUE_SIZE";
const BATCH: &str = "OTEL_BSP_MAX_EXPORT_BATCH_SIZE";

/// `service.name` where no variable says another.
const SERVICE: &str = "rehome";

/// The most spans that may be asked to wait: some 30 MB of them.
const LONGEST_QUEUE: u32 = 65_536;

/// Where traces go, and which.
pub struct TracesSettings {
    /// Where to post spans.
    pub(crate) endpoint: Url,
    /// What to send with them: keys, usually.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// How long one delivery may take, tries and pauses together.
    pub(crate) timeout: Duration,
    /// Which traces are sent.
    pub(crate) sampler: Sampler,
    /// What is said of this server beside every span.
    pub(crate) resource: Vec<(String, String)>,
    /// How long spans are gathered before they are sent.
    pub(crate) delay: Duration,
    /// How many may wait; further ones are lost.
    pub(crate) queue: usize,
    /// How many are sent at a time.
    pub(crate) batch: usize,
}

impl fmt::Debug for TracesSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TracesSettings").finish_non_exhaustive()
    }
}

/// Reads the variables. `None` without an endpoint, when traces are turned off, or when something is wrong.
pub(super) fn read(environment: Environment<'_>, problems: &mut Vec<Problem>) -> Option<TracesSettings> {
    let off = environment("OTEL_SDK_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true"))
        || environment("OTEL_TRACES_EXPORTER").is_some_and(|value| value == "none");
    let named = environment(TRACES_ENDPOINT).is_some() || environment(ENDPOINT).is_some();
    if off || !named {
        return None;
    }
    let mut reader = Reader {
        environment,
        problems: Vec::new(),
    };
    let settings = reader.settings();
    let sound = reader.problems.is_empty();
    problems.append(&mut reader.problems);
    settings.filter(|_| sound)
}

struct Reader<'a> {
    environment: Environment<'a>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn settings(&mut self) -> Option<TracesSettings> {
        self.refuse_what_is_not_there();
        let queue = self.number(QUEUE, 2_048, LONGEST_QUEUE);
        let batch = self.number(BATCH, 512.min(queue), LONGEST_QUEUE);
        if batch > queue {
            self.wrong(BATCH, &format!("is more than may wait; write at most {QUEUE}"));
        }
        let (endpoint, headers) = (self.endpoint(), self.headers());
        let timeout = self.number(self.one_of(TIMEOUT), 10_000, u32::MAX);
        let delay = self.number("OTEL_BSP_SCHEDULE_DELAY", 5_000, u32::MAX);
        let (sampler, resource) = (self.sampler(), self.resource());
        Some(TracesSettings {
            endpoint: endpoint?,
            headers,
            timeout: Duration::from_millis(timeout.into()),
            sampler: sampler?,
            resource,
            delay: Duration::from_millis(delay.into()),
            queue: usize::try_from(queue).ok()?,
            batch: usize::try_from(batch).ok()?,
        })
    }

    fn get(&self, name: &str) -> Option<String> {
        (self.environment)(name)
    }

    fn wrong(&mut self, name: &str, mend: &str) {
        self.problems.push(Problem::new(name, mend));
    }

    /// The variable for traces alone where it is set, else the one for all signals.
    fn one_of(&self, [own, all]: [&'static str; 2]) -> &'static str {
        if self.get(own).is_some() { own } else { all }
    }

    /// What is asked for and would be missed.
    fn refuse_what_is_not_there(&mut self) {
        for (name, only) in [
            ("OTEL_TRACES_EXPORTER", "otlp"),
            (self.one_of(PROTOCOL), "http/protobuf"),
            (self.one_of(COMPRESSION), "none"),
        ] {
            if self.get(name).is_some_and(|value| value != only) {
                self.wrong(name, &format!("is not to be had; write {only}, or nothing"));
            }
        }
        let propagators = self.get(PROPAGATORS);
        if propagators.is_some_and(|list| list.split(',').all(|name| name.trim() != "tracecontext")) {
            self.wrong(PROPAGATORS, "is not to be had; write tracecontext, or nothing");
        }
        let name = self.one_of(CERTIFICATE);
        if self.get(name).is_some() {
            let mend = "is not to be had: a collector is trusted by the authorities of the web alone; leave it out, and \
                        reach a collector of your own by http:// on this machine";
            self.wrong(name, mend);
        }
    }

    /// `…_TRACES_ENDPOINT` is taken as it is; the other gets the path of traces.
    fn endpoint(&mut self) -> Option<Url> {
        let (name, text) = match self.get(TRACES_ENDPOINT) {
            Some(text) => (TRACES_ENDPOINT, text),
            None => (
                ENDPOINT,
                format!("{}/v1/traces", self.get(ENDPOINT)?.trim_end_matches('/')),
            ),
        };
        let url = Url::parse(&text).ok().filter(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.has_host()
                && url.username().is_empty()
                && url.password().is_none()
                && url.fragment().is_none()
                && (name == TRACES_ENDPOINT || url.query().is_none())
        });
        if url.is_none() {
            let mend = "is no URL of a collector; write one like http://127.0.0.1:4318, without a user name";
            self.wrong(name, mend);
        }
        url
    }

    fn headers(&mut self) -> Vec<(HeaderName, HeaderValue)> {
        let name = self.one_of(HEADERS);
        let headers = self.pairs(name).into_iter().map(|(key, value)| {
            let mut value = HeaderValue::from_str(&value).ok()?;
            value.set_sensitive(true);
            Some((HeaderName::from_str(&key).ok()?, value))
        });
        headers.collect::<Option<_>>().unwrap_or_else(|| {
            self.wrong(
                name,
                "has what cannot be a header; write name=value, several with commas between",
            );
            Vec::new()
        })
    }

    fn resource(&mut self) -> Vec<(String, String)> {
        let mut attributes = vec![
            ("service.name".to_owned(), SERVICE.to_owned()),
            ("service.version".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        ];
        attributes.extend(self.pairs("OTEL_RESOURCE_ATTRIBUTES"));
        attributes.extend(
            self.get("OTEL_SERVICE_NAME")
                .map(|name| ("service.name".to_owned(), name)),
        );
        attributes
    }

    /// `name=value`, several with commas between, the values percent-encoded where they have to be.
    fn pairs(&mut self, name: &str) -> Vec<(String, String)> {
        let text = self.get(name).unwrap_or_default();
        let pairs = text.split(',').map(str::trim).filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| {
            let (key, value) = pair.split_once('=')?;
            let value = percent_decode_str(value.trim()).decode_utf8().ok()?;
            let key = key.trim();
            (!key.is_empty()).then(|| (key.to_owned(), value.into_owned()))
        });
        pairs.collect::<Option<_>>().unwrap_or_else(|| {
            self.wrong(name, "is no list; write name=value, several with commas between");
            Vec::new()
        })
    }

    /// A whole number from 1 on, of milliseconds or spans.
    fn number(&mut self, name: &str, usual: u32, most: u32) -> u32 {
        let Some(text) = self.get(name) else { return usual };
        let number = text
            .trim()
            .parse()
            .ok()
            .filter(|number| (1..=most).contains(number));
        number.unwrap_or_else(|| {
            self.wrong(
                name,
                &format!("is no number from 1 to {most}; write one like {usual}"),
            );
            usual
        })
    }

    fn sampler(&mut self) -> Option<Sampler> {
        let name = self.get(SAMPLER);
        let name = name.as_deref().unwrap_or("parentbased_always_on");
        let root = name.strip_prefix("parentbased_");
        let sampler = match root.unwrap_or(name) {
            "always_on" => Sampler::AlwaysOn,
            "always_off" => Sampler::AlwaysOff,
            "traceidratio" => Sampler::TraceIdRatioBased(self.share()?),
            _ => {
                let mend = "is no sampler; write always_on, always_off or traceidratio, or one of these with \
                            parentbased_ before it";
                self.wrong(SAMPLER, mend);
                return None;
            }
        };
        Some(match root {
            Some(_) => Sampler::ParentBased(Box::new(sampler)),
            None => sampler,
        })
    }

    fn share(&mut self) -> Option<f64> {
        let Some(text) = self.get(SHARE) else {
            return Some(1.0);
        };
        let share = text
            .trim()
            .parse()
            .ok()
            .filter(|share| (0.0..=1.0).contains(share));
        if share.is_none() {
            self.wrong(SHARE, "is no share; write one from 0 to 1, like 0.1");
        }
        share
    }
}

#[cfg(test)]
mod tests;
