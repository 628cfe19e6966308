//! Spans of requests, and what carries a trace from one process to the next.
//!
//! A span has names, ids and outcomes alone, as the log's line of a request: never a path, a header, a login. Attributes have
//! the names of OpenTelemetry's semantic conventions where these have one (HTTP server spans, AWS SDK spans). Source of the
//! headers: *Trace Context* (W3C), level 1; "Tracing header" in X-Ray's guide.

use axum::extract::Request;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState};
use pool::telemetry::TRACES;
use tracing::Span;
use tracing::field::Empty;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::api;
use crate::http::Record;

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const AMAZONS: HeaderName = HeaderName::from_static("x-amzn-trace-id");

/// Begins the span of a request, within the trace of its client if that has one. The probes of balancers and of Prometheus
/// have none: they would be most of what a quiet server sends.
pub(crate) fn begin(request: &Request, face: &'static str) -> Span {
    let is_look = matches!(*request.method(), Method::GET | Method::HEAD);
    if is_look && matches!(face, "healthz" | "readyz" | "metrics") {
        return Span::none();
    }
    let span = tracing::info_span!(
        target: TRACES,
        "request",
        otel.name = face,
        otel.kind = "server",
        otel.status_code = Empty,
        rpc.system = Empty,
        rpc.method = Empty,
        http.response.status_code = Empty,
        "error.type" = Empty,
        aws.request_id = Empty,
        user_pool.id = Empty,
        app_client.id = Empty,
        rehome.face = Empty,
    );
    if span.is_disabled() {
        return span;
    }
    let headers = request.headers();
    let operation = (*request.method() == Method::POST).then(|| api::operation_name(headers));
    if let Some(operation) = operation.flatten() {
        span.record("otel.name", operation);
        span.record("rpc.system", "aws-api");
        span.record("rpc.method", operation);
        span.record("rehome.face", "api");
    } else {
        span.record("rehome.face", face);
    }
    if let Some(parent) = parent(headers) {
        // It cannot be too late: nothing has asked for the span's context yet.
        let _set = span.set_parent(Context::new().with_remote_span_context(parent));
    }
    span
}

/// Writes what is known by the end of a request into its span, as the log's line has it. Gives its trace.
pub(crate) fn end(span: &Span, record: &Record, status: StatusCode) -> Option<TraceId> {
    if span.is_disabled() {
        return None;
    }
    span.record("http.response.status_code", i64::from(status.as_u16()));
    span.record("aws.request_id", record.request_id.as_str());
    match record.exception.get() {
        Some(exception) => drop(span.record("error.type", *exception)),
        None if status.is_server_error() => drop(span.record("error.type", status.as_str())),
        None => {}
    }
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
    if let Some(id) = record.user_pool_id.get() {
        span.record("user_pool.id", id.as_str());
    }
    if let Some(id) = record.app_client_id.get() {
        span.record("app_client.id", id.as_str());
    }
    context_of(span).map(|context| context.trace_id())
}

/// The trace that a request says it belongs to. `tracestate` is left behind: it holds what strangers wrote.
fn parent(headers: &HeaderMap) -> Option<SpanContext> {
    let mut all = headers.get_all(TRACEPARENT).iter();
    let header = all.next()?;
    // Of two, nobody can say which one counts.
    all.next().is_none().then(|| parse(header.to_str().ok()?))?
}

/// Reads `00-<trace id>-<parent id>-<flags>`. Later versions may append to it.
fn parse(header: &str) -> Option<SpanContext> {
    let mut parts = header.split('-');
    let mut part = |length| {
        let is_digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        let text = parts.next()?;
        (text.len() == length && text.bytes().all(is_digit)).then_some(text)
    };
    let (version, trace, parent, flags) = (part(2)?, part(32)?, part(16)?, part(2)?);
    if version == "ff" || (version == "00" && parts.next().is_some()) {
        return None;
    }
    let sampled = u8::from_str_radix(flags, 16).ok()? & TraceFlags::SAMPLED.to_u8();
    let context = SpanContext::new(
        TraceId::from_hex(trace).ok()?,
        SpanId::from_hex(parent).ok()?,
        TraceFlags::new(sampled),
        true,
        TraceState::default(),
    );
    context.is_valid().then_some(context)
}

/// Who a span is in its trace, if it is in one.
fn context_of(span: &Span) -> Option<SpanContext> {
    if span.is_disabled() {
        return None;
    }
    let context = span.context().span().span_context().clone();
    context.is_valid().then_some(context)
}

/// What lets the receiver of a call of ours go on with the trace that the call belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Carried(SpanContext);

impl Carried {
    /// The trace of the span that this is called in, if there is one.
    pub(crate) fn from_here() -> Option<Self> {
        context_of(&Span::current()).map(Self)
    }

    /// Adds the headers of the standard and of X-Ray.
    pub(crate) fn put_into(&self, headers: &mut HeaderMap) {
        for (name, value) in [(TRACEPARENT, self.traceparent()), (AMAZONS, self.amazons())] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
    }

    fn traceparent(&self) -> String {
        let (trace, span) = (self.0.trace_id(), self.0.span_id());
        format!("00-{trace}-{span}-{:02x}", u8::from(self.0.is_sampled()))
    }

    /// X-Ray writes the same ids in another form. Its own traces have the time in their first eight digits; it takes the
    /// standard's, which have not.
    fn amazons(&self) -> String {
        let trace = self.0.trace_id().to_string();
        let (first, rest) = trace.split_at(8);
        let (span, sampled) = (self.0.span_id(), u8::from(self.0.is_sampled()));
        format!("Root=1-{first}-{rest};Parent={span};Sampled={sampled}")
    }
}

/// The value of `X-Amzn-Trace-Id` for whoever is called from here, if there is a trace: Lambda tells a function so where it is in
/// one.
#[must_use]
pub fn amazons_header() -> Option<String> {
    Carried::from_here().map(|trace| trace.amazons())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    #[test]
    fn a_trace_is_taken_from_the_header_of_the_standard_and_carried_on_in_two() {
        let context = parse(&format!("00-{TRACE}-00f067aa0ba902b7-01")).unwrap();
        assert!(context.is_sampled() && context.is_remote());
        let carried = Carried(context);
        assert_eq!(carried.traceparent(), format!("00-{TRACE}-00f067aa0ba902b7-01"));
        assert_eq!(
            carried.amazons(),
            "Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Parent=00f067aa0ba902b7;Sampled=1"
        );
    }

    #[test]
    fn who_asks_for_no_spans_is_believed_and_the_next_is_told() {
        let carried = Carried(parse(&format!("00-{TRACE}-00f067aa0ba902b7-00")).unwrap());
        assert!(carried.traceparent().ends_with("-00"));
        assert!(carried.amazons().ends_with(";Sampled=0"));
    }

    #[test]
    fn flags_that_are_not_known_and_what_later_versions_append_are_left_out() {
        let later = parse(&format!("01-{TRACE}-00f067aa0ba902b7-ff-more")).unwrap();
        assert_eq!(
            Carried(later).traceparent(),
            format!("00-{TRACE}-00f067aa0ba902b7-01")
        );
    }

    #[test]
    fn what_is_no_such_header_begins_a_trace_of_its_own() {
        for header in [
            "",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
            "00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ] {
            assert!(parse(header).is_none(), "{header}");
        }
    }

    #[test]
    fn of_two_headers_none_counts() {
        let mut headers = HeaderMap::new();
        let value = HeaderValue::from_str(&format!("00-{TRACE}-00f067aa0ba902b7-01")).unwrap();
        headers.append(TRACEPARENT, value.clone());
        assert!(parent(&headers).is_some());
        headers.append(TRACEPARENT, value);
        assert!(parent(&headers).is_none());
    }

    #[test]
    fn without_a_trace_nothing_is_carried() {
        assert_eq!(Carried::from_here(), None);
        assert_eq!(amazons_header(), None);
    }
}
