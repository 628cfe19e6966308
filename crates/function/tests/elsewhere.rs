//! Settings, secrets and levers that are elsewhere: in moto's Parameter Store and Secrets Manager, read by the real
//! `bootstrap` under a Runtime API.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what fails here fails the test"
)]

mod support;

use std::time::Duration;

use serde_json::Value;
use support::runtime_api::{Bootstrap, Posted};
use support::{OldPool, PASSWORD, event};

const SIGN_IN: &str = "UserMigration_Authentication";
const FORGOT_PASSWORD: &str = "UserMigration_ForgotPassword";
const JANE: [(&str, &str); 2] = [("email", "jane@example.com"), ("email_verified", "true")];

/// The variables of a Lambda whose configuration is elsewhere.
fn environment(pool: &OldPool, config: &str) -> Vec<(&'static str, String)> {
    vec![
        ("REHOME_CONFIG", config.to_owned()),
        ("AWS_ENDPOINT_URL", pool.endpoint.clone()),
        ("AWS_REGION", "us-east-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "example".to_owned()),
    ]
}

/// A `rehome.toml` for the pool, and more.
fn config(pool: &OldPool, more: &str) -> String {
    format!(
        "[from]\nkind = \"cognito\"\nuser_pool_id = \"{}\"\nclient_id = \"{}\"\nclient_secret = \"Canary-Client\"\n{more}",
        pool.user_pool_id, pool.client_id
    )
}

/// The outcome of a sign-in: the status, or the refusal's name.
async fn sign_in(bootstrap: &mut Bootstrap, login: &str) -> String {
    match bootstrap.invoke(event(SIGN_IN, login, Some(PASSWORD))).await {
        Posted::Response(answer) => answer["response"]["finalUserStatus"].as_str().unwrap().to_owned(),
        Posted::Error(document) => document["errorType"].as_str().unwrap().to_owned(),
    }
}

async fn ended(environment: &[(&'static str, String)]) -> Vec<String> {
    let (status, output) = Bootstrap::spawn(environment).await.end().await;
    assert_eq!(status, Some(1), "{output}");
    let messages = output.lines().map(|line| {
        let line: Value = serde_json::from_str(line).expect("a JSON line");
        line["message"].as_str().unwrap().to_owned()
    });
    messages.collect()
}

#[tokio::test]
async fn a_configuration_in_parameter_store_and_its_secrets_in_secrets_manager() {
    let pool = OldPool::start().await;
    pool.add("jane", &JANE).await;
    pool.put_secret("rehome/old", r#"{"external_id":"x & y","client":"Canary"}"#)
        .await;
    let arn = pool.put_secret("rehome/key", "Canary-Digest-Key").await;
    let more = "role_arn = \"arn:aws:iam::123456789012:role/rehome\"\nexternal_id = \"secretsmanager:rehome/old#external_id\"\n";
    let text = format!("digest_key = \"secretsmanager:{arn}\"\n{}", config(&pool, more));
    pool.put_parameter("/rehome/config", &text).await;
    let mut bootstrap = Bootstrap::spawn(&environment(&pool, "ssm:/rehome/config")).await;
    assert_eq!(sign_in(&mut bootstrap, "jane").await, "CONFIRMED");
    let output = bootstrap.output().await;
    assert!(
        output.contains("user.pseudonym") && output.contains("configuration.version"),
        "{output}"
    );
    assert!(
        !output.contains("Canary") && !output.contains("x & y"),
        "{output}"
    );
}

#[tokio::test]
async fn a_configuration_in_the_zip_is_found() {
    let pool = OldPool::start().await;
    pool.add("jane", &JANE).await;
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(
        directory.path().join("rehome.toml"),
        config(&pool, "[levers]\nstop = true\n"),
    )
    .unwrap();
    let mut variables = environment(&pool, "");
    variables.push(("LAMBDA_TASK_ROOT", directory.path().to_str().unwrap().to_owned()));
    let mut bootstrap = Bootstrap::spawn(&variables).await;
    assert_eq!(sign_in(&mut bootstrap, "jane").await, "Stopped");
}

#[tokio::test]
async fn every_mistake_is_told_at_the_start_with_its_key() {
    let pool = OldPool::start().await;
    pool.put_parameter("/rehome/levers", "stopp = true").await;
    let more = "[levers]\nfrom = \"ssm:/rehome/levers\"\n";
    let text = config(&pool, more).replace("\"Canary-Client\"", "\"secretsmanager:no-such-secret\"");
    pool.put_parameter("/rehome/config", &text).await;
    let told = ended(&environment(&pool, "ssm:/rehome/config")).await;
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].starts_with("from.client_secret: secretsmanager:no-such-secret does not exist"),
        "{told:?}"
    );
    assert!(told[1].starts_with("levers: unknown field `stopp`"), "{told:?}");

    let told = ended(&environment(&pool, "ssm:/rehome/nothing")).await;
    assert!(
        told[0].starts_with("REHOME_CONFIG: ssm:/rehome/nothing does not exist"),
        "{told:?}"
    );
    let short = format!("digest_key = \"short\"\n{}", config(&pool, ""));
    pool.put_parameter("/rehome/config", &short).await;
    let told = ended(&environment(&pool, "ssm:/rehome/config")).await;
    assert!(told[0].starts_with("digest_key: is too short"), "{told:?}");
}

#[tokio::test]
async fn levers_are_moved_without_a_deployment_and_a_broken_version_changes_nothing() {
    let pool = OldPool::start().await;
    pool.add("jane", &JANE).await;
    pool.put_parameter("/rehome/levers", "observe_only = true").await;
    let more = "[levers]\nfrom = \"ssm:/rehome/levers\"\n[refresh]\nlevers_seconds = 1\n";
    pool.put_parameter("/rehome/config", &config(&pool, more)).await;
    let mut bootstrap = Bootstrap::spawn(&environment(&pool, "ssm:/rehome/config")).await;
    assert_eq!(sign_in(&mut bootstrap, "jane").await, "ObserveOnly");

    pool.put_parameter("/rehome/levers", "stop = true").await;
    until(&mut bootstrap, "Stopped").await;
    pool.put_parameter("/rehome/levers", "stop = perhaps").await;
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!(sign_in(&mut bootstrap, "jane").await, "Stopped");
    let forgotten = event(FORGOT_PASSWORD, "jane", None);
    let Posted::Response(unchanged) = bootstrap.invoke(forgotten.clone()).await else {
        panic!("a response")
    };
    assert_eq!(unchanged, forgotten, "nothing is disclosed");
    pool.put_parameter("/rehome/levers", "# nobody is kept back")
        .await;
    until(&mut bootstrap, "CONFIRMED").await;

    let lines = bootstrap.lines().await;
    let troubled = |line: &&Value| {
        let trouble = line["configuration.trouble"].as_str().unwrap_or_default();
        trouble.starts_with("the last good levers stay: levers:") && line["level"] == "WARN"
    };
    assert!(lines.iter().any(|line| troubled(&line)), "{lines:?}");
    let observed = &lines[0];
    assert_eq!(observed["observed.outcome"], "moved");
    assert_eq!(
        observed["observed.attributes"],
        serde_json::json!(["email", "email_verified"])
    );
    assert_eq!(observed["Outcome"], "observed");
}

/// Levers are read once a second here: the next version counts within that.
async fn until(bootstrap: &mut Bootstrap, outcome: &str) {
    for _ in 0..100 {
        if sign_in(bootstrap, "jane").await == outcome {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("never {outcome}");
}

#[tokio::test]
async fn a_new_configuration_counts_without_a_deployment_and_a_broken_one_changes_nothing() {
    let pool = OldPool::start().await;
    pool.add("jane", &JANE).await;
    let refresh = "[refresh]\nconfiguration_seconds = 1\n";
    pool.put_parameter("/rehome/config", &config(&pool, refresh))
        .await;
    let mut bootstrap = Bootstrap::spawn(&environment(&pool, "ssm:/rehome/config")).await;
    assert_eq!(sign_in(&mut bootstrap, "jane").await, "CONFIRMED");
    let stopped = format!("{refresh}[levers]\nstop = true\n");
    pool.put_parameter("/rehome/config", &config(&pool, &stopped))
        .await;
    until(&mut bootstrap, "Stopped").await;
    let broken = format!("{refresh}[shares]\nconnect = 90\n");
    pool.put_parameter("/rehome/config", &config(&pool, &broken))
        .await;
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!(sign_in(&mut bootstrap, "jane").await, "Stopped");
    let lines = bootstrap.lines().await;
    let trouble = lines.last().unwrap()["configuration.trouble"].as_str().unwrap();
    assert!(
        trouble.starts_with("the last good configuration stays: shares: "),
        "{trouble}"
    );
    let versions: std::collections::BTreeSet<_> = lines
        .iter()
        .filter_map(|line| line["configuration.version"].as_str())
        .collect();
    assert_eq!(versions.len(), 2);
}

#[tokio::test]
async fn a_list_of_tombstones_without_an_address_in_it_keeps_people_away() {
    let pool = OldPool::start().await;
    pool.add("jane", &JANE).await;
    pool.add("ann", &[("email", "ann@example.com"), ("email_verified", "true")])
        .await;
    // printf 'jane@example.com' | openssl dgst -sha256 -hmac 'sixteen bytes or more'
    let list = "# deleted in spring\nhmac:6221c15627bce4741117e267bc0bec9fa46c508bc434b52cbcd769db586a6711\n";
    pool.put_parameter("/rehome/gone", list).await;
    let text = format!(
        "digest_key = \"sixteen bytes or more\"\n{}",
        config(&pool, "[levers]\ntombstones_file = \"ssm:/rehome/gone\"\n")
    );
    pool.put_parameter("/rehome/config", &text).await;
    let mut bootstrap = Bootstrap::spawn(&environment(&pool, "ssm:/rehome/config")).await;
    assert_eq!(sign_in(&mut bootstrap, "jane").await, "Tombstone");
    assert_eq!(sign_in(&mut bootstrap, "ann").await, "CONFIRMED");
}

#[tokio::test]
async fn while_the_configuration_cannot_be_read_everybody_tries_again_later() {
    let pool = OldPool::start().await;
    let mut variables = environment(&pool, "ssm:/rehome/config");
    variables.retain(|(name, _)| *name != "AWS_ENDPOINT_URL");
    variables.push((
        "AWS_ENDPOINT_URL",
        format!("http://127.0.0.1:{}", support::free_port()),
    ));
    let mut bootstrap = Bootstrap::spawn(&variables).await;
    assert_eq!(sign_in(&mut bootstrap, "jane").await, "CouldNotAsk");
    let lines = bootstrap.lines().await;
    assert_eq!(lines[0]["cause"], "no_configuration");
    let trouble = lines[0]["configuration.trouble"].as_str().unwrap();
    assert!(
        trouble.starts_with("ssm:/rehome/config cannot be read"),
        "{trouble}"
    );
}
