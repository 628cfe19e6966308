//! A function in this process.
//!
//! The trait is all that is known of it here; the binary puts the migration function behind it, so that this crate
//! needs none of the function's.

use std::time::Duration;

use async_trait::async_trait;
use pool::ports::InvokeError;
use trigger::Payload;

use super::error_document;

/// A function that runs in this process.
#[async_trait]
pub trait Builtin: Send + Sync {
    /// Answers one event.
    ///
    /// # Errors
    /// What the function threw; the caller turns its message into the text that the client sees.
    async fn handle(&self, payload: Payload) -> Result<Payload, BuiltinFailure>;
}

/// What a function threw, as it would stand in Lambda's error document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltinFailure {
    /// `errorType`, for the log.
    pub error_type: String,
    /// `errorMessage`; clients get to see it.
    pub error_message: String,
}

/// One event, one answer, within the shorter of the caller's `limit` and the function's own `timeout`. A function
/// that is too slow is dropped at its next point of waiting.
pub(super) async fn invoke(
    function: &dyn Builtin,
    payload: &Payload,
    limit: Duration,
    timeout: Option<Duration>,
) -> Result<Payload, InvokeError> {
    let own = timeout.filter(|timeout| *timeout < limit);
    let answer = tokio::time::timeout(own.unwrap_or(limit), function.handle(payload.clone())).await;
    match answer {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(failure)) => Err(InvokeError::Failed {
            error_type: failure.error_type,
            message: failure.error_message,
        }),
        Err(_) => Err(own.map_or(InvokeError::TimedOut, |own| error_document::timed_out(None, own))),
    }
}
