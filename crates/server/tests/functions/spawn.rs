//! A Python handler under AWS's own runtime client, as a child process.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use pool::ports::{InvokeError, SystemEntropy};
use rustix::process::{Pid, test_kill_process};
use serde_json::{Value, json};
use server::functions::FunctionRoutes;
use server::functions::settings::SpawnSettings;

use super::{PATIENT, arn, failed, invoke, machine};

/// Short enough for a test that waits for it.
const SHORT: Duration = Duration::from_millis(300);

/// A function in a directory of its own, gone with it.
struct Function {
    routes: Arc<FunctionRoutes>,
    directory: Directory,
}

impl Function {
    /// `env` beside the usual; the settings may be changed further.
    fn new(env: &[(&str, &str)], change: impl FnOnce(&mut SpawnSettings)) -> Self {
        let directory = Directory::new();
        let mut settings = SpawnSettings::new(python(), ["-m", "awslambdaric", "handler.handler"]);
        settings.working_directory = Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/functions"));
        settings.start_timeout = PATIENT;
        let starts = directory.path("starts");
        let usual = [
            ("STARTS", starts.to_str().unwrap()),
            ("PYTHONDONTWRITEBYTECODE", "1"),
        ];
        for (name, value) in usual.iter().chain(env) {
            settings.env.insert((*name).to_owned(), (*value).into());
        }
        change(&mut settings);
        let mut routes = FunctionRoutes::new(machine());
        routes.add_spawn(arn(), settings);
        Self {
            routes: Arc::new(routes),
            directory,
        }
    }

    async fn invoke(&self, event: Value, limit: Duration) -> Result<String, InvokeError> {
        invoke(&self.routes, &event, limit).await
    }

    /// The `response` of an answer that has to come.
    async fn response(&self, event: Value) -> Value {
        let answer = self.invoke(event, PATIENT).await.unwrap();
        serde_json::from_str::<Value>(&answer).unwrap()["response"].clone()
    }

    /// The process ids of all environments that ever started.
    fn starts(&self) -> Vec<i32> {
        let text = std::fs::read_to_string(self.directory.path("starts")).unwrap();
        text.lines().map(|line| line.parse().unwrap()).collect()
    }

    /// Shuts down; nothing that was started may be left.
    async fn end(self) {
        self.routes.shutdown().await;
        for pid in self.starts() {
            assert!(!is_alive(pid), "{pid} is still there");
        }
    }
}

/// A directory below cargo's for tests.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Self {
        use pool::ports::Entropy as _;
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(SystemEntropy.uuid());
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[expect(clippy::disallowed_methods, reason = "the test is told where its Python is")]
fn python() -> String {
    std::env::var("REHOME_TEST_PYTHON")
        .expect("run `cargo xtask test`: it installs the Python that this needs")
}

fn is_alive(pid: i32) -> bool {
    test_kill_process(Pid::from_raw(pid).unwrap()).is_ok()
}

fn number(value: &Value) -> i32 {
    i32::try_from(value.as_i64().unwrap()).unwrap()
}

fn usual() -> Function {
    Function::new(&[("OLD_CLIENT_ID", "abc")], |_| {})
}

#[tokio::test]
async fn a_handler_answers_and_lives_on_for_the_next_event() {
    let function = usual();
    let first = function.response(json!({})).await;
    assert_eq!(first["arn"], arn().0);
    assert_eq!(first["variable"], "abc");
    let remaining = number(&first["remaining"]);
    assert!((1..=120_000).contains(&remaining), "{remaining}");
    let second = function.response(json!({})).await;
    assert_eq!(first["pid"], second["pid"]);
    assert_ne!(first["request_id"], second["request_id"]);
    function.end().await;
}

#[tokio::test]
async fn what_a_handler_raises_is_its_message_and_it_lives_on() {
    let function = usual();
    let answer = function.invoke(json!({"raise": "Bad password"}), PATIENT).await;
    assert_eq!(answer, Err(failed("ValueError", "Bad password")));
    function.response(json!({})).await;
    assert_eq!(function.starts().len(), 1);
    function.end().await;
}

#[tokio::test]
async fn a_handler_that_sleeps_past_the_limit_is_killed_and_started_again() {
    let function = usual();
    let pid = function.response(json!({})).await["pid"].clone();
    // Time enough to ask for it: an event that no child has taken ends none.
    let answer = function
        .invoke(json!({"sleep": 1000}), Duration::from_secs(2))
        .await;
    assert_eq!(answer, Err(InvokeError::TimedOut));
    assert_ne!(function.response(json!({})).await["pid"], pid);
    function.end().await;
}

#[tokio::test]
async fn the_function_s_own_time_out_reads_as_in_lambda() {
    let function = Function::new(&[], |settings| settings.timeout = Some(SHORT));
    let Err(InvokeError::Failed { error_type, message }) =
        function.invoke(json!({"sleep": 1000}), PATIENT).await
    else {
        panic!("it did not fail");
    };
    assert_eq!(error_type, "Sandbox.Timedout");
    assert_eq!(
        after_the_request_id(&message),
        "Error: Task timed out after 0.30 seconds"
    );
    function.end().await;
}

#[tokio::test]
async fn a_handler_that_ends_in_the_middle_is_told_as_lambda_tells_it_and_started_again() {
    let function = usual();
    for (event, words) in [
        (
            json!({"exit": 129}),
            "Error: Runtime exited with error: exit status 129",
        ),
        (
            json!({"exit": 0}),
            "Error: Runtime exited without providing a reason",
        ),
        (
            json!({"kill": 9}),
            "Error: Runtime exited with error: signal: killed",
        ),
    ] {
        let Err(InvokeError::Failed { error_type, message }) = function.invoke(event, PATIENT).await else {
            panic!("it did not fail");
        };
        assert_eq!(error_type, "Runtime.ExitError");
        assert_eq!(after_the_request_id(&message), words);
        function.response(json!({})).await;
    }
    assert_eq!(function.starts().len(), 4);
    function.end().await;
}

#[tokio::test]
async fn what_is_no_event_comes_back_as_it_is() {
    let function = usual();
    assert_eq!(
        function.invoke(json!({"nothing": 1}), PATIENT).await.unwrap(),
        "null"
    );
    assert_eq!(
        function
            .invoke(json!({"raw": "not JSON"}), PATIENT)
            .await
            .unwrap(),
        "not JSON"
    );
    assert_eq!(function.invoke(json!({"raw": ""}), PATIENT).await.unwrap(), "");
    function.end().await;
}

#[tokio::test]
async fn an_answer_larger_than_lambda_carries_fails() {
    let function = usual();
    let answer = function.invoke(json!({"large": 7_000_000}), PATIENT).await;
    let message = "Response payload size exceeded maximum allowed payload size (6291556 bytes).";
    assert_eq!(answer, Err(failed("Function.ResponseSizeTooLarge", message)));
    function.end().await;
}

#[tokio::test]
async fn a_slow_start_costs_attempts_but_is_never_begun_again() {
    let directory = Directory::new();
    let ready = directory.path("ready");
    let function = Function::new(&[("START_WHEN", ready.to_str().unwrap())], |_| {});
    for _ in 0..2 {
        assert_eq!(
            function.invoke(json!({}), SHORT).await,
            Err(InvokeError::TimedOut)
        );
    }
    std::fs::write(&ready, "").unwrap();
    function.response(json!({})).await;
    assert_eq!(function.starts().len(), 1);
    function.end().await;
}

#[tokio::test]
async fn a_start_that_takes_too_long_fails_as_in_lambda() {
    let function = Function::new(&[("START_WHEN", "/nowhere")], |settings| {
        settings.start_timeout = SHORT;
    });
    let Err(InvokeError::Failed { error_type, message }) = function.invoke(json!({}), PATIENT).await else {
        panic!("it did not fail");
    };
    assert_eq!(error_type, "Sandbox.Timedout");
    assert_eq!(
        after_the_request_id(&message),
        "Error: Task timed out after 0.30 seconds"
    );
    function.routes.shutdown().await;
}

#[tokio::test]
async fn a_handler_that_cannot_start_says_why() {
    let function = Function::new(&[("REFUSE_TO_START", "no table")], |_| {});
    assert_eq!(
        function.invoke(json!({}), PATIENT).await,
        Err(failed("RuntimeError", "no table"))
    );
    function.end().await;
}

#[tokio::test]
async fn a_program_that_ends_at_its_start_fails_every_event_without_a_start_for_each() {
    let function = Function::new(&[("EXIT_AT_START", "3")], |_| {});
    for _ in 0..20 {
        let Err(InvokeError::Failed { error_type, message }) = function.invoke(json!({}), PATIENT).await
        else {
            panic!("it did not fail");
        };
        assert_eq!(error_type, "Runtime.ExitError");
        assert_eq!(
            after_the_request_id(&message),
            "Error: Runtime exited with error: exit status 3"
        );
    }
    assert!(function.starts().len() < 20, "{} starts", function.starts().len());
    function.end().await;
}

#[tokio::test]
async fn a_program_that_is_not_there_is_an_invalid_entry_point() {
    let function = Function::new(&[], |settings| {
        "/nowhere/bootstrap".clone_into(&mut settings.program);
    });
    let Err(InvokeError::Failed { error_type, message }) = function.invoke(json!({}), PATIENT).await else {
        panic!("it did not fail");
    };
    assert_eq!(error_type, "Runtime.InvalidEntrypoint");
    let expected = "Error: fork/exec /nowhere/bootstrap: no such file or directory";
    assert_eq!(after_the_request_id(&message), expected);
}

#[tokio::test]
async fn twenty_events_at_once_share_four_environments() {
    let function = usual();
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..20 {
        let routes = Arc::clone(&function.routes);
        tasks.spawn(async move {
            let answer = invoke(&routes, &json!({ "number": number }), PATIENT)
                .await
                .unwrap();
            let answer: Value = serde_json::from_str(&answer).unwrap();
            assert_eq!(answer["number"], number);
        });
    }
    while let Some(task) = tasks.join_next().await {
        task.unwrap();
    }
    assert!(
        (1..=4).contains(&function.starts().len()),
        "{:?}",
        function.starts()
    );
    function.end().await;
}

#[tokio::test]
async fn an_event_that_finds_all_environments_busy_until_its_limit_is_throttled() {
    let function = Function::new(&[], |settings| settings.concurrency = std::num::NonZeroUsize::MIN);
    function.response(json!({})).await;
    let routes = Arc::clone(&function.routes);
    let busy = tokio::spawn(async move { invoke(&routes, &json!({"sleep": 1000}), PATIENT).await });
    // The supervisor takes commands in order; this one comes second once the first task has run.
    tokio::task::yield_now().await;
    let answer = function.invoke(json!({}), SHORT).await;
    assert_eq!(answer, Err(super::not_invoked("TooManyRequestsException")));
    function.end().await;
    assert_eq!(busy.await.unwrap(), Err(super::not_invoked("ServiceException")));
}

#[tokio::test]
async fn an_event_whose_caller_is_gone_is_not_handed_out() {
    let directory = Directory::new();
    let ready = directory.path("ready");
    let function = Function::new(&[("START_WHEN", ready.to_str().unwrap())], |_| {});
    // It would end the environment.
    let gone = tokio::time::timeout(SHORT, function.invoke(json!({"exit": 1}), PATIENT));
    assert!(gone.await.is_err());
    std::fs::write(&ready, "").unwrap();
    function.response(json!({})).await;
    assert_eq!(function.starts().len(), 1);
    function.end().await;
}

#[tokio::test]
async fn an_end_takes_what_the_handler_started_along() {
    let function = usual();
    let answer = function.invoke(json!({"child": true}), PATIENT).await.unwrap();
    let child = number(&serde_json::from_str::<Value>(&answer).unwrap()["child"]);
    assert!(is_alive(child));
    function.end().await;
    // Who adopts an orphan also buries it; until then it is dead but there.
    let status = || std::fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
    assert!(status().is_empty() || status().contains(") Z "), "{}", status());
}

#[tokio::test]
async fn events_after_the_end_fail() {
    let function = usual();
    function.response(json!({})).await;
    let routes = Arc::clone(&function.routes);
    function.end().await;
    assert_eq!(
        invoke(&routes, &json!({}), PATIENT).await,
        Err(super::not_invoked("ServiceException"))
    );
}

/// `RequestId: <uuid> ` is Lambda's, with an id that nobody foresees.
fn after_the_request_id(message: &str) -> &str {
    let rest = message.strip_prefix("RequestId: ").unwrap();
    let (id, rest) = rest.split_at(36);
    assert!(
        id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-'),
        "{message}"
    );
    rest.trim_start()
}
