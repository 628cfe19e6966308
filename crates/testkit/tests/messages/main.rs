//! What people are written to: the pool's own words, a function's, and functions that send by themselves.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

#[path = "../behaviour/mod.rs"]
mod behaviour;

mod custom_message;
mod custom_sender;
mod templates;

use std::sync::Arc;

use serde_json::{Value, json};
use server::functions::Builtin;
use testkit::{Answering, Options};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use behaviour::{ANNS, POOL, Pool, merge, user};

/// Signs in with a code by SMS; `ann` is the one with a verified e-mail address.
const EVE: &str = "eve";
const PHONE: &str = "+12065550105";
const EMAIL: &str = "ann@example.com";

/// Functions of these names in this process, over a pool in which [`EVE`] and `ann` are.
async fn pool(functions: Vec<(&'static str, Arc<dyn Builtin>)>) -> Pool {
    pool_with(Options {
        builtins: functions,
        ..Options::default()
    })
    .await
}

async fn pool_with(options: Options) -> Pool {
    let eve = format!(
        ", sms_mfa = true, attributes = {{ phone_number = \"{PHONE}\", phone_number_verified = true }}"
    );
    let users = user(EVE, &eve) + &user("ann", ANNS);
    Pool::over(options, "mfa_configuration = \"OPTIONAL\"", &users).await
}

/// Sets these settings of the pool and keeps that it has a second factor.
async fn set(pool: &Pool, settings: Value) {
    assert_eq!(try_set(pool, settings).await, (200, json!({})));
}

async fn try_set(pool: &Pool, settings: Value) -> behaviour::Seen {
    let mut body = json!({ "UserPoolId": POOL, "MfaConfiguration": "OPTIONAL" });
    merge(&mut body, settings);
    pool.call("UpdateUserPool", body).await
}

/// `EmailConfiguration` of a pool whose functions may word e-mails.
fn by_developer() -> Value {
    json!({
        "EmailSendingAccount": "DEVELOPER",
        "SourceArn": "arn:aws:ses:us-east-1:000000000000:identity/example.com",
    })
}

/// A function that answers so, and the events that it gets.
fn telling(
    answer: impl Fn(Value) -> Result<Value, String> + Send + Sync + 'static,
) -> (Arc<dyn Builtin>, UnboundedReceiver<Value>) {
    let (sender, events) = unbounded_channel();
    let function = Answering(move |event: Value| {
        sender.send(event.clone()).expect("the test listens");
        answer(event)
    });
    (Arc::new(function), events)
}

/// The newest message.
fn newest(pool: &Pool) -> Value {
    pool.messages().pop().expect("a message")
}
