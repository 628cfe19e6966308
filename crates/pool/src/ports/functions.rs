//! The way to a Lambda function: one attempt, one answer.
//!
//! The three attempts and the texts that a client sees are rules and live in [`crate::user_migration`]; an
//! implementation only carries the payload there and back within the time it is given.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use trigger::Payload;

/// The ARN of a function, as `LambdaConfig` holds it; an alias or version may follow the name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FunctionArn(pub String);

impl fmt::Display for FunctionArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Invokes functions.
#[async_trait]
pub trait Functions: Send + Sync {
    /// Sends `payload` to `function` once and waits at most `limit` for the answer, as Lambda's `RequestResponse`.
    ///
    /// # Errors
    /// [`InvokeError`] says how far the call came.
    async fn invoke(
        &self,
        function: &FunctionArn,
        payload: &Payload,
        limit: Duration,
    ) -> Result<Payload, InvokeError>;

    /// Hands `payload` over to `function` and does not wait for it, as Lambda's `Event`: what the function answers nobody
    /// reads, and that it failed stands in the log alone.
    ///
    /// # Errors
    /// [`InvokeError::NotInvoked`] when nobody takes the event.
    async fn hand_over(&self, function: &FunctionArn, payload: &Payload) -> Result<(), InvokeError>;
}

/// Why an invocation gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvokeError {
    /// The function ran and failed: `errorMessage` of Lambda's error document.
    #[error("the function failed: {message}")]
    Failed {
        /// `errorType` of the error document; for the log.
        error_type: String,
        /// `errorMessage` of the error document; clients get to see it.
        message: String,
    },
    /// No answer in time.
    #[error("the function gave no answer in time")]
    TimedOut,
    /// Lambda, or what stands for it, refused or could not be reached; `code` is like `AccessDeniedException`.
    #[error("the function could not be invoked: {code}")]
    NotInvoked {
        /// Lambda's error code.
        code: String,
    },
}
