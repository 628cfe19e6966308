//! `kill -9` at any moment loses nobody who was acknowledged.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod process;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use pool::ports::{Entropy as _, SystemEntropy};
use process::Served;
use rehome::api_client::ApiClient;
use serde_json::json;
use tempfile::tempdir;
use tokio::sync::Notify;
use tokio::task::JoinSet;

const POOL: &str = "us-east-1_Kill00001";
const CLIENT: &str = "web";
const WRITERS: usize = 6;
const ROUNDS: usize = 5;

/// Makes users until the server is gone; gives the names of those whose password was acknowledged.
async fn write(
    api: ApiClient,
    prefix: String,
    acknowledged: Arc<AtomicUsize>,
    progress: Arc<Notify>,
) -> Vec<String> {
    let mut names = Vec::new();
    loop {
        let name = format!("{prefix}-{}", names.len());
        let create = json!({ "UserPoolId": POOL, "Username": name, "MessageAction": "SUPPRESS" });
        let Ok(answer) = api.call("AdminCreateUser", &create).await else {
            return names;
        };
        assert_eq!(answer.status, 200, "{answer:?}");
        let set =
            json!({ "UserPoolId": POOL, "Username": name, "Password": password(&name), "Permanent": true });
        let Ok(answer) = api.call("AdminSetUserPassword", &set).await else {
            return names;
        };
        assert_eq!(answer.status, 200, "{answer:?}");
        names.push(name);
        acknowledged.fetch_add(1, Ordering::SeqCst);
        progress.notify_one();
    }
}

fn password(name: &str) -> String {
    format!("Password-of-{name}")
}

async fn signs_in(api: &ApiClient, name: &str) -> bool {
    let body = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": CLIENT,
        "AuthParameters": { "USERNAME": name, "PASSWORD": password(name) },
    });
    api.call("InitiateAuth", &body)
        .await
        .expect("an answer")
        .has_tokens()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_acknowledged_user_survives_kill_9() {
    let scratch = tempdir().unwrap();
    let (data, log) = (scratch.path().join("data"), scratch.path().join("log"));
    let pools = scratch.path().join("pools.toml");
    let text = format!(
        "[[user_pools]]\nid = \"{POOL}\"\n[[user_pools.app_clients]]\nid = \"{CLIENT}\"\n\
         explicit_auth_flows = [\"ALLOW_USER_PASSWORD_AUTH\"]\n"
    );
    std::fs::write(&pools, text).unwrap();
    let arguments = ["--pools", pools.to_str().unwrap()];
    let mut everybody: Vec<String> = Vec::new();
    for round in 0..ROUNDS {
        let mut served = Served::start(&data, &log, arguments);
        for name in &everybody {
            assert!(
                signs_in(&served.api, name).await,
                "{name} is gone in round {round}"
            );
        }
        let (acknowledged, progress) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            let prefix = format!("r{round}-w{writer}");
            writers.spawn(write(
                served.api.clone(),
                prefix,
                Arc::clone(&acknowledged),
                Arc::clone(&progress),
            ));
        }
        // At a moment that nobody has chosen: after so many acknowledgements, others being under way.
        let enough = 1 + SystemEntropy.digits(2).parse::<usize>().unwrap() / 2;
        while acknowledged.load(Ordering::SeqCst) < enough {
            tokio::select! {
                () = progress.notified() => {}
                Some(ended) = writers.join_next() => panic!("the server went by itself: {ended:?}"),
            }
        }
        served.child.kill().unwrap();
        while let Some(names) = writers.join_next().await {
            everybody.extend(names.unwrap());
        }
    }
    let served = Served::start(&data, &log, arguments);
    for name in &everybody {
        assert!(signs_in(&served.api, name).await, "{name} is gone at the end");
    }
    assert!(
        everybody.len() >= ROUNDS,
        "only {} users were made",
        everybody.len()
    );
}
