//! The pools file: made once, kept ever after.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod process;

use std::fs;

use process::{Served, rehome, run};
use rehome::pools_file::{Kind, PoolsFile, Report, apply};
use serde_json::json;
use tempfile::tempdir;
use testkit::{Options, TestServer, pair};

async fn again(server: &TestServer, text: &str) -> Report {
    let file = PoolsFile::parse("pools.toml", text, &mut Vec::new()).expect("a sound file");
    apply(server.service(), file)
        .await
        .expect("the file can be applied")
}

fn counts(report: &Report) -> ([usize; 3], [usize; 3]) {
    (
        Kind::ALL.map(|kind| report.made(kind)),
        Kind::ALL.map(|kind| report.kept(kind)),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_keeps_everything() {
    let server = TestServer::start(Options::old_and_new()).await.unwrap();
    assert_eq!(counts(server.report()), ([2, 3, 6], [0, 0, 0]));
    let listed = json!({ "UserPoolId": pair::OLD_POOL });
    let before = server.api("ListUsers", &listed).await.unwrap();
    let report = again(&server, &pair::pools_file()).await;
    assert_eq!(counts(&report), ([0, 0, 0], [2, 3, 6]));
    assert_eq!(report.differences(), []);
    assert_eq!(server.api("ListUsers", &listed).await.unwrap(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_custom_sender_is_a_table() {
    let config = json!({
        "CustomSMSSender": {
            "LambdaVersion": "V1_0", "LambdaArn": "arn:aws:lambda:us-east-1:000000000000:function:Sender",
        },
        "KMSKeyID": "arn:aws:kms:us-east-1:000000000000:key/1",
    });
    let pools = "[[user_pools]]\nid = \"us-east-1_Senders01\"\n[user_pools.lambda_config]\n\
         KMSKeyID = \"arn:aws:kms:us-east-1:000000000000:key/1\"\n\
         CustomSMSSender = { LambdaVersion = \"V1_0\", LambdaArn = \"arn:aws:lambda:us-east-1:000000000000:function:Sender\" }\n";
    let options = Options {
        pools: pools.to_owned(),
        ..Options::default()
    };
    let server = TestServer::start(options).await.unwrap();
    let body = json!({ "UserPoolId": "us-east-1_Senders01" });
    let (_, described) = server.api("DescribeUserPool", &body).await.unwrap();
    assert_eq!(described["UserPool"]["LambdaConfig"], config);
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_as_the_file_has_them() {
    let server = TestServer::start(Options::old_and_new()).await.unwrap();
    let rows = [
        ("ann@example.com", "CONFIRMED", true),
        ("cleo@example.com", "CONFIRMED", false),
        ("dan@example.com", "RESET_REQUIRED", true),
        ("fay@example.com", "FORCE_CHANGE_PASSWORD", true),
    ];
    for (username, status, enabled) in rows {
        let body = json!({ "UserPoolId": pair::OLD_POOL, "Username": username });
        let (_, user) = server.api("AdminGetUser", &body).await.unwrap();
        assert_eq!(
            (user["UserStatus"].as_str(), user["Enabled"].as_bool()),
            (Some(status), Some(enabled)),
            "{username}"
        );
    }
    let body = json!({ "UserPoolId": pair::OLD_POOL, "Username": "eve@example.com" });
    let (_, eve) = server.api("AdminGetUser", &body).await.unwrap();
    assert_eq!(eve["UserMFASettingList"], json!(["SMS_MFA"]), "{eve}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_differs_is_told_by_its_keys_and_stays() {
    let file = |visits: &str, password: &str, name: &str| {
        format!(
            "[[user_pools]]\nid = \"us-east-1_A\"\nname = \"{name}\"\ncustom_attributes = [\"visits\"]\n\
             [[user_pools.app_clients]]\nid = \"web\"\nexplicit_auth_flows = [\"ALLOW_USER_PASSWORD_AUTH\"]\n\
             [[user_pools.users]]\nusername = \"ann\"\npassword = \"{password}\"\nattributes = {{ \"custom:visits\" = {visits} }}\n"
        )
    };
    let pools = file("1", "Right-Password-1", "a");
    let server = TestServer::start(Options {
        pools,
        ..Options::default()
    })
    .await
    .unwrap();
    let report = again(&server, &file("2", "Other-Password-2", "b")).await;
    let told: Vec<_> = report.differences().iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "user_pools[0] differs in name",
            "user_pools[0].users[0] differs in attributes, password",
        ]
    );
    let sign_in = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": "web",
        "AuthParameters": { "USERNAME": "ann", "PASSWORD": "Right-Password-1" },
    });
    let (status, answer) = server.api("InitiateAuth", &sign_in).await.unwrap();
    assert_eq!(status, 200, "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_look_of_the_pages_is_made_where_there_is_none_and_kept() {
    let folder = tempdir().unwrap();
    let (style, logo) = (folder.path().join("style.css"), folder.path().join("logo.png"));
    fs::write(&style, ".label-customizable { color: #123456 }\n").unwrap();
    fs::write(&logo, b"\x89PNG\r\n\x1a\nlogo").unwrap();
    let file = |of_all: &str, own: &str| {
        format!(
            "[[user_pools]]\nid = \"us-east-1_A\"\n{of_all}\n[[user_pools.app_clients]]\nid = \"web\"\n{own}\n\
             [[user_pools.app_clients]]\nid = \"other\"\n"
        )
    };
    let of_all = format!(
        "ui_customization = {{ css_file = {:?}, image_file = {:?} }}",
        style.display().to_string(),
        logo.display().to_string()
    );
    let own = "ui_customization = { css = \".label-customizable { color: red }\" }";
    // One table comes with the file, the other later.
    let server = TestServer::start(Options {
        pools: file(&of_all, ""),
        ..Options::default()
    })
    .await
    .unwrap();
    let look = async |client: &str| {
        let body = json!({ "UserPoolId": "us-east-1_A", "ClientId": client });
        let (status, answer) = server.api("GetUICustomization", &body).await.unwrap();
        assert_eq!(status, 200, "{answer}");
        answer["UICustomization"].clone()
    };
    let ours = look("web").await;
    assert_eq!(ours["CSS"], ".label-customizable { color: #123456 }");
    let path = format!("{}/pages/us-east-1_A/-/", server.url());
    assert!(ours["ImageUrl"].as_str().unwrap().starts_with(&path), "{ours}");
    assert_eq!(again(&server, &file(&of_all, own)).await.differences(), []);
    assert_eq!(look("web").await["CSS"], ".label-customizable { color: red }");
    assert_eq!(look("other").await["ClientId"], "ALL");
    // What is there stays, and is told.
    fs::write(&logo, b"\x89PNG\r\n\x1a\nanother").unwrap();
    let report = again(&server, &file(&of_all, own)).await;
    let told: Vec<_> = report.differences().iter().map(ToString::to_string).collect();
    assert_eq!(told, ["user_pools[0] differs in ui_customization"]);
    assert_eq!(look("other").await["ImageUrl"], ours["ImageUrl"]);
    // What is not allowed is refused at its place.
    let bad = PoolsFile::parse(
        "p.toml",
        &file("ui_customization = { css = \"body {}\" }", "").replace("_A", "_B"),
        &mut Vec::new(),
    );
    let refused = apply(server.service(), bad.unwrap()).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "p.toml: user_pools[0]: CSS is not allowed: body"
    );
    let mut problems = Vec::new();
    PoolsFile::parse(
        "p.toml",
        &file("ui_customization = { image_file = \"/nowhere\" }", ""),
        &mut problems,
    );
    assert!(
        problems[0]
            .to_string()
            .starts_with("p.toml: user_pools[0].ui_customization.image_file: /nowhere cannot be read")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_added_to_the_file_is_made_beside_what_is_there() {
    let first = "[[user_pools]]\nid = \"us-east-1_A\"\n";
    let server = TestServer::start(Options {
        pools: first.to_owned(),
        ..Options::default()
    })
    .await
    .unwrap();
    let more = format!("{first}[[user_pools.users]]\nusername = \"ann\"\npassword = \"Right-Password-1\"\n");
    assert_eq!(counts(&again(&server, &more).await), ([0, 0, 1], [1, 0, 0]));
    assert_eq!(counts(&again(&server, &more).await), ([0, 0, 0], [1, 0, 1]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_work_as_they_stand() {
    let scratch = tempdir().unwrap();
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");
    let (pools, functions) = (
        format!("{examples}/pools.toml"),
        format!("{examples}/functions.toml"),
    );
    let served = Served::start(
        &scratch.path().join("data"),
        &scratch.path().join("log"),
        ["--pools", &pools, "--functions", &functions],
    );
    let user = json!({ "UserPoolId": "us-east-1_OldPool01", "Username": "eve@example.com" });
    let eve = served.api.call("AdminGetUser", &user).await.unwrap();
    assert_eq!(eve.attribute("sub"), Some("64684428-c021-7049-51b0-d218e66ffecd"));
    drop(served);
    drop(Served::start(
        &scratch.path().join("data"),
        &scratch.path().join("log"),
        ["--pools", &pools],
    ));
    let log = fs::read_to_string(scratch.path().join("log")).unwrap();
    assert!(
        log.contains("made 2 user pools, 3 app clients, 5 users; kept nothing"),
        "{log}"
    );
    assert!(
        log.contains("made nothing; kept 2 user pools, 3 app clients, 5 users"),
        "{log}"
    );
    assert!(!log.contains("differs"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_cannot_be_made_is_told_by_its_place() {
    let scratch = tempdir().unwrap();
    let pools = scratch.path().join("pools.toml");
    let text = "[[user_pools]]\nid = \"us-east-1_A\"\n[[user_pools.users]]\nusername = \"ann\"\npassword = \"canary\"\n\
                attributes = { \"custom:plan\" = \"gold\" }";
    fs::write(&pools, text).unwrap();
    let data = scratch.path().join("data");
    let mut command = rehome([
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--data",
        data.to_str().unwrap(),
    ]);
    command.args(["--pools", pools.to_str().unwrap()]);
    let output = run(command).await;
    assert_eq!(output.status.code(), Some(1));
    let told = process::text(&output.stderr);
    assert!(
        told.contains("pools.toml: user_pools[0].users[0]: ") && told.contains("custom:plan"),
        "{told}"
    );
    assert!(!told.contains("canary"), "{told}");
}
