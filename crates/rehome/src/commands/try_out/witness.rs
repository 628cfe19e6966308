//! Sees every invocation of a function go by, so that the story can tell how often one ran.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use pool::ports::{FunctionArn, Functions, InvokeError};
use trigger::Payload;

/// Functions, watched.
pub(super) struct Witness {
    functions: Arc<dyn Functions>,
    invocations: AtomicUsize,
}

impl Witness {
    pub(super) fn of(functions: Arc<dyn Functions>) -> Self {
        Self {
            functions,
            invocations: AtomicUsize::new(0),
        }
    }

    /// How often a function was invoked so far.
    pub(super) fn invocations(&self) -> usize {
        self.invocations.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl Functions for Witness {
    async fn invoke(
        &self,
        function: &FunctionArn,
        payload: &Payload,
        limit: Duration,
    ) -> Result<Payload, InvokeError> {
        self.invocations.fetch_add(1, Ordering::Relaxed);
        self.functions.invoke(function, payload, limit).await
    }

    async fn hand_over(&self, function: &FunctionArn, payload: &Payload) -> Result<(), InvokeError> {
        self.invocations.fetch_add(1, Ordering::Relaxed);
        self.functions.hand_over(function, payload).await
    }
}
