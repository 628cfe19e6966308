//! A function in this process, and the routing that all ways share.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use pool::ports::{FunctionArn, Functions as _, InvokeError};
use serde_json::json;
use server::functions::{Builtin, BuiltinFailure, FunctionRoutes};
use trigger::Payload;

use super::{PATIENT, arn, failed, invoke, machine, not_invoked};

/// Echoes, throws or never answers.
enum Function {
    Echo,
    Throws,
    Hangs,
}

#[async_trait]
impl Builtin for Function {
    async fn handle(&self, payload: Payload) -> Result<Payload, BuiltinFailure> {
        match self {
            Self::Echo => Ok(payload),
            Self::Throws => Err(BuiltinFailure {
                error_type: "Refused".to_owned(),
                error_message: "Bad password".to_owned(),
            }),
            Self::Hangs => std::future::pending().await,
        }
    }
}

/// Says that it was there, but not at once.
struct Slow(tokio::sync::mpsc::UnboundedSender<()>);

#[async_trait]
impl Builtin for Slow {
    async fn handle(&self, payload: Payload) -> Result<Payload, BuiltinFailure> {
        tokio::task::yield_now().await;
        self.0.send(()).unwrap();
        Ok(payload)
    }
}

fn routes(function: Function, timeout: Option<Duration>) -> FunctionRoutes {
    let mut routes = FunctionRoutes::new(machine());
    routes.add_builtin(arn(), Arc::new(function), timeout);
    routes
}

#[tokio::test]
async fn a_function_in_this_process_answers() {
    let answer = invoke(&routes(Function::Echo, None), &json!({"a": 1}), PATIENT).await;
    assert_eq!(answer.unwrap(), r#"{"a":1}"#);
}

#[tokio::test]
async fn what_it_throws_is_its_message() {
    let answer = invoke(&routes(Function::Throws, None), &json!({}), PATIENT).await;
    assert_eq!(answer, Err(failed("Refused", "Bad password")));
}

#[tokio::test]
async fn nobody_waits_for_a_function_that_an_event_is_handed_over_to() {
    let payload = Payload::from_bytes(b"{}".to_vec());
    for function in [Function::Hangs, Function::Throws] {
        let routes = routes(function, None);
        assert_eq!(routes.hand_over(&arn(), &payload).await, Ok(()));
    }
    let elsewhere = FunctionArn(format!("{}2", arn()));
    let refused = routes(Function::Echo, None).hand_over(&elsewhere, &payload).await;
    assert_eq!(refused, Err(not_invoked("ResourceNotFoundException")));
}

#[tokio::test]
async fn the_end_waits_for_events_that_were_handed_over() {
    let (sender, mut seen) = tokio::sync::mpsc::unbounded_channel();
    let mut routes = FunctionRoutes::new(machine());
    routes.add_builtin(arn(), Arc::new(Slow(sender)), None);
    let payload = Payload::from_bytes(b"{}".to_vec());
    routes.hand_over(&arn(), &payload).await.unwrap();
    assert!(seen.try_recv().is_err());
    routes.shutdown().await;
    assert!(seen.try_recv().is_ok());
}

#[tokio::test(start_paused = true)]
async fn one_that_hangs_times_out_at_the_limit() {
    let answer = invoke(&routes(Function::Hangs, None), &json!({}), Duration::from_secs(5)).await;
    assert_eq!(answer, Err(InvokeError::TimedOut));
}

#[tokio::test(start_paused = true)]
async fn its_own_time_out_reads_as_in_lambda() {
    let routes = routes(Function::Hangs, Some(Duration::from_secs(3)));
    let answer = invoke(&routes, &json!({}), Duration::from_secs(5)).await;
    assert_eq!(
        answer,
        Err(failed("Sandbox.Timedout", "Task timed out after 3.00 seconds"))
    );
}

#[tokio::test]
async fn a_function_without_an_entry_is_not_found() {
    let routes = FunctionRoutes::new(machine());
    assert_eq!(
        invoke(&routes, &json!({}), PATIENT).await,
        Err(not_invoked("ResourceNotFoundException"))
    );
}

#[tokio::test]
async fn an_alias_falls_back_on_the_arn_without_it_and_its_own_entry_goes_first() {
    let mut routes = routes(Function::Echo, None);
    let live = FunctionArn(format!("{}:live", arn()));
    let payload = Payload::from_bytes(b"{}".to_vec());
    assert!(routes.invoke(&live, &payload, PATIENT).await.is_ok());
    routes.add_builtin(live.clone(), Arc::new(Function::Throws), None);
    assert!(routes.invoke(&live, &payload, PATIENT).await.is_err());
    assert!(routes.invoke(&arn(), &payload, PATIENT).await.is_ok());
}
