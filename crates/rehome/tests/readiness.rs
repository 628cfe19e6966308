//! `/readyz` of real servers: it says no when the work cannot be done, says why, and cannot be used to load the database.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod process;

use std::path::Path;
use std::time::Duration;

use pool::ports::SystemEntropy;
use pool::seal::MasterKey;
use process::Served;
use serde_json::json;
use tempfile::TempDir;
use testkit::postgres::{Cluster, Database};

/// A server on a database of PostgreSQL.
struct Node {
    served: Served,
    _folder: TempDir,
}

impl Node {
    fn on(database: &Database<'_>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name);
        let key = MasterKey::generate(&SystemEntropy);
        std::fs::write(file("master.key"), key.expose_base64().as_str()).unwrap();
        let key = file("master.key");
        let arguments = [
            "--database-url",
            &database.url(),
            "--master-key-file",
            key.to_str().unwrap(),
        ];
        let served = Served::start(&file("data"), &file("log"), arguments);
        Self {
            served,
            _folder: folder,
        }
    }
}

async fn readyz(served: &Served) -> (u16, String) {
    served.api.get("/readyz").await.unwrap()
}

/// Waits until `/readyz` says so. Each answer comes in time, whatever the database does.
async fn says(served: &Served, status: u16, text: &str) {
    let wanted = (status, text.to_owned());
    let mut last = (0, String::new());
    let said = tokio::time::timeout(Duration::from_mins(1), async {
        while last != wanted {
            let answer = tokio::time::timeout(Duration::from_secs(10), readyz(served));
            last = answer.await.expect("an answer in time");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    let said = said.await;
    assert!(said.is_ok(), "{last:?}, and never {wanted:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_database_a_server_is_alive_and_not_ready_and_with_it_ready_again() {
    let cluster = Cluster::start().unwrap();
    let database = cluster.database().unwrap();
    let node = Node::on(&database);
    says(&node.served, 200, "ok\n").await;
    cluster.stop().unwrap();
    says(&node.served, 503, "not ready: the database cannot be used\n").await;
    assert_eq!(node.served.api.get("/healthz").await.unwrap().0, 200);
    let (_, metrics) = node.served.api.get("/metrics").await.unwrap();
    assert!(metrics.contains("\nrehome_ready 0\n"), "{metrics}");
    cluster.restart().unwrap();
    says(&node.served, 200, "ok\n").await;
    let (_, metrics) = node.served.api.get("/metrics").await.unwrap();
    assert!(metrics.contains("\nrehome_ready 1\n"), "{metrics}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_takes_no_writes_is_not_enough() {
    let cluster = Cluster::start().unwrap();
    let database = cluster.database().unwrap();
    let node = Node::on(&database);
    says(&node.served, 200, "ok\n").await;
    let set = |to: &str| {
        cluster
            .sql(
                "postgres",
                &format!("ALTER SYSTEM SET default_transaction_read_only = {to}"),
            )
            .unwrap();
        cluster.sql("postgres", "SELECT pg_reload_conf()").unwrap();
    };
    set("on");
    says(&node.served, 503, "not ready: the database takes no writes\n").await;
    set("off");
    says(&node.served, 200, "ok\n").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_of_a_newer_release_end_readiness() {
    let database = Cluster::shared().unwrap().database().unwrap();
    let node = Node::on(&database);
    says(&node.served, 200, "ok\n").await;
    database
        .sql("INSERT INTO schema_migration VALUES (9999, '9999_without_users', 'x')")
        .unwrap();
    says(
        &node.served,
        503,
        "not ready: the database's tables are not this release's: 9999_without_users is a newer one's\n",
    )
    .await;
    database
        .sql("DELETE FROM schema_migration WHERE schema_migration_id = 9999")
        .unwrap();
    says(&node.served, 200, "ok\n").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_questions_are_few_for_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start::<&str>(&folder.path().join("data"), &folder.path().join("log"), []);
    let begun = std::time::Instant::now();
    for _ in 0..20 {
        let asked = (0..20).map(|_| {
            let api = served.api.clone();
            tokio::spawn(async move { api.get("/readyz").await.unwrap() })
        });
        for answer in asked.collect::<Vec<_>>() {
            assert_eq!(answer.await.unwrap(), (200, "ok\n".to_owned()));
        }
    }
    let (_, metrics) = served.api.get("/metrics").await.unwrap();
    let line = "rehome_store_read_duration_seconds_count{read=\"ready\"} ";
    let looks = metrics.lines().find_map(|found| found.strip_prefix(line));
    let looks: u64 = looks.expect("a look").parse().unwrap();
    assert!(
        looks >= 1 && looks <= begun.elapsed().as_secs() + 2,
        "{looks} looks for 400 questions"
    );
}

async fn ends(mut served: Served) -> Option<i32> {
    let ended = tokio::task::spawn_blocking(move || served.child.wait().unwrap());
    let ended = tokio::time::timeout(Duration::from_secs(30), ended).await;
    ended.expect("an end in time").unwrap().code()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_told_to_stop_is_not_ready_and_serves_on_for_the_time_to_drain() {
    let folder = tempfile::tempdir().unwrap();
    let start = |seconds: &str| {
        let log = folder.path().join("log");
        Served::start(
            &folder.path().join("data"),
            Path::new(&log),
            ["--drain-seconds", seconds],
        )
    };
    let served = start("300");
    says(&served, 200, "ok\n").await;
    served.terminate();
    says(&served, 503, "not ready: told to stop\n").await;
    assert_eq!(served.api.get("/healthz").await.unwrap().0, 200);
    // A connection of its own, which the listener has to take yet.
    let newcomer = rehome::api_client::ApiClient::new(&served.url).unwrap();
    let made = newcomer
        .call("CreateUserPool", &json!({ "PoolName": "late" }))
        .await
        .unwrap();
    assert_eq!(made.status, 200, "{made:?}");
    // A second signal does not wait.
    served.terminate();
    assert_eq!(ends(served).await, Some(0));

    let served = start("1");
    served.terminate();
    assert_eq!(ends(served).await, Some(0));
}
