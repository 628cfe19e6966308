//! Answers that no pool gives on demand: throttling, the flow's old name, outages, garbage. The peer is a real server
//! on loopback that answers from a script.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails the test")]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use directory::Secret;
use directory::aws::{Endpoints, Reference, Texts};
use directory::cognito::{Cognito, Credentials, Settings};
use migration::{Cause, Directory, Inquiry, Login, Password, Shares, Standing};
use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::time::Instant;

#[derive(Default)]
struct Script {
    answers: Mutex<VecDeque<(u16, String)>>,
    asked: Mutex<Vec<(String, Value)>>,
    traces: Mutex<Vec<String>>,
}

impl Script {
    #[allow(
        clippy::needless_pass_by_value,
        reason = "a script reads better without borrows"
    )]
    fn then(self: &Arc<Self>, status: u16, body: impl ToString) -> Arc<Self> {
        self.answers.lock().unwrap().push_back((status, body.to_string()));
        Arc::clone(self)
    }

    fn operations(&self) -> Vec<String> {
        self.asked
            .lock()
            .unwrap()
            .iter()
            .map(|(operation, _)| operation.clone())
            .collect()
    }

    fn asked(&self, call: usize) -> Value {
        self.asked.lock().unwrap()[call].1.clone()
    }
}

/// Answers in order, the last one for ever; never, when there is none.
async fn play(State(script): State<Arc<Script>>, headers: HeaderMap, body: String) -> Response {
    let target = headers["x-amz-target"].to_str().unwrap();
    let operation = target.rsplit('.').next().unwrap().to_owned();
    assert!(
        headers["authorization"]
            .to_str()
            .unwrap()
            .starts_with("AWS4-HMAC-SHA256 Credential=AKIA/")
    );
    if let Some(trace) = headers.get("x-amzn-trace-id") {
        let trace = trace.to_str().unwrap().to_owned();
        script.traces.lock().unwrap().push(trace);
    }
    script
        .asked
        .lock()
        .unwrap()
        .push((operation, serde_json::from_str(&body).unwrap()));
    let answer = {
        let mut answers = script.answers.lock().unwrap();
        if answers.len() > 1 {
            answers.pop_front()
        } else {
            answers.front().cloned()
        }
    };
    match answer {
        Some((status, body)) => (StatusCode::from_u16(status).unwrap(), body).into_response(),
        None => std::future::pending().await,
    }
}

async fn pool(script: &Arc<Script>) -> Cognito {
    at(serve(script).await)
}

async fn serve(script: &Arc<Script>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(play).with_state(Arc::clone(script));
    tokio::spawn(async move { axum::serve(listener, router).await });
    endpoint
}

fn at(endpoint: String) -> Cognito {
    Cognito::new(settings(endpoint)).unwrap()
}

fn settings(endpoint: String) -> Settings {
    Settings {
        region: "us-east-1".to_owned(),
        user_pool_id: "us-east-1_EXAMPLE01".to_owned(),
        client_id: "client".to_owned(),
        client_secret: Some(Secret::new("secret")),
        endpoint: Some(endpoint),
        role: None,
        with_groups: false,
        credentials: Some(Credentials::new(
            "AKIA".to_owned(),
            "example".to_owned(),
            Some("token".to_owned()),
        )),
    }
}

async fn verify(pool: &Cognito, budget: Duration) -> Result<Standing, Cause> {
    let answer = pool
        .verify(
            &Login::new("jane"),
            &Password::new("Canary"),
            &Inquiry::within(budget),
        )
        .await;
    answer.map_err(|error| {
        assert!(!format!("{error:?} {error}").contains("Canary"));
        error.cause
    })
}

const LONG: Duration = Duration::from_secs(20);

fn fault(name: &str, message: &str) -> Value {
    json!({ "__type": name, "message": message })
}

fn tokens() -> Value {
    json!({ "AuthenticationResult": { "AccessToken": "t" }, "ChallengeParameters": {} })
}

fn jane() -> Value {
    json!({ "Username": "jane", "UserStatus": "CONFIRMED", "Enabled": true, "UserAttributes": [] })
}

#[tokio::test]
async fn a_client_that_knows_only_the_flows_old_name_is_asked_by_it_from_then_on() {
    let script = Arc::new(Script::default());
    let not_enabled = fault(
        "InvalidParameterException",
        "Auth flow not enabled for this client",
    );
    script
        .then(400, not_enabled)
        .then(200, tokens())
        .then(200, jane())
        .then(200, tokens())
        .then(200, jane());
    let pool = pool(&script).await;
    for _ in 0..2 {
        assert_eq!(
            verify(&pool, LONG).await.map(|standing| standing.name()),
            Ok("active")
        );
    }
    let (initiate, get) = ("AdminInitiateAuth", "AdminGetUser");
    assert_eq!(script.operations(), [initiate, initiate, get, initiate, get]);
    assert_eq!(script.asked(0)["AuthFlow"], "ADMIN_USER_PASSWORD_AUTH");
    assert_eq!(script.asked(1)["AuthFlow"], "ADMIN_NO_SRP_AUTH");
    assert_eq!(script.asked(3)["AuthFlow"], "ADMIN_NO_SRP_AUTH");
    let hash = &script.asked(0)["AuthParameters"]["SECRET_HASH"];
    assert_eq!(hash.as_str().map(str::len), Some(44));
}

#[tokio::test]
async fn a_client_that_allows_neither_flow_is_a_setting_to_mend() {
    let script = Arc::new(Script::default());
    script.then(
        400,
        fault(
            "InvalidParameterException",
            "Auth flow not enabled for this client",
        ),
    );
    assert_eq!(verify(&pool(&script).await, LONG).await, Err(Cause::NotAllowed));
    assert_eq!(script.operations().len(), 2);
}

#[tokio::test]
async fn a_secret_that_was_rotated_is_read_again_and_a_password_is_asked_about_once_more() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("secret");
    std::fs::write(&file, "old\n").unwrap();
    let texts = Texts::new(None, None, Endpoints::default()).unwrap();
    let secret = Secret::referred(Arc::new(texts), Reference::file(&file), LONG);
    let script = Arc::new(Script::default());
    let refused = || {
        fault(
            "NotAuthorizedException",
            "Unable to verify secret hash for client client",
        )
    };
    script
        .then(
            400,
            fault("NotAuthorizedException", "Incorrect username or password."),
        )
        .then(400, refused())
        .then(200, tokens())
        .then(200, jane())
        .then(400, refused());
    let pool = Cognito::new(Settings {
        client_secret: Some(secret),
        ..settings(serve(&script).await)
    })
    .unwrap();
    assert_eq!(verify(&pool, LONG).await, Ok(Standing::WrongPassword));
    std::fs::write(&file, "new\n").unwrap();
    let standing = verify(&pool, LONG).await.map(|standing| standing.name());
    assert_eq!(standing, Ok("active"));
    let hash = |call: usize| script.asked(call)["AuthParameters"]["SECRET_HASH"].clone();
    assert!(hash(0) == hash(1) && hash(1) != hash(2));
    // Refused again: not read again so soon, and not asked again.
    std::fs::write(&file, "newer\n").unwrap();
    assert_eq!(verify(&pool, LONG).await, Err(Cause::NotAllowed));
    assert_eq!(script.operations().len(), 5);
}

#[tokio::test]
async fn every_call_belongs_to_the_trace_and_its_steps_are_timed() {
    let script = Arc::new(Script::default());
    script.then(200, tokens()).then(200, jane());
    let pool = pool(&script).await;
    let trace = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1";
    let inquiry = Inquiry::new(LONG, Shares::default(), Some(trace.to_owned()));
    let (login, password) = (Login::new("jane"), Password::new("Canary"));
    pool.verify(&login, &password, &inquiry).await.unwrap();
    assert_eq!(*script.traces.lock().unwrap(), [trace, trace]);
    let took = inquiry.took();
    assert!(took.connect.is_some() && took.verify >= took.connect && took.find.is_some());
    let warm = Inquiry::within(LONG);
    pool.find(&login, &warm).await.unwrap();
    assert!(
        warm.took().connect.is_none() && warm.took().verify.is_none(),
        "the connection was there"
    );
}

#[tokio::test]
async fn what_checking_the_password_took_is_not_taken_from_the_profile() {
    let script = Arc::new(Script::default());
    let started = Instant::now();
    let inquiry = Inquiry::new(
        Duration::from_millis(400),
        Shares {
            connect: 10,
            verify: 15,
            find: 75,
        },
        None,
    );
    let answer = pool(&script)
        .await
        .verify(&Login::new("jane"), &Password::new("Canary"), &inquiry)
        .await;
    assert_eq!(answer.unwrap_err().cause, Cause::TooSlow);
    assert!(started.elapsed() < Duration::from_millis(350));
}

#[tokio::test]
async fn throttling_is_waited_out_inside_the_budget() {
    let script = Arc::new(Script::default());
    let throttled = || fault("TooManyRequestsException", "Too many requests");
    script
        .then(400, throttled())
        .then(400, throttled())
        .then(200, tokens())
        .then(400, throttled())
        .then(200, jane());
    assert_eq!(
        verify(&pool(&script).await, LONG)
            .await
            .map(|standing| standing.name()),
        Ok("active")
    );
    assert_eq!(script.operations().len(), 5);
}

#[tokio::test]
async fn throttling_without_end_is_given_up_before_the_budget_is_spent() {
    let script = Arc::new(Script::default());
    script.then(400, fault("TooManyRequestsException", "Too many requests"));
    let deadline = Duration::from_millis(900);
    assert_eq!(
        verify(&pool(&script).await, deadline).await,
        Err(Cause::Throttled)
    );
}

#[tokio::test]
async fn outages_and_garbage_are_never_a_wrong_password() {
    for (status, body, cause) in [
        (
            500,
            fault("InternalErrorException", "Incorrect username or password.").to_string(),
            Cause::Broken,
        ),
        (503, "<html>".to_owned(), Cause::Broken),
        (429, String::new(), Cause::Throttled),
        (302, String::new(), Cause::NotUnderstood),
        (200, "<html>".to_owned(), Cause::NotUnderstood),
        (200, "{}".to_owned(), Cause::NotUnderstood),
        (400, "[]".to_owned(), Cause::NotUnderstood),
        (
            400,
            fault("UserLambdaValidationException", "PreAuthentication failed").to_string(),
            Cause::TriggerFailed,
        ),
    ] {
        let script = Arc::new(Script::default()).then(status, &body);
        assert_eq!(
            verify(&pool(&script).await, LONG).await,
            Err(cause),
            "{status} {body}"
        );
    }
}

#[tokio::test]
async fn a_pool_that_never_answers_is_too_slow_and_is_asked_once() {
    let script = Arc::new(Script::default());
    assert_eq!(
        verify(&pool(&script).await, Duration::from_millis(300)).await,
        Err(Cause::TooSlow)
    );
    assert_eq!(script.operations().len(), 1);
}

#[tokio::test]
async fn a_closed_port_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    assert_eq!(verify(&at(endpoint), LONG).await, Err(Cause::Unreachable));
}

#[tokio::test]
async fn a_login_that_nobody_can_have_is_unknown_without_a_call() {
    let script = Arc::new(Script::default());
    let pool = pool(&script).await;
    let answer = pool
        .verify(
            &Login::new("jane doe"),
            &Password::new("x"),
            &Inquiry::within(LONG),
        )
        .await;
    assert_eq!(answer.unwrap(), Standing::Unknown);
    assert_eq!(
        pool.find(&Login::new(""), &Inquiry::within(LONG)).await.unwrap(),
        Standing::Unknown
    );
    assert_eq!(script.operations(), [""; 0]);
}

/// Values that the API has, beside any others.
fn values() -> impl Strategy<Value = Value> {
    let known = proptest::sample::select(vec![
        json!("CONFIRMED"),
        json!("RESET_REQUIRED"),
        json!("SMS_MFA"),
        json!("NEW_PASSWORD_REQUIRED"),
        json!("NotAuthorizedException"),
        json!("UserNotFoundException"),
        json!("Incorrect username or password."),
        json!({ "AccessToken": "t" }),
        json!([{ "Name": "email", "Value": "jane@example.com" }]),
        json!(["SMS_MFA"]),
        json!("jane"),
        json!(true),
        json!(false),
        Value::Null,
    ]);
    prop_oneof![8 => known, 1 => any::<i64>().prop_map(Value::from), 1 => ".*".prop_map(Value::from)]
}

/// Bodies that are nearly right, and some that are nothing.
fn bodies() -> impl Strategy<Value = String> {
    let names = proptest::sample::select(vec![
        "AuthenticationResult",
        "ChallengeName",
        "__type",
        "message",
        "Username",
        "UserStatus",
        "UserAttributes",
        "Enabled",
        "UserMFASettingList",
        "PreferredMfaSetting",
    ]);
    let objects =
        proptest::collection::btree_map(names, values(), 0..6).prop_map(|members| json!(members).to_string());
    prop_oneof![
        6 => objects,
        2 => proptest::sample::select(vec![tokens().to_string(), jane().to_string()]),
        1 => values().prop_map(|value| value.to_string()),
        1 => ".*",
    ]
}

fn answers() -> impl Strategy<Value = (u16, String)> {
    let statuses = proptest::sample::select(vec![200_u16, 200, 200, 400, 403, 404, 429, 500, 503]);
    (statuses, bodies())
}

/// Whether an answer says that tokens were given.
fn gives_tokens((status, body): &(u16, String)) -> bool {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    *status == 200 && !body["AuthenticationResult"].is_null() && body["ChallengeName"].is_null()
}

/// Whether an answer shows a user who is confirmed and not disabled.
fn shows_a_confirmed_user((status, body): &(u16, String)) -> bool {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    *status == 200
        && body["UserStatus"] == "CONFIRMED"
        && body["Enabled"] != json!(false)
        && body["Username"].is_string()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the old pool says: somebody is in good standing only where it said both in so many words.
    #[test]
    fn nobody_moves_on_an_answer_that_is_not_understood(first in answers(), second in answers()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let script = Arc::new(Script::default());
            script.then(first.0, &first.1).then(second.0, &second.1);
            // So little time that nothing is asked twice.
            let standing = verify(&pool(&script).await, Duration::from_millis(200)).await;
            if let Ok(Standing::Active(_)) = standing {
                prop_assert!(gives_tokens(&first), "{first:?}");
                prop_assert!(shows_a_confirmed_user(&second), "{second:?}");
            }
            if gives_tokens(&first) && shows_a_confirmed_user(&second) {
                let wrong = matches!(standing, Ok(Standing::WrongPassword | Standing::Unknown));
                prop_assert!(!wrong, "{standing:?}");
            }
            Ok(())
        })?;
    }
}
