//! The lines of the `bootstrap`: what a decision and a move tell, and what they never tell.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what fails here fails the test"
)]

mod support;

use serde_json::{Value, json};
use support::runtime_api::Bootstrap;
use support::{OldPool, PASSWORD, event};

const SIGN_IN: &str = "UserMigration_Authentication";
const KEY: &str = "sixteen bytes or more";

fn names(line: &Value) -> Vec<&str> {
    line.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test]
async fn a_move_is_a_line_with_its_metrics_and_an_audit_line() {
    let pool = OldPool::start().await;
    pool.add(
        "jane",
        &[("email", "jane@example.com"), ("email_verified", "true")],
    )
    .await;
    let mut variables = pool.environment();
    variables.push(("REHOME_DIGEST_KEY", KEY.to_owned()));
    let mut bootstrap = Bootstrap::spawn(&variables).await;
    bootstrap.invoke(event(SIGN_IN, "jane", Some(PASSWORD))).await;
    bootstrap.invoke(event(SIGN_IN, "Jane ", Some("wrong"))).await;
    let lines = bootstrap.lines().await;
    let [moved, audit, refused] = &lines[..] else {
        panic!("three lines: {lines:?}")
    };
    let mut seen = names(moved);
    seen.sort_unstable();
    let mut expected = vec![
        "ColdStarts",
        "ConfigurationTrouble",
        "CouldNotAsk",
        "Decisions",
        "FindLatency",
        "Flood",
        "Latency",
        "Moved",
        "Outcome",
        "Shielded",
        "UserPool",
        "VerifyLatency",
        "_aws",
        "app_client.id",
        "cold",
        "level",
        "message",
        "milliseconds",
        "milliseconds.find",
        "milliseconds.verify",
        "outcome",
        "request.id",
        "standing",
        "trace.id",
        "trigger.source",
        "user.pseudonym",
        "user_pool.id",
    ];
    // The connection was opened before the event came, unless it was closed again.
    expected.extend(
        ["ConnectLatency", "milliseconds.connect"]
            .into_iter()
            .filter(|name| seen.contains(name)),
    );
    expected.sort_unstable();
    assert_eq!(seen, expected);
    assert_eq!(
        (&moved["message"], &moved["cold"], &moved["Moved"]),
        (&json!("migration"), &json!(true), &json!(1))
    );
    assert_eq!(moved["trace.id"], "1-5bef4de7-ad49b0e87f6ef6c87fc2e700");
    // printf 'jane' | openssl dgst -sha256 -hmac 'sixteen bytes or more' | cut -c -32
    assert_eq!(moved["user.pseudonym"], "eb073f0e7183ab8240de4d0867c1c00e");
    assert_eq!(
        refused["user.pseudonym"], moved["user.pseudonym"],
        "whatever the case and the spaces"
    );
    assert_eq!(
        (&refused["cold"], &refused["Outcome"]),
        (&json!(false), &json!("refused"))
    );

    let expected = json!({
        "level": "INFO", "message": "audit", "request.id": moved["request.id"], "trace.id": moved["trace.id"],
        "trigger.source": SIGN_IN, "user_pool.id": "us-east-1_NEW000000", "from.user_pool_id": pool.user_pool_id,
        "app_client.id": "1new", "user.pseudonym": moved["user.pseudonym"], "standing": "active", "status": "CONFIRMED",
        "attributes": ["email", "email_verified"], "rules": [],
    });
    assert_eq!(audit, &expected);
}

#[tokio::test]
async fn metrics_can_be_left_out_and_without_a_key_nobody_has_a_pseudonym() {
    let pool = OldPool::start().await;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("function.toml");
    std::fs::write(&file, "[log]\nmetrics = false\n").unwrap();
    let mut variables = pool.environment();
    variables.push(("REHOME_CONFIG", file.to_str().unwrap().to_owned()));
    let mut bootstrap = Bootstrap::spawn(&variables).await;
    bootstrap.invoke(event(SIGN_IN, "nobody", Some(PASSWORD))).await;
    let lines = bootstrap.lines().await;
    let names = names(&lines[0]);
    assert!(!names.contains(&"_aws") && !names.contains(&"Decisions") && !names.contains(&"user.pseudonym"));
    assert!(names.contains(&"configuration.version"));
}
