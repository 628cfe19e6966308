//! One function behind many triggers, that remembers every event.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use testkit::{Answering, Options};

use crate::behaviour::{FUNCTION, LEGACY, POOL, Pool, Seen};

/// The events that the function of a pool got, oldest first.
#[derive(Clone, Default)]
pub(crate) struct Recorded(Arc<Mutex<Vec<Value>>>);

impl Recorded {
    /// The `triggerSource` of each, and forgets them.
    pub(crate) fn sources(&self) -> Vec<String> {
        let source = |event: &Value| event["triggerSource"].as_str().unwrap_or_default().to_owned();
        self.take().iter().map(source).collect()
    }

    /// The events, and forgets them.
    pub(crate) fn take(&self) -> Vec<Value> {
        std::mem::take(&mut *self.0.lock().expect("no test holds it"))
    }

    /// The only event since the last look.
    pub(crate) fn only(&self) -> Value {
        let mut events = self.take();
        assert_eq!(events.len(), 1, "{events:#?}");
        events.remove(0)
    }
}

/// A pool whose triggers all call one function. `triggers` is the inside of `lambda_config`, in which `FUNCTION` stands for
/// the ARN; `answer` fills in the response, or says what the function throws.
pub(crate) async fn pool_with<A>(triggers: &str, users: &str, answer: A) -> (Pool, Recorded)
where
    A: Fn(&mut Value) -> Result<(), String> + Send + Sync + 'static,
{
    pool_of(triggers, "", users, answer).await
}

/// The same with further settings.
pub(crate) async fn pool_of<A>(triggers: &str, settings: &str, users: &str, answer: A) -> (Pool, Recorded)
where
    A: Fn(&mut Value) -> Result<(), String> + Send + Sync + 'static,
{
    let recorded = Recorded::default();
    let events = Arc::clone(&recorded.0);
    let function = Answering(move |mut event: Value| {
        events.lock().expect("no test holds it").push(event.clone());
        answer(&mut event)?;
        Ok(event)
    });
    let options = Options {
        builtins: vec![(FUNCTION, Arc::new(function))],
        ..Options::default()
    };
    let triggers = triggers.replace("FUNCTION", &format!("\"{FUNCTION}\""));
    let settings = format!("{settings}\nlambda_config = {{ {triggers} }}");
    (Pool::over(options, &settings, users).await, recorded)
}

/// Leaves every event as it came.
#[expect(clippy::unnecessary_wraps, reason = "the form of all answers")]
pub(crate) fn unchanged(_: &mut Value) -> Result<(), String> {
    Ok(())
}

/// `InitiateAuth` with `ClientMetadata`.
pub(crate) async fn initiate_with(pool: &Pool, client: &str, flow: &str, parameters: Value) -> Seen {
    let body = json!({
        "ClientId": client, "AuthFlow": flow, "AuthParameters": parameters, "ClientMetadata": { "from": "start" },
    });
    pool.call("InitiateAuth", body).await
}

/// `RespondToAuthChallenge` with `ClientMetadata`.
pub(crate) async fn respond_with(pool: &Pool, name: &str, session: &str, answers: Value) -> Seen {
    let body = json!({
        "ClientId": LEGACY, "ChallengeName": name, "Session": session, "ChallengeResponses": answers,
        "ClientMetadata": { "from": "answer" },
    });
    pool.call("RespondToAuthChallenge", body).await
}

/// The event without what is the same in all of them.
pub(crate) fn request_of(event: &Value) -> &Value {
    assert_eq!(event["userPoolId"], POOL);
    assert_eq!(event["region"], "us-east-1");
    &event["request"]
}
