//! Lambda's `bootstrap`: the migration function under the Runtime API.
//!
//! One thread, no subscriber, no loading of certificates: what is not there does not have to start. Each decision is
//! one JSON line on standard output. The event is never logged, neither whole nor in part.

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use function::metrics::Metrics;
use function::{Audit, Environment, Function, FunctionError, Invocation, Record};
use lambda_runtime::{Diagnostic, LambdaEvent, run, service_fn};
use serde::Serialize;
use serde_json::value::RawValue;
use trigger::Payload;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A line a problem, so that the log shows each beside its key.
            for line in error.to_string().lines() {
                log(&Trouble {
                    level: "ERROR",
                    message: line,
                });
            }
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<(), lambda_runtime::Error> {
    let function = Arc::new(Function::start(Environment::of_the_process()).await?);
    function.warm().await;
    run(service_fn(move |event: LambdaEvent<Box<RawValue>>| {
        let function = Arc::clone(&function);
        async move { handle(&function, event).await }
    }))
    .await
}

async fn handle(function: &Function, event: LambdaEvent<Box<RawValue>>) -> Result<Box<RawValue>, Thrown> {
    let payload = Payload::from_bytes(String::from(Box::<str>::from(event.payload)).into_bytes());
    let invocation = Invocation {
        left: time_left(event.context.deadline()),
        trace: event.context.xray_trace_id,
    };
    let (answer, record) = function.invoke(&payload, &invocation).await;
    write_down(&record, &event.context.request_id);
    let answer = String::from_utf8_lossy(answer?.as_bytes()).into_owned();
    RawValue::from_string(answer).map_err(|_| Thrown(not_json()))
}

/// The time until Lambda ends this invocation, less what it takes to hand an answer over. Ended in the middle, the person
/// would see Lambda's words, and the old directory would have counted a try.
#[expect(
    clippy::disallowed_methods,
    reason = "Lambda's deadline is on the machine's clock"
)]
fn time_left(deadline: SystemTime) -> Duration {
    deadline
        .duration_since(SystemTime::now())
        .unwrap_or_default()
        .saturating_sub(Duration::from_millis(200))
}

fn not_json() -> FunctionError {
    FunctionError {
        error_type: "NotAnAnswer".to_owned(),
        error_message: "Try again later".to_owned(),
    }
}

/// The refusal as Lambda's error document: `errorType` its name, `errorMessage` its text.
struct Thrown(FunctionError);

impl From<FunctionError> for Thrown {
    fn from(error: FunctionError) -> Self {
        Self(error)
    }
}

impl From<Thrown> for Diagnostic {
    fn from(Thrown(error): Thrown) -> Self {
        Self {
            error_type: error.error_type,
            error_message: error.error_message,
        }
    }
}

impl std::fmt::Debug for Thrown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.error_type)
    }
}

/// The line of the decision, and of the move where there was one.
fn write_down(record: &Record, request_id: &str) {
    let in_trouble = record.cause.is_some() || record.configuration_trouble.is_some();
    log(&Line {
        level: if in_trouble { "WARN" } else { "INFO" },
        message: record.message(),
        request_id,
        record,
        metrics: record.with_metrics.then(|| Metrics::of(record)),
    });
    if let Some(audit) = &record.audit {
        log(&AuditLine {
            level: "INFO",
            message: "audit",
            request_id,
            audit,
        });
    }
}

#[derive(Serialize)]
struct Line<'a> {
    level: &'static str,
    message: &'static str,
    #[serde(rename = "request.id")]
    request_id: &'a str,
    #[serde(flatten)]
    record: &'a Record,
    #[serde(flatten)]
    metrics: Option<Metrics<'a>>,
}

#[derive(Serialize)]
struct AuditLine<'a> {
    level: &'static str,
    message: &'static str,
    #[serde(rename = "request.id")]
    request_id: &'a str,
    #[serde(flatten)]
    audit: &'a Audit,
}

#[derive(Serialize)]
struct Trouble<'a> {
    level: &'static str,
    message: &'a str,
}

/// A log that cannot be written must not cost an answer.
fn log(line: &impl Serialize) {
    if let Ok(mut text) = serde_json::to_string(line) {
        text.push('\n');
        let _written = std::io::stdout().lock().write_all(text.as_bytes());
    }
}
