//! `rehome serve` as a process: it starts, answers and stops; wrong settings are told and touch nothing.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod process;

use std::fs;
use std::path::Path;
use std::process::Stdio;

use process::{Served, rehome, run, text};
use serde_json::json;
use tempfile::tempdir;

#[tokio::test(flavor = "multi_thread")]
async fn it_starts_answers_and_ends_well_at_sigterm() {
    let scratch = tempdir().unwrap();
    let data = scratch.path().join("data");
    let mut served = Served::start::<&str>(&data, &scratch.path().join("log"), []);
    assert_eq!(
        served.api.get("/healthz").await.unwrap(),
        (200, "ok\n".to_owned())
    );
    assert_eq!(served.api.get("/readyz").await.unwrap(), (200, "ok\n".to_owned()));
    let made = served
        .api
        .call("CreateUserPool", &json!({ "PoolName": "mine" }))
        .await
        .unwrap();
    let id = made.text("/UserPool/Id").to_owned();
    assert!(id.starts_with("us-east-1_"), "{made:?}");
    served.terminate();
    let status = tokio::task::spawn_blocking(move || served.child.wait())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(status.code(), Some(0));

    // What was made is there after the next start, and its keys open.
    let served = Served::start::<&str>(&data, &scratch.path().join("log"), []);
    let (status, jwks) = served
        .api
        .get(&format!("/{id}/.well-known/jwks.json"))
        .await
        .unwrap();
    assert_eq!(status, 200, "{jwks}");
}

#[tokio::test(flavor = "multi_thread")]
async fn place_and_public_url_show_in_what_it_hands_out() {
    let scratch = tempdir().unwrap();
    let data = scratch.path().join("data");
    let more = [
        "--region",
        "eu-west-1",
        "--account",
        "123456789012",
        "--public-url",
        "https://id.example.com/",
    ];
    let served = Served::start(&data, &scratch.path().join("log"), more);
    let made = served
        .api
        .call("CreateUserPool", &json!({ "PoolName": "mine" }))
        .await
        .unwrap();
    let id = made.text("/UserPool/Id");
    assert_eq!(
        made.text("/UserPool/Arn"),
        format!("arn:aws:cognito-idp:eu-west-1:123456789012:userpool/{id}")
    );
    let (_, document) = served
        .api
        .get(&format!("/{id}/.well-known/openid-configuration"))
        .await
        .unwrap();
    assert!(
        document.contains(&format!("\"issuer\":\"https://id.example.com/{id}\"")),
        "{document}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_in_use_is_told_and_no_data_is_touched() {
    let scratch = tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let data = scratch.path().join("data");
    let output = run(rehome([
        "serve",
        "--listen",
        &address,
        "--data",
        data.to_str().unwrap(),
    ]))
    .await;
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stderr).contains("something listens there already"),
        "{}",
        text(&output.stderr)
    );
    assert!(!data.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn data_under_another_master_key_is_refused() {
    let scratch = tempdir().unwrap();
    let data = scratch.path().join("data");
    {
        let served = Served::start::<&str>(&data, &scratch.path().join("log"), []);
        served
            .api
            .call("CreateUserPool", &json!({ "PoolName": "mine" }))
            .await
            .unwrap();
    }
    let other = scratch.path().join("other.key");
    fs::write(&other, "ab".repeat(32)).unwrap();
    let arguments = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--data",
        data.to_str().unwrap(),
    ];
    let mut command = rehome(arguments);
    command.args(["--master-key-file", other.to_str().unwrap()]);
    let output = run(command).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stderr).contains("sealed with another master key"),
        "{}",
        text(&output.stderr)
    );
    fs::remove_file(data.join("master.key")).unwrap();
    let output = run(rehome(arguments)).await;
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("put it back"),
        "{}",
        text(&output.stderr)
    );
}

/// Runs `serve` with arguments that are wrong; gives what it says.
async fn refused(arguments: &[&str], environment: &[(&str, &str)], scratch: &Path) -> String {
    let data = scratch.join("data");
    let mut command = rehome(["serve", "--data", data.to_str().unwrap()]);
    command
        .args(arguments)
        .envs(environment.iter().copied())
        .stdout(Stdio::piped());
    let output = run(command).await;
    assert_eq!(
        output.status.code(),
        Some(2),
        "{arguments:?}: {}",
        text(&output.stderr)
    );
    assert_eq!(text(&output.stdout), "");
    assert!(!data.exists(), "{arguments:?} touched the data");
    text(&output.stderr)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_setting_names_its_key_and_its_mend() {
    let scratch = tempdir().unwrap();
    let rows: [(&[&str], &str); 12] = [
        (
            &["--listen", "nonsense"],
            "error: --listen: `nonsense` is no address with a port; write 127.0.0.1:9229\n",
        ),
        (
            &["--listen", "0.0.0.0:0"],
            "error: --listen: 0.0.0.0 can be reached from other machines, and without access keys",
        ),
        (
            &["--region", "US"],
            "error: --region: `US` is no region; write one like us-east-1\n",
        ),
        (
            &["--account", "12"],
            "error: --account: `12` is no account id; write twelve digits, like 000000000000\n",
        ),
        (
            &["--public-url", "id.example.com"],
            "error: --public-url: is no URL to begin others with; write http://host:port",
        ),
        (
            &["--public-url", "https://u:canary@h"],
            "error: --public-url: is no URL",
        ),
        (
            &["--issuer", "other"],
            "error: invalid value 'other' for '--issuer <FORM>'",
        ),
        (
            &["--log", "server=loud"],
            "error: --log: `server=loud` is no log filter; write error, warn",
        ),
        (
            &["--functions", "/nonexistent"],
            "error: --functions: /nonexistent cannot be read",
        ),
        (
            &["--pools", "/nonexistent"],
            "error: --pools: /nonexistent cannot be read",
        ),
        (
            &["--access-keys-file", "/nonexistent"],
            "error: --access-keys-file: /nonexistent cannot be read",
        ),
        (
            &["--database-url", "postgres://"],
            "error: --database-url: it names no host; write postgres://",
        ),
    ];
    for (arguments, expected) in rows {
        let told = refused(arguments, &[], scratch.path()).await;
        assert!(told.starts_with(expected), "{arguments:?} gives {told}");
        assert!(!told.contains("canary"), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn problems_of_flags_variables_and_files_are_told_together() {
    let scratch = tempdir().unwrap();
    let functions = scratch.path().join("functions.toml");
    let arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
    fs::write(
        &functions,
        format!("[functions.\"{arn}\"]\nbuiltin = \"migration\"\nfrom = {{ kind = \"cognito\" }}\n"),
    )
    .unwrap();
    let pools = scratch.path().join("pools.toml");
    fs::write(&pools, "[[user_pools]]\nid = \"x\"\npassword = \"canary\"").unwrap();
    let told = refused(
        &[
            "--functions",
            functions.to_str().unwrap(),
            "--pools",
            pools.to_str().unwrap(),
        ],
        &[
            ("REHOME_REGION", "?"),
            ("REHOME_ACCESS_KEYS", "canary"),
            ("RUST_LOG", "a=b=c"),
        ],
        scratch.path(),
    )
    .await;
    for expected in [
        &format!("functions.toml: functions.\"{arn}\".from.user_pool_id: missing") as &str,
        "pools.toml: user_pools[0].id: is no pool id",
        "pools.toml: user_pools[0].password: is not a key of this table",
        "--region: `?` is no region",
        "REHOME_ACCESS_KEYS: is no list of access keys",
        "RUST_LOG: `a=b=c` is no log filter",
    ] {
        assert!(told.contains(expected), "{expected} is missing in\n{told}");
    }
    assert!(!told.contains("canary"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_access_keys_a_made_up_signature_does_not_count() {
    let scratch = tempdir().unwrap();
    let keys = scratch.path().join("keys.toml");
    fs::write(&keys, "[access_keys]\nAKIAEXAMPLE = \"secret\"").unwrap();
    let more = ["--access-keys-file", keys.to_str().unwrap()];
    let served = Served::start(&scratch.path().join("data"), &scratch.path().join("log"), more);
    let answer = served
        .api
        .call("ListUserPools", &json!({ "MaxResults": 1 }))
        .await
        .unwrap();
    assert_eq!(answer.exception(), Some("UnrecognizedClientException"));
}
