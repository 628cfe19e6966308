//! `rehome db`: a pool moves from a file into PostgreSQL and back, and nobody is lost.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod process;

use std::path::Path;

use process::{Served, rehome, run, text};
use serde_json::json;
use tempfile::tempdir;
use testkit::postgres::Cluster;

const POOLS: &str = r#"
[[user_pools]]
id = "us-east-1_Moves0001"
username_attributes = ["email"]
app_clients = [{ id = "web", explicit_auth_flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] }]
users = [
  { username = "ann@example.com", password = "Right-Password-1", attributes = { email_verified = true, name = "Ann 山" } },
  { username = "ben@example.com", password = "Right-Password-1", attributes = { email_verified = true } },
]
"#;

/// What a command says, and its exit status.
async fn told(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = run(rehome(arguments)).await;
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

async fn sign_in(served: &Served, flow: &str, parameters: serde_json::Value) -> serde_json::Value {
    let body = json!({ "AuthFlow": flow, "ClientId": "web", "AuthParameters": parameters });
    let answer = served.api.call("InitiateAuth", &body).await.unwrap();
    assert!(answer.has_tokens(), "{answer:?}");
    answer.body["AuthenticationResult"].clone()
}

/// A refresh token of ann's.
async fn signed_in(served: &Served) -> String {
    let password = json!({ "USERNAME": "ann@example.com", "PASSWORD": "Right-Password-1" });
    let tokens = sign_in(served, "USER_PASSWORD_AUTH", password).await;
    tokens["RefreshToken"].as_str().unwrap().to_owned()
}

async fn refreshed(served: &Served, token: &str) {
    sign_in(served, "REFRESH_TOKEN_AUTH", json!({ "REFRESH_TOKEN": token })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_moves_into_postgresql_and_back_with_its_users_and_their_tokens() {
    let database = Cluster::shared().unwrap().database().unwrap();
    let scratch = tempdir().unwrap();
    let (data, back) = (scratch.path().join("data"), scratch.path().join("back"));
    let (log, pools) = (scratch.path().join("log"), scratch.path().join("pools.toml"));
    std::fs::write(&pools, POOLS).unwrap();
    let served = Served::start(&data, &log, ["--pools", pools.to_str().unwrap()]);
    let token = signed_in(&served).await;
    stop(served).await;

    let (from, url) = (data.to_str().unwrap(), database.url());
    let (status, said, errors) = told(&["db", "move", "--from", from, "--to", &url]).await;
    assert_eq!(status, Some(0), "{errors}");
    assert!(said.contains("2  pool_user"), "{said}");
    assert!(
        errors.contains("copying") && errors.contains("comparing"),
        "{errors}"
    );
    let key = data.join("master.key");
    let on_postgres = ["--database-url", &url, "--master-key-file", key.to_str().unwrap()];
    let served = Served::start(&scratch.path().join("none"), &log, on_postgres);
    refreshed(&served, &token).await;
    let newer = signed_in(&served).await;
    stop(served).await;

    // Into what is full nothing goes.
    let (status, _, errors) = told(&["db", "move", "--from", from, "--to", &url]).await;
    assert_eq!(status, Some(1), "{errors}");
    assert!(errors.contains("not empty"), "{errors}");

    let (status, _, errors) = told(&["db", "move", "--from", &url, "--to", back.to_str().unwrap()]).await;
    assert_eq!(status, Some(0), "{errors}");
    let served = Served::start(&back, &log, ["--master-key-file", key.to_str().unwrap()]);
    for token in [token, newer] {
        refreshed(&served, &token).await;
    }
}

async fn stop(mut served: Served) {
    served.terminate();
    let status = tokio::task::spawn_blocking(move || served.child.wait())
        .await
        .unwrap();
    assert_eq!(status.unwrap().code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lacks_is_told_and_made() {
    let database = Cluster::shared().unwrap().database().unwrap();
    let url = database.url();
    let (status, said, errors) = told(&["db", "status", "--database-url", &url]).await;
    assert_eq!(status, Some(1), "{errors}");
    assert!(said.contains("lacks  0001_pools_app_clients_and_users"), "{said}");
    let (status, said, errors) = told(&["db", "migrate", "--database-url", &url]).await;
    assert_eq!(status, Some(0), "{errors}");
    assert!(said.contains("made  0001_pools_app_clients_and_users"), "{said}");
    let (status, said, _) = told(&["db", "status", "--database-url", &url]).await;
    assert_eq!(status, Some(0), "{said}");
    let (_, said, _) = told(&["db", "migrate", "--database-url", &url]).await;
    assert!(said.contains("lacks nothing"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_places_are_told_together() {
    let nowhere = Path::new("nowhere");
    let (status, _, errors) = told(&[
        "db",
        "move",
        "--from",
        "nowhere",
        "--to",
        "mysql://ann:s3cret@db/pools",
    ])
    .await;
    assert_eq!(status, Some(2), "{errors}");
    assert!(errors.contains("--from") && errors.contains("--to"), "{errors}");
    assert!(!errors.contains("s3cret"), "{errors}");
    assert!(!nowhere.exists());
}
