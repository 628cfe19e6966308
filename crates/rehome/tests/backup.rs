//! `rehome db backup` beside a server that is writing, and a server on what it made.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod process;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use process::{Served, rehome, run, text};
use rehome::api_client::ApiClient;
use serde_json::json;
use tempfile::tempdir;
use tokio::sync::Notify;
use tokio::task::JoinSet;

const POOL: &str = "us-east-1_Backup001";
const POOLS: &str = r#"
[[user_pools]]
id = "us-east-1_Backup001"
app_clients = [{ id = "web", explicit_auth_flows = ["ALLOW_USER_PASSWORD_AUTH"] }]
"#;

/// What a command says, and its exit status.
async fn told(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = run(rehome(arguments)).await;
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// What the writers have done.
#[derive(Default)]
struct Work {
    acknowledged: AtomicUsize,
    progress: Notify,
    ends: AtomicBool,
}

impl Work {
    /// Waits until so many more users are acknowledged.
    async fn more(&self, users: usize) {
        let wanted = self.acknowledged.load(Ordering::SeqCst) + users;
        while self.acknowledged.load(Ordering::SeqCst) < wanted {
            self.progress.notified().await;
        }
    }
}

/// Makes users with passwords until it is told to end.
async fn write(api: ApiClient, writer: usize, work: Arc<Work>) -> Vec<String> {
    let mut names = Vec::new();
    while !work.ends.load(Ordering::SeqCst) {
        let name = format!("w{writer}-{}", names.len());
        let create = json!({ "UserPoolId": POOL, "Username": name, "MessageAction": "SUPPRESS" });
        let answer = api.call("AdminCreateUser", &create).await.unwrap();
        assert_eq!(answer.status, 200, "{answer:?}");
        let set =
            json!({ "UserPoolId": POOL, "Username": name, "Password": password(&name), "Permanent": true });
        let answer = api.call("AdminSetUserPassword", &set).await.unwrap();
        assert_eq!(answer.status, 200, "{answer:?}");
        names.push(name);
        work.acknowledged.fetch_add(1, Ordering::SeqCst);
        work.progress.notify_one();
    }
    names
}

fn password(name: &str) -> String {
    format!("Password-of-{name}")
}

async fn signs_in(api: &ApiClient, name: &str) -> bool {
    let body = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": "web",
        "AuthParameters": { "USERNAME": name, "PASSWORD": password(name) },
    });
    api.call("InitiateAuth", &body).await.unwrap().has_tokens()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_restored_from_a_backup_knows_everybody_who_was_acknowledged_before() {
    let scratch = tempdir().unwrap();
    let (data, log) = (scratch.path().join("data"), scratch.path().join("log"));
    let pools = scratch.path().join("pools.toml");
    std::fs::write(&pools, POOLS).unwrap();
    let served = Served::start(&data, &log, ["--pools", pools.to_str().unwrap()]);
    // Made before the backup; the writers below go on through it.
    let before = Arc::new(Work::default());
    before.ends.store(false, Ordering::SeqCst);
    let mut writers = JoinSet::new();
    writers.spawn(write(served.api.clone(), 0, Arc::clone(&before)));
    before.more(20).await;
    before.ends.store(true, Ordering::SeqCst);
    let known = writers.join_next().await.unwrap().unwrap();
    let meanwhile = Arc::new(Work::default());
    for writer in 1..4 {
        writers.spawn(write(served.api.clone(), writer, Arc::clone(&meanwhile)));
    }
    meanwhile.more(3).await;

    let backup = scratch.path().join("monday.sqlite");
    let (from, to) = (data.to_str().unwrap(), backup.to_str().unwrap());
    let (status, said, errors) = told(&["db", "backup", "--data", from, "--to", to]).await;
    assert_eq!(status, Some(0), "{errors}");
    assert!(
        said.contains("is whole") && said.contains("keep a copy of master.key"),
        "{said}"
    );
    assert!(
        errors.contains("copying") && errors.contains("checking"),
        "{errors}"
    );
    // The server has not minded.
    meanwhile.more(3).await;
    meanwhile.ends.store(true, Ordering::SeqCst);
    while let Some(ended) = writers.join_next().await {
        ended.unwrap();
    }
    let (status, _, errors) = told(&["db", "backup", "--data", from, "--to", to]).await;
    assert_eq!(status, Some(1), "{errors}");
    assert!(errors.contains("is there already"), "{errors}");

    let restored = scratch.path().join("restored");
    std::fs::create_dir(&restored).unwrap();
    std::fs::copy(&backup, restored.join("rehome.sqlite")).unwrap();
    std::fs::copy(data.join("master.key"), restored.join("master.key")).unwrap();
    drop(served);
    let restored = Served::start::<&str>(&restored, &log, []);
    for name in &known {
        assert!(signs_in(&restored.api, name).await, "{name} is not in the backup");
    }
}

#[tokio::test]
async fn what_cannot_be_backed_up_is_told_with_what_to_do() {
    let scratch = tempdir().unwrap();
    let to = scratch.path().join("backup");
    let to = to.to_str().unwrap();
    let postgres = "postgres://ann:s3cret@localhost/pools";
    let (status, _, errors) = told(&["db", "backup", "--database-url", postgres, "--to", to]).await;
    assert_eq!(status, Some(2), "{errors}");
    assert!(
        errors.contains("pg_dump") && errors.contains("pg_basebackup"),
        "{errors}"
    );
    assert!(!errors.contains("s3cret"), "{errors}");
    let (status, _, errors) = told(&["db", "backup", "--data", "nowhere", "--to", to]).await;
    assert_eq!(status, Some(2), "{errors}");
    assert!(errors.contains("holds no pools"), "{errors}");
    assert!(!Path::new(to).exists());
}
