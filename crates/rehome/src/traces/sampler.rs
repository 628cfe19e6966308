//! Which spans may begin a trace.

use opentelemetry::trace::{Link, SpanKind, TraceContextExt as _, TraceId, TraceState};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{Sampler, SamplingDecision, SamplingResult, ShouldSample};

/// Requests and deliveries begin traces, nothing else does: a store call on its own, of the pools file at the start or of a
/// probe, would be a trace of one span. Of those that may begin, the sampler of the settings decides.
#[derive(Clone, Debug)]
pub(super) struct Beginnings(pub(super) Sampler);

impl ShouldSample for Beginnings {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        let is_part = parent.is_some_and(|context| context.span().span_context().is_valid());
        if *kind == SpanKind::Internal && !is_part {
            return SamplingResult {
                decision: SamplingDecision::Drop,
                attributes: Vec::new(),
                trace_state: TraceState::default(),
            };
        }
        self.0.should_sample(parent, trace, name, kind, attributes, links)
    }
}
