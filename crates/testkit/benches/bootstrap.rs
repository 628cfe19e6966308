//! The function as Lambda runs it: from spawn to the first answer, warm latency, peak memory and size.
//!
//! A Runtime API on loopback hands the events out; the old pool is a server in this process, so the times hold two real
//! calls, the check of a password included. `cargo xtask bench` builds the binary; `REHOME_BOOTSTRAP` names another. Beside it, in
//! the same run and on the same events, the Python handler of an article under AWS's runtime client.
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
const PYTHON_STARTS: usize = 5;
const ARTICLES_CLIENT: &str = "articleclient";
const WARM: usize = 200;

/// A program under the Runtime API.
struct Program {
    name: &'static str,
    command: PathBuf,
    arguments: &'static [&'static str],
    folder: PathBuf,
    environment: Vec<(&'static str, String)>,
    starts: usize,
}

/// What was seen of it, each sorted.
struct Figures {
    cold: Vec<Duration>,
    warm: Vec<Duration>,
    kilobytes: Vec<u64>,
}

#[tokio::main]
async fn main() {
    let old = TestServer::start(with_an_articles_client()).await.unwrap();
    let lambda = Lambda::start().await;
    let configuration = tempfile::NamedTempFile::new().unwrap();
    // Each invocation is to ask the old pool, although the person is the same.
    std::fs::write(
        configuration.path(),
        "[shield]\nrepeat_seconds = 0\nper_second = 0\n",
    )
    .unwrap();
    let ours = Program {
        name: "bootstrap",
        command: bootstrap(),
        arguments: &[],
        folder: std::env::temp_dir(),
        environment: vec![("REHOME_CONFIG", configuration.path().display().to_string())],
        starts: STARTS,
    };
    let size = std::fs::metadata(&ours.command)
        .expect("cargo xtask bench builds it")
        .len();
    println!(
        "bootstrap: {:.1} MB; each invocation is a migration of one user",
        size as f64 / 1e6
    );
    println!(
        "{:<18} {:>24} {:>12} {:>12} {:>12}",
        "", "spawn to answer (range)", "warm", "warm p99", "memory"
    );
    let figures = measure(&ours, &lambda, old.url()).await;
    figures.print(ours.name);
    let Some(python) = std::env::var_os("REHOME_TEST_PYTHON") else {
        println!("no Python to compare with: cargo xtask bench installs one");
        return;
    };
    let handlers = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/clients/python");
    let theirs = Program {
        name: "Python, boto3",
        command: PathBuf::from(python),
        arguments: &["-m", "awslambdaric", "article_handler.lambda_handler"],
        folder: handlers,
        environment: vec![("OLD_CLIENT_ID", ARTICLES_CLIENT.to_owned())],
        starts: PYTHON_STARTS,
    };
    let other = measure(&theirs, &lambda, old.url()).await;
    other.print(theirs.name);
    let ratio = |ours: Duration, theirs: Duration| theirs.as_secs_f64() / ours.as_secs_f64();
    println!(
        "Python over bootstrap: start {:.0}, warm {:.1}, memory {:.0}",
        ratio(median(&figures.cold), median(&other.cold)),
        ratio(median(&figures.warm), median(&other.warm)),
        median(&other.kilobytes) as f64 / median(&figures.kilobytes) as f64,
    );
}

/// The old pool has an app client for each: articles know the flow by its older name.
fn with_an_articles_client() -> Options {
    let theirs = format!(
        "app_clients = [{{ id = \"{ARTICLES_CLIENT}\", explicit_auth_flows = [\"ADMIN_NO_SRP_AUTH\"] }}, "
    );
    let mut options = Options::old_and_new();
    options.pools = options.pools.replacen("app_clients = [", &theirs, 1);
    options
}

async fn measure(program: &Program, lambda: &Lambda, old_pool: &str) -> Figures {
    let (mut cold, mut warm, mut kilobytes) = (Vec::new(), Vec::new(), Vec::new());
    for start in 0..program.starts {
        lambda.hand_out(event());
        let begun = Instant::now();
        let child = spawn(program, &lambda.address, old_pool);
        lambda.answer().await;
        cold.push(begun.elapsed());
        let rounds = if start == 0 { WARM } else { 1 };
        for _ in 0..rounds {
            let begun = Instant::now();
            lambda.hand_out(event());
            lambda.answer().await;
            warm.push(begun.elapsed());
        }
        kilobytes.push(peak_kilobytes(&child));
        end(child);
        lambda.forget_the_waiting().await;
    }
    cold.sort();
    warm.sort();
    kilobytes.sort_unstable();
    Figures {
        cold,
        warm,
        kilobytes,
    }
}

impl Figures {
    fn print(&self, name: &str) {
        let (first, last) = (self.cold[0], self.cold[self.cold.len() - 1]);
        let start = format!(
            "{:.1} ms ({:.1} to {:.1})",
            ms(median(&self.cold)),
            ms(first),
            ms(last)
        );
        println!(
            "{name:<18} {start:>24} {:>9.2} ms {:>9.2} ms {:>9.1} MB",
            ms(median(&self.warm)),
            ms(self.warm[self.warm.len() * 99 / 100]),
            median(&self.kilobytes) as f64 / 1e3,
        );
    }
}

fn median<T: Copy>(sorted: &[T]) -> T {
    sorted[sorted.len() / 2]
}

fn bootstrap() -> PathBuf {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/function/bootstrap");
    std::env::var_os("REHOME_BOOTSTRAP").map_or(built, PathBuf::from)
}

fn spawn(program: &Program, lambda: &str, old_pool: &str) -> Child {
    Command::new(&program.command)
        .args(program.arguments)
        .current_dir(&program.folder)
        .env_clear()
        .envs([
            ("AWS_LAMBDA_RUNTIME_API", lambda),
            ("AWS_LAMBDA_FUNCTION_NAME", "CognitoUserMigration"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_DEFAULT_REGION", "us-east-1"),
            ("PYTHONDONTWRITEBYTECODE", "1"),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", old_pool),
            ("OLD_USER_POOL_ID", pair::OLD_POOL),
            ("OLD_CLIENT_ID", pair::OLD_CLIENT),
        ])
        .envs(program.environment.iter().map(|(name, value)| (*name, value)))
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts")
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
            // What a program throws is no answer that counts, and ends the bench.
            .route("/2018-06-01/runtime/invocation/{id}/error", post(response))
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
        assert_eq!(answer["response"]["finalUserStatus"], "CONFIRMED", "{answer}");
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
        ("Content-Type", "application/json"),
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
