//! The log of a real server: one line a request, with the fields that the reference lists.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod process;

use std::collections::BTreeSet;
use std::path::Path;

use process::Served;
use serde_json::{Value, json};
use testkit::pair;

/// The fields of the reference's table.
fn documented() -> BTreeSet<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/log.md");
    let text = std::fs::read_to_string(file).unwrap();
    let rows = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    rows.map(|(field, _)| field.to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_request_is_one_line_with_the_fields_of_the_reference() {
    let folder = tempfile::tempdir().unwrap();
    let pools = folder.path().join("pools.toml");
    std::fs::write(&pools, pair::old_pools_file()).unwrap();
    let log = folder.path().join("log");
    let arguments = ["--log-format", "json", "--pools", pools.to_str().unwrap()];
    let served = Served::start(&folder.path().join("data"), &log, arguments);
    let sign_in = |password: &str| {
        json!({
            "AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "UserPoolId": pair::OLD_POOL, "ClientId": pair::OLD_CLIENT,
            "AuthParameters": { "USERNAME": pair::ANN, "PASSWORD": password },
        })
    };
    for password in [pair::PASSWORD, "Wrong-password-1"] {
        served
            .api
            .call("AdminInitiateAuth", &sign_in(password))
            .await
            .unwrap();
    }
    served.api.get("/healthz").await.unwrap();

    let text = std::fs::read_to_string(log).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let requests: Vec<&Value> = lines
        .iter()
        .filter(|line| line["target"] == "rehome::request")
        .collect();
    let operations: Vec<&str> = requests
        .iter()
        .map(|line| line["operation"].as_str().unwrap())
        .collect();
    assert_eq!(
        operations,
        ["AdminInitiateAuth", "AdminInitiateAuth", "healthz"],
        "{text}"
    );

    let fields = |line: &Value| -> BTreeSet<String> { line.as_object().unwrap().keys().cloned().collect() };
    let without = |names: &[&str]| {
        let mut fields = documented();
        // Where traces are sent there is one more.
        for name in names.iter().chain(&["trace.id"]) {
            assert!(fields.remove(*name));
        }
        fields
    };
    assert_eq!(fields(requests[1]), without(&[]));
    assert_eq!(fields(requests[0]), without(&["exception"]));
    assert_eq!(
        fields(requests[2]),
        without(&["exception", "user_pool.id", "app_client.id"])
    );
    assert_eq!(requests[1]["exception"], "NotAuthorizedException");
    assert_eq!(
        (&requests[1]["http.status"], &requests[1]["user_pool.id"]),
        (&json!(400), &json!(pair::OLD_POOL))
    );
    assert!(
        requests
            .iter()
            .all(|line| line["ms"].is_u64() && line["request.id"].as_str().unwrap().len() == 36)
    );
    assert!(
        !text.contains(pair::ANN) && !text.contains(pair::PASSWORD),
        "{text}"
    );
}
