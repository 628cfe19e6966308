//! `rehome serve` on a database that is broken: told plainly, with what to do.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod process;

use std::path::Path;
use std::time::{Duration, Instant};

use process::{Served, rehome, run, text};
use serde_json::{Value, json};
use tempfile::tempdir;

const POOL: &str = "us-east-1_Damage001";
const PAGE: usize = 4096;

/// How long a server may take to find damage in a small file.
const PATIENCE: Duration = Duration::from_mins(1);

/// Makes a user with this name and gives status and error.
async fn create(served: &Served, name: &str) -> (u16, Value) {
    let body = json!({ "UserPoolId": POOL, "Username": name, "MessageAction": "SUPPRESS" });
    let answer = served.api.call("AdminCreateUser", &body).await.unwrap();
    (answer.status, answer.body["__type"].clone())
}

/// Makes a pool with users, and closes the database.
async fn make(data: &Path, log: &Path) {
    let pools = data.parent().unwrap().join("pools.toml");
    std::fs::write(&pools, format!("[[user_pools]]\nid = \"{POOL}\"\n")).unwrap();
    let served = Served::start(data, log, ["--pools", pools.to_str().unwrap()]);
    for n in 0..20 {
        assert_eq!(create(&served, &format!("known-user-{n}")).await.0, 200);
    }
    stop(served).await;
}

async fn stop(mut served: Served) {
    served.terminate();
    let ended = tokio::task::spawn_blocking(move || served.child.wait()).await;
    assert_eq!(ended.unwrap().unwrap().code(), Some(0));
}

/// Overwrites the head of the page that holds this text.
fn break_page_with(file: &Path, text: &str) {
    let mut bytes = std::fs::read(file).unwrap();
    let found = bytes.windows(text.len()).position(|part| part == text.as_bytes());
    let page = found.expect("the text is in the file") / PAGE * PAGE;
    bytes[page..page + 64].fill(0xA5);
    std::fs::write(file, bytes).unwrap();
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test waits for a condition, with a deadline"
)]
#[tokio::test(flavor = "multi_thread")]
async fn damage_after_a_crash_is_found_while_serving_and_nothing_is_written_to_it() {
    let scratch = tempdir().unwrap();
    let (data, log) = (scratch.path().join("data"), scratch.path().join("log"));
    make(&data, &log).await;
    let mut served = Served::start::<&str>(&data, &log, []);
    assert_eq!(served.api.get("/readyz").await.unwrap().0, 200);
    assert_eq!(create(&served, "late").await.0, 200);
    served.child.kill().unwrap();
    served.child.wait().unwrap();
    // In quotes: in the record of the user, not in an index that the last write has touched.
    break_page_with(&data.join("rehome.sqlite"), "\"known-user-7\"");

    let served = Served::start::<&str>(&data, &log, []);
    let began = Instant::now();
    let told = loop {
        let (status, told) = served.api.get("/readyz").await.unwrap();
        if status == 503 {
            break told;
        }
        assert!(began.elapsed() < PATIENCE, "the damage is not found");
    };
    assert!(
        told.contains("damaged") && told.contains("restore it from a backup"),
        "{told}"
    );
    assert_eq!(
        create(&served, "new").await,
        (500, json!("InternalErrorException"))
    );
    let log = std::fs::read_to_string(&log).unwrap();
    assert!(
        log.contains("the database is damaged: nothing more is written to it"),
        "{log}"
    );
    assert!(!log.contains("panicked"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_cannot_be_opened_is_told_with_what_to_do() {
    let scratch = tempdir().unwrap();
    let (data, log) = (scratch.path().join("data"), scratch.path().join("log"));
    make(&data, &log).await;
    let file = data.join("rehome.sqlite");
    let whole = std::fs::read(&file).unwrap();
    let mut overwritten = whole.clone();
    overwritten[..64].fill(0xA5);
    let letter = "Dear Sir or Madam,\n".repeat(200).into_bytes();
    for broken in [whole[..whole.len() / 2].to_vec(), overwritten, letter] {
        std::fs::write(&file, broken).unwrap();
        let data = data.to_str().unwrap();
        let output = run(rehome(["serve", "--listen", "127.0.0.1:0", "--data", data])).await;
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(
            told.contains("rehome.sqlite") && told.contains("restore"),
            "{told}"
        );
        assert!(!told.contains("panicked"), "{told}");
    }
}
