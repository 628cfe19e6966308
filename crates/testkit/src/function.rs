//! Functions that a test writes itself, and a look at what was invoked.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use pool::ports::{FunctionArn, Functions, InvokeError};
use serde_json::Value;
use server::functions::{Builtin, BuiltinFailure};
use trigger::Payload;

/// A function that answers an event as a closure says: with an event, or with the message of what it throws.
pub struct Answering<F>(pub F);

#[async_trait]
impl<F> Builtin for Answering<F>
where
    F: Fn(Value) -> Result<Value, String> + Send + Sync,
{
    async fn handle(&self, payload: Payload) -> Result<Payload, BuiltinFailure> {
        let event = serde_json::from_slice(payload.as_bytes()).unwrap_or(Value::Null);
        match (self.0)(event) {
            Ok(answer) => Ok(Payload::from_bytes(answer.to_string().into_bytes())),
            Err(error_message) => Err(BuiltinFailure {
                error_type: "Error".to_owned(),
                error_message,
            }),
        }
    }
}

/// Counts what goes by.
pub struct Invocations {
    functions: Arc<dyn Functions>,
    count: AtomicUsize,
}

impl Invocations {
    pub(crate) fn of(functions: Arc<dyn Functions>) -> Self {
        Self {
            functions,
            count: AtomicUsize::new(0),
        }
    }

    /// How many there were so far; each try of one counts.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Functions for Invocations {
    async fn invoke(
        &self,
        function: &FunctionArn,
        payload: &Payload,
        limit: Duration,
    ) -> Result<Payload, InvokeError> {
        self.count.fetch_add(1, Ordering::SeqCst);
        self.functions.invoke(function, payload, limit).await
    }

    async fn hand_over(&self, function: &FunctionArn, payload: &Payload) -> Result<(), InvokeError> {
        self.count.fetch_add(1, Ordering::SeqCst);
        self.functions.hand_over(function, payload).await
    }
}
