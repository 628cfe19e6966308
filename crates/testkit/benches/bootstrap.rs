//! The function as Lambda runs it: from spawn to the first answer, warm latency, peak memory and size.
//!
//! A Runtime API on loopback hands the events out; the old pool is a server in this process, so the times hold two real
//! calls, the check of a password included. `cargo xtask bench` builds the binary; `REHOME_BOOTSTRAP` names another.
#![allow(clippy::print_stdout, reason = "a bench prints its figures")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a bench that cannot go on says so"
)]
#![allow(clippy::disallowed_methods, reason = "a bench measures real time")]
#![allow(clippy::cast_precision_loss, reason = "figures of a few thousand")]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use testkit::{Options, TestServer, pair};
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc};

const STARTS: usize = 20;
const WARM: usize = 200;

#[tokio::main]
async fn main() {
    let bootstrap = bootstrap();
    let size = std::fs::metadata(&bootstrap)
        .expect("cargo xtask bench builds it")
        .len();
    let old = TestServer::start(Options::old_and_new()).await.unwrap();
    let lambda = Lambda::start().await;
    let (mut cold, mut warm, mut memory) = (Vec::new(), Vec::new(), Vec::new());
    for start in 0..STARTS {
        lambda.hand_out(event());
        let begun = Instant::now();
        let child = spawn(&bootstrap, &lambda.address, old.url());
        lambda.answer().await;
        cold.push(begun.elapsed());
        let rounds = if start == 0 { WARM } else { 1 };
        for _ in 0..rounds {
            let begun = Instant::now();
            lambda.hand_out(event());
            lambda.answer().await;
            warm.push(begun.elapsed());
        }
        memory.push(peak_kilobytes(&child));
        end(child);
        lambda.forget_the_waiting().await;
    }
    cold.sort();
    warm.sort();
    memory.sort_unstable();
    let (first, last) = (cold[0], cold[STARTS - 1]);
    println!(
        "bootstrap: {:.1} MB; {STARTS} starts, {} warm invocations, each a migration of one user",
        size as f64 / 1e6,
        warm.len()
    );
    println!(
        "spawn to first answer: median {:.1} ms ({:.1} to {:.1})",
        ms(cold[STARTS / 2]),
        ms(first),
        ms(last)
    );
    println!(
        "warm: median {:.2} ms, 99th percentile {:.2} ms",
        ms(warm[warm.len() / 2]),
        ms(warm[warm.len() * 99 / 100])
    );
    println!("peak memory: {:.1} MB", memory[STARTS / 2] as f64 / 1e3);
}

fn bootstrap() -> PathBuf {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/function/bootstrap");
    std::env::var_os("REHOME_BOOTSTRAP").map_or(built, PathBuf::from)
}

fn spawn(bootstrap: &Path, lambda: &str, old_pool: &str) -> Child {
    Command::new(bootstrap)
        .env_clear()
        .envs([
            ("AWS_LAMBDA_RUNTIME_API", lambda),
            ("AWS_LAMBDA_FUNCTION_NAME", "CognitoUserMigration"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", old_pool),
            ("OLD_USER_POOL_ID", pair::OLD_POOL),
            ("OLD_CLIENT_ID", pair::OLD_CLIENT),
        ])
        .stdout(Stdio::null())
        .spawn()
        .expect("the bootstrap starts")
}

fn end(mut child: Child) {
    child.kill().expect("it was running");
    child.wait().expect("it ends");
}

fn peak_kilobytes(child: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).expect("Linux");
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .expect("a peak");
    line.split_whitespace()
        .nth(1)
        .and_then(|kilobytes| kilobytes.parse().ok())
        .expect("kilobytes")
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn event() -> Value {
    json!({
        "version": "1", "triggerSource": "UserMigration_Authentication", "region": "us-east-1",
        "userPoolId": pair::NEW_POOL, "userName": pair::ANN,
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": pair::NEW_CLIENT},
        "request": {"password": pair::PASSWORD, "validationData": null, "userAttributes": null},
        "response": {
            "userAttributes": null, "forceAliasCreation": null, "enableSMSMFA": null, "finalUserStatus": null,
            "messageAction": null, "desiredDeliveryMediums": null,
        },
    })
}

/// Lambda's side of the Runtime API.
struct Lambda {
    address: String,
    events: mpsc::UnboundedSender<Value>,
    waiting: Arc<Mutex<mpsc::UnboundedReceiver<Value>>>,
    answers: Mutex<mpsc::UnboundedReceiver<Bytes>>,
}

#[derive(Clone)]
struct Shared {
    events: Arc<Mutex<mpsc::UnboundedReceiver<Value>>>,
    answers: mpsc::UnboundedSender<Bytes>,
}

impl Lambda {
    async fn start() -> Self {
        let (events, waiting) = mpsc::unbounded_channel();
        let (answered, answers) = mpsc::unbounded_channel();
        let waiting = Arc::new(Mutex::new(waiting));
        let shared = Shared {
            events: Arc::clone(&waiting),
            answers: answered,
        };
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .with_state(shared);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            address,
            events,
            waiting,
            answers: Mutex::new(answers),
        }
    }

    fn hand_out(&self, event: Value) {
        self.events.send(event).unwrap();
    }

    async fn answer(&self) {
        let answer = self.answers.lock().await.recv().await.unwrap();
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        assert_eq!(
            answer["response"]["finalUserStatus"], "CONFIRMED",
            "{}",
            answer["response"]
        );
    }

    /// Returns when the poll of a child that has been killed is gone, so that it takes no later event.
    async fn forget_the_waiting(&self) {
        drop(self.waiting.lock().await);
    }
}

async fn next(State(shared): State<Shared>) -> Response {
    let Some(event) = shared.events.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    let headers = [
        (
            "Lambda-Runtime-Aws-Request-Id",
            "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
        ),
        ("Lambda-Runtime-Deadline-Ms", "4102444800000"),
        (
            "Lambda-Runtime-Invoked-Function-Arn",
            "arn:aws:lambda:us-east-1:000000000000:function:CognitoUserMigration",
        ),
        (
            "Lambda-Runtime-Trace-Id",
            "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0",
        ),
    ];
    (headers, event.to_string()).into_response()
}

async fn response(State(shared): State<Shared>, body: Bytes) -> StatusCode {
    let _measured_already = shared.answers.send(body);
    StatusCode::ACCEPTED
}
