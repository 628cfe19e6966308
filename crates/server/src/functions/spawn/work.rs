//! One invocation on its way through the supervisor.

use pool::ports::{FunctionArn, InvokeError};
use tokio::sync::oneshot;
use tokio::time::Instant;
use trigger::Payload;

/// An event that waits for an environment.
pub(super) struct Work {
    pub(super) call: Call,
    pub(super) payload: Payload,
}

/// What stays here while the event is with a child.
pub(super) struct Call {
    pub(super) request_id: String,
    /// The ARN as the caller names it, alias included.
    pub(super) function: FunctionArn,
    /// The trace that it belongs to, as `Lambda-Runtime-Trace-Id` says it.
    pub(super) trace: Option<String>,
    /// When the caller stops waiting.
    pub(super) deadline: Instant,
    pub(super) reply: oneshot::Sender<Result<Payload, InvokeError>>,
}

impl Call {
    /// Answers the caller, who may be gone: then nobody misses the answer.
    pub(super) fn answer(self, outcome: Result<Payload, InvokeError>) {
        let _ = self.reply.send(outcome);
    }
}

/// An event as a child gets it.
pub(super) struct Invocation {
    pub(super) request_id: String,
    pub(super) function: FunctionArn,
    /// Milliseconds since 1970 at which the child is killed.
    pub(super) deadline_ms: i64,
    pub(super) trace_id: String,
    pub(super) payload: Payload,
}
