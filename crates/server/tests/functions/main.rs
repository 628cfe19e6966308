//! The functions port against real peers: a function in this process, a server that speaks Lambda's Invoke API, and a
//! Python handler under AWS's own runtime client.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "what a test sets up has to work"
)]

mod builtin;
mod endpoint;
mod settings;
mod spawn;

use std::sync::Arc;
use std::time::Duration;

use pool::ports::{FunctionArn, Functions as _, InvokeError, SystemClock, SystemEntropy};
use server::functions::{FunctionRoutes, Machine};
use trigger::Payload;

/// Long enough for any answer on a machine under load: what is to be late is made to be late.
const PATIENT: Duration = Duration::from_mins(2);

fn arn() -> FunctionArn {
    FunctionArn("arn:aws:lambda:eu-west-1:000000000000:function:Migrate".to_owned())
}

fn machine() -> Machine {
    Machine {
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        credentials: None,
    }
}

fn failed(error_type: &str, message: &str) -> InvokeError {
    InvokeError::Failed {
        error_type: error_type.to_owned(),
        message: message.to_owned(),
    }
}

fn not_invoked(code: &str) -> InvokeError {
    InvokeError::NotInvoked {
        code: code.to_owned(),
    }
}

/// One event to [`arn`]; the answer as text.
async fn invoke(
    routes: &FunctionRoutes,
    event: &serde_json::Value,
    limit: Duration,
) -> Result<String, InvokeError> {
    let payload = Payload::from_bytes(event.to_string().into_bytes());
    let answer = routes.invoke(&arn(), &payload, limit).await?;
    Ok(String::from_utf8(answer.as_bytes().to_vec()).unwrap())
}
