//! Lambda's Runtime API for one child process: events go in, documents come out.

use std::process::Stdio;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::Value;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::{Mutex, mpsc};

/// What the process posted: its response, or its error document.
#[derive(Debug)]
pub(crate) enum Posted {
    Response(Value),
    Error(Value),
}

struct Queues {
    events: Mutex<mpsc::Receiver<Value>>,
    posted: mpsc::Sender<Posted>,
}

/// A `bootstrap` under a Runtime API.
pub(crate) struct Bootstrap {
    child: Child,
    events: mpsc::Sender<Value>,
    posted: mpsc::Receiver<Posted>,
}

impl Bootstrap {
    pub(crate) async fn spawn(environment: &[(&'static str, String)]) -> Self {
        let (events, next) = mpsc::channel(1);
        let (post_side, posted) = mpsc::channel(1);
        let queues = Arc::new(Queues {
            events: Mutex::new(next),
            posted: post_side,
        });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(hand_out))
            .route("/2018-06-01/runtime/invocation/{id}/{kind}", post(take_in))
            .with_state(queues);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let child = Command::new(env!("CARGO_BIN_EXE_bootstrap"))
            .env_clear()
            .envs(environment.iter().map(|(name, value)| (*name, value.as_str())))
            .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", "CognitoUserMigration")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("RUST_LOG", "trace")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Self {
            child,
            events,
            posted,
        }
    }

    pub(crate) async fn invoke(&mut self, event: Value) -> Posted {
        self.events.send(event).await.unwrap();
        self.posted.recv().await.unwrap()
    }

    /// Ends it, and gives its lines, each a JSON object.
    pub(crate) async fn lines(self) -> Vec<Value> {
        let output = self.output().await;
        output
            .lines()
            .map(|line| serde_json::from_str(line).expect("a JSON line"))
            .collect()
    }

    /// Ends it, and gives everything that it wrote.
    pub(crate) async fn output(mut self) -> String {
        self.child.start_kill().unwrap();
        let mut text = String::new();
        self.child
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut text)
            .await
            .unwrap();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut text)
            .await
            .unwrap();
        text
    }

    /// For one that ends by itself: its exit status and everything that it wrote.
    pub(crate) async fn end(mut self) -> (Option<i32>, String) {
        let status = self.child.wait().await.unwrap();
        (status.code(), self.output_after_end().await)
    }

    async fn output_after_end(&mut self) -> String {
        let mut text = String::new();
        self.child
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut text)
            .await
            .unwrap();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut text)
            .await
            .unwrap();
        text
    }
}

async fn hand_out(State(queues): State<Arc<Queues>>) -> Response {
    let Some(event) = queues.events.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    let headers = [
        (
            "lambda-runtime-aws-request-id",
            "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
        ),
        ("lambda-runtime-deadline-ms", "4102444800000"),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:us-east-1:000000000000:function:CognitoUserMigration",
        ),
        (
            "lambda-runtime-trace-id",
            "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1",
        ),
        ("content-type", "application/json"),
    ];
    (headers, event.to_string()).into_response()
}

async fn take_in(
    State(queues): State<Arc<Queues>>,
    Path((_, kind)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    let document = serde_json::from_slice(&body).unwrap();
    let posted = if kind == "error" {
        Posted::Error(document)
    } else {
        Posted::Response(document)
    };
    queues.posted.send(posted).await.unwrap();
    (StatusCode::ACCEPTED, r#"{"status":"OK"}"#).into_response()
}
