//! `rehome invoke` against a real old pool.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod process;

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use process::{rehome, text};
use serde_json::{Value, json};
use testkit::{Options, TestServer, pair};

fn event(username: &str, password: &str) -> Value {
    json!({
        "version": "1",
        "triggerSource": "UserMigration_Authentication",
        "region": "us-east-1",
        "userPoolId": pair::NEW_POOL,
        "userName": username,
        "callerContext": { "awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": pair::NEW_CLIENT },
        "request": { "password": password, "validationData": null, "userAttributes": null },
        "response": { "userAttributes": null, "finalUserStatus": null },
    })
}

/// Runs `invoke` on the old pool of `url`, with `input` on standard input.
async fn invoke(url: &str, arguments: &[&str], input: String) -> Output {
    let mut command = rehome(["invoke"]);
    command
        .args(arguments)
        .env("OLD_USER_POOL_ID", pair::OLD_POOL)
        .env("OLD_CLIENT_ID", pair::OLD_CLIENT)
        .env("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", url);
    with_input(command, input).await
}

async fn with_input(mut command: Command, input: String) -> Output {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let run = move || {
        let mut child = command.spawn()?;
        // A command that ends without reading breaks the pipe; its status tells.
        let _unread = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
        child.wait_with_output()
    };
    tokio::task::spawn_blocking(run).await.unwrap().unwrap()
}

async fn old_pool() -> TestServer {
    TestServer::start(Options::old_and_new()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_password_moves_and_is_never_printed() {
    let server = old_pool().await;
    let output = invoke(server.url(), &["-"], event(pair::ANN, pair::PASSWORD).to_string()).await;
    let told = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{told}{}", text(&output.stderr));
    for expected in [
        "✓ The user would move",
        "active",
        "custom:plan",
        "gold",
        "CONFIRMED",
        "SUPPRESS",
    ] {
        assert!(told.contains(expected), "{expected} is missing in\n{told}");
    }
    assert!(!told.contains(pair::PASSWORD), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_json_has_the_event_as_returned_without_the_password() {
    let server = old_pool().await;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), event(pair::ANN, pair::PASSWORD).to_string()).unwrap();
    let output = invoke(
        server.url(),
        &["--json", file.path().to_str().unwrap()],
        String::new(),
    )
    .await;
    assert_eq!(output.status.code(), Some(0));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["outcome"], "moved");
    assert_eq!(told["event"]["response"]["userAttributes"]["custom:plan"], "gold");
    assert_eq!(told["event"]["request"]["password"], "(not shown)");
    assert!(!text(&output.stdout).contains(pair::PASSWORD));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_refused_with_a_status_of_its_own() {
    let server = old_pool().await;
    let output = invoke(
        server.url(),
        &["-"],
        event(pair::ANN, "Wrong-Password-1").to_string(),
    )
    .await;
    let told = text(&output.stdout);
    assert_eq!(output.status.code(), Some(3), "{told}");
    for expected in [
        "✗ The user would not move",
        "WrongPassword",
        "UserMigration failed with error",
        "NotAuthorizedException",
    ] {
        assert!(told.contains(expected), "{expected} is missing in\n{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_directory_that_does_not_answer_is_no_wrong_password() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    let output = invoke(&url, &["-"], event(pair::ANN, pair::PASSWORD).to_string()).await;
    let told = text(&output.stdout);
    assert_eq!(output.status.code(), Some(4), "{told}");
    assert!(
        told.contains("could not be asked") && told.contains("unreachable"),
        "{told}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_can_be_made_from_a_username_and_a_typed_password() {
    let server = old_pool().await;
    let arguments = ["--source", "authentication", "--username", pair::ANN];
    let output = invoke(server.url(), &arguments, format!("{}\n", pair::PASSWORD)).await;
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let arguments = ["--source", "forgot-password", "--username", "nobody@example.com"];
    let output = invoke(server.url(), &arguments, String::new()).await;
    assert_eq!(output.status.code(), Some(3));
    assert!(
        text(&output.stdout).contains("the event goes back as it came"),
        "{}",
        text(&output.stdout)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configuration_file_says_where_to_ask() {
    let server = old_pool().await;
    let file = tempfile::NamedTempFile::new().unwrap();
    let config = format!(
        "[from]\nkind = \"cognito\"\nendpoint = \"{}\"\nuser_pool_id = \"{}\"\nclient_id = \"{}\"\n[attributes]\n\
         keep_sub_as = \"custom:old_sub\"\n",
        server.url(),
        pair::OLD_POOL,
        pair::OLD_CLIENT,
    );
    std::fs::write(file.path(), config).unwrap();
    let mut command = rehome(["invoke", "-", "--config", file.path().to_str().unwrap()]);
    command.env_remove("OLD_USER_POOL_ID");
    let output = with_input(command, event(pair::ANN, pair::PASSWORD).to_string()).await;
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("custom:old_sub"));
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_settings_and_wrong_events_are_usage_errors() {
    let output = with_input(rehome(["invoke", "-"]), String::new()).await;
    assert_eq!(output.status.code(), Some(2));
    let told = text(&output.stderr);
    assert!(
        told.contains("from.user_pool_id") && told.contains("OLD_CLIENT_ID"),
        "{told}"
    );
    for (input, expected) in [
        ("canary", "the event is not JSON"),
        ("{}", "triggerSource"),
        ("[\"canary\"]", "triggerSource"),
    ] {
        let output = invoke("http://127.0.0.1:1", &["-"], input.to_owned()).await;
        assert_eq!(output.status.code(), Some(2), "{input}");
        let told = text(&output.stderr);
        assert!(told.contains(expected) && !told.contains("canary"), "{told}");
    }
    let output = with_input(rehome(["invoke"]), String::new()).await;
    assert_eq!(output.status.code(), Some(2));
}

/// A function of the kind that a log was never meant to hold: it prints its event, speaking the Runtime API by itself.
const TALKATIVE: &str = r#"#!/usr/bin/env python3
import http.client, os
host = os.environ["AWS_LAMBDA_RUNTIME_API"]
while True:
    connection = http.client.HTTPConnection(host)
    connection.request("GET", "/2018-06-01/runtime/invocation/next")
    answer = connection.getresponse()
    event = answer.read()
    print(event.decode(), flush=True)
    request_id = answer.getheader("Lambda-Runtime-Aws-Request-Id")
    connection.request("POST", f"/2018-06-01/runtime/invocation/{request_id}/response", event)
    connection.getresponse().read()
"#;

#[tokio::test(flavor = "multi_thread")]
async fn canaries_leave_no_trace_in_the_function_nor_in_its_bootstrap() {
    let server = old_pool().await;
    let bootstrap = std::path::Path::new(env!("CARGO_BIN_EXE_rehome")).with_file_name("bootstrap");
    assert!(
        bootstrap.exists(),
        "run `cargo xtask test`: it builds the bootstrap"
    );
    let bootstrap = bootstrap.to_str().unwrap();
    let output = invoke(
        server.url(),
        &["--canary", "--bootstrap", bootstrap],
        String::new(),
    )
    .await;
    let told = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{told}{}", text(&output.stderr));
    assert!(
        told.contains("✓ Nothing of a person and no secret stands anywhere"),
        "{told}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bootstrap_that_prints_its_event_is_found_out() {
    let server = old_pool().await;
    let folder = tempfile::tempdir().unwrap();
    let talkative = folder.path().join("bootstrap");
    std::fs::write(&talkative, TALKATIVE).unwrap();
    std::fs::set_permissions(&talkative, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let arguments = ["--canary", "--json", "--bootstrap", talkative.to_str().unwrap()];
    let output = invoke(server.url(), &arguments, String::new()).await;
    let told = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{told}{}", text(&output.stderr));
    let told: Value = serde_json::from_str(&told).unwrap();
    for what in ["the login", "the password", "an attribute"] {
        let expected = json!({ "in": "the log at its loudest", "what": what, "form": "as it is" });
        assert!(told["found"].as_array().unwrap().contains(&expected), "{told}");
    }
}
