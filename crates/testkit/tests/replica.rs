//! `--database-read-url`: pages of listings come from a replica, nothing else does, and they go on without it.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use store::{DatabaseUrl, PostgresSettings, PostgresStore};
use testkit::standbys::Standbys;
use testkit::{Options, TestServer};
use tokio::time::{sleep, timeout};

const POOL: &str = "us-east-1_Replica01";
const CLIENT: &str = "replicaclient";
const PASSWORD: &str = "Right-Password-1";

async fn call(server: &TestServer, operation: &str, body: Value) -> Value {
    let (status, answer) = server.api(operation, &body).await.unwrap();
    assert_eq!(status, 200, "{operation}: {answer}");
    answer
}

async fn make(server: &TestServer, name: &str) {
    let user = json!({ "UserPoolId": POOL, "Username": name });
    let with = |more: Value| {
        let mut body = user.clone();
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        body
    };
    call(
        server,
        "AdminCreateUser",
        with(json!({ "MessageAction": "SUPPRESS" })),
    )
    .await;
    let password = json!({ "Password": PASSWORD, "Permanent": true });
    call(server, "AdminSetUserPassword", with(password)).await;
    call(server, "AdminAddUserToGroup", with(json!({ "GroupName": "all" }))).await;
}

/// Those whom a page names.
async fn names(server: &TestServer, operation: &str) -> Vec<String> {
    let mut body = json!({ "UserPoolId": POOL });
    if operation == "ListUsersInGroup" {
        body["GroupName"] = json!("all");
    }
    let page = call(server, operation, body).await;
    let users = page["Users"].as_array().unwrap().iter();
    let mut names: Vec<_> = users
        .map(|user| user["Username"].as_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

/// Waits until both pages name these.
async fn until_listed(server: &TestServer, wanted: &[&str]) {
    let listed = async {
        for operation in ["ListUsers", "ListUsersInGroup"] {
            while names(server, operation).await != wanted {
                sleep(Duration::from_millis(50)).await;
            }
        }
    };
    let in_time = timeout(Duration::from_secs(30), listed).await;
    in_time.unwrap_or_else(|_| panic!("{wanted:?} are not listed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_as_old_as_the_replica_and_come_from_the_primary_without_it() {
    let standbys = Standbys::start().unwrap();
    standbys.create_database("pools").unwrap();
    let url = |text: String| DatabaseUrl::parse(&text).unwrap();
    let settings = PostgresSettings {
        read_url: Some(url(standbys.url_of(2, "pools"))),
        ..PostgresSettings::new(url(standbys.url("pools")))
    };
    let pools = format!(
        "[[user_pools]]\nid = \"{POOL}\"\n\
         app_clients = [{{ id = \"{CLIENT}\", explicit_auth_flows = [\"ALLOW_USER_PASSWORD_AUTH\"] }}]\n"
    );
    let server = TestServer::start(Options {
        pools,
        store: Some(Arc::new(PostgresStore::open(settings).await.unwrap())),
        ..Options::default()
    })
    .await
    .unwrap();
    call(
        &server,
        "CreateGroup",
        json!({ "UserPoolId": POOL, "GroupName": "all" }),
    )
    .await;
    make(&server, "early").await;
    until_listed(&server, &["early"]).await;

    // The standby goes on receiving, so that changes are acknowledged, and shows none of them.
    standbys
        .sql(2, "postgres", "SELECT pg_wal_replay_pause()")
        .unwrap();
    while standbys
        .sql(2, "postgres", "SELECT pg_get_wal_replay_pause_state()")
        .unwrap()
        != "paused"
    {
        sleep(Duration::from_millis(20)).await;
    }
    make(&server, "late").await;
    for operation in ["ListUsers", "ListUsersInGroup"] {
        assert_eq!(names(&server, operation).await, ["early"], "{operation}");
    }
    call(
        &server,
        "AdminGetUser",
        json!({ "UserPoolId": POOL, "Username": "late" }),
    )
    .await;
    let sign_in = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": CLIENT,
        "AuthParameters": { "USERNAME": "late", "PASSWORD": PASSWORD },
    });
    let tokens = call(&server, "InitiateAuth", sign_in).await;
    assert!(
        tokens["AuthenticationResult"]["AccessToken"].is_string(),
        "{tokens}"
    );
    standbys
        .sql(2, "postgres", "SELECT pg_wal_replay_resume()")
        .unwrap();
    until_listed(&server, &["early", "late"]).await;

    standbys.kill(2).unwrap();
    make(&server, "last").await;
    for operation in ["ListUsers", "ListUsersInGroup"] {
        assert_eq!(
            names(&server, operation).await,
            ["early", "last", "late"],
            "{operation}"
        );
    }
    standbys.take_back(2).unwrap();
    until_listed(&server, &["early", "last", "late"]).await;
    server.stop().await.unwrap();
}
