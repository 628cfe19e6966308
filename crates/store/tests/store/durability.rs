//! A killed process loses nothing that it has acknowledged.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::Arc;

use pool::ports::Store;
use rusqlite::Connection;
use store::SqliteStore;

use crate::fixtures::{insert_pool, insert_user, login, pool_id, user, user_pool};
use crate::scratch::Scratch;

/// Tells this test binary that it is the process to be killed, and where its database is.
const DATABASE: &str = "STORE_TEST_DATABASE";

/// Tells it with which user to begin.
const FIRST: &str = "STORE_TEST_FIRST_USER";

/// How many tasks of it commit at once.
const TASKS: u32 = 8;

#[test]
fn an_acknowledged_user_survives_a_kill() {
    let scratch = Scratch::new();
    let mut acknowledged: Vec<u32> = Vec::new();
    for round in 0..12_u32 {
        // Uneven numbers of acknowledgements, so that each round ends at another moment of the writer's work; one
        // ends at the very first.
        let wanted = (round * 37 % 150 + 1) as usize;
        acknowledged.extend(killed_after(wanted, &scratch, round * 1_000_000));
        assert_all_there(&scratch, &acknowledged);
    }
}

/// Runs the process until it has acknowledged so many users, kills it, and gives all that it has acknowledged.
fn killed_after(wanted: usize, scratch: &Scratch, first: u32) -> Vec<u32> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "durability::the_process_that_is_killed", "--nocapture"])
        .env(DATABASE, scratch.database())
        .env(FIRST, first.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acknowledged = Vec::new();
    for line in lines {
        // The test harness writes lines of its own; the kill may cut the last of ours.
        let Some(number) = line
            .unwrap()
            .strip_prefix("committed ")
            .and_then(|n| n.strip_suffix('.')?.parse().ok())
        else {
            continue;
        };
        acknowledged.push(number);
        if acknowledged.len() == wanted {
            // What it has written by now but we have not read is read on.
            child.kill().unwrap();
        }
    }
    assert!(!child.wait().unwrap().success());
    assert!(acknowledged.len() >= wanted);
    acknowledged
}

fn assert_all_there(scratch: &Scratch, acknowledged: &[u32]) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let store = SqliteStore::open(&scratch.database()).unwrap();
    runtime.block_on(async {
        for n in acknowledged {
            let found = store
                .find_user(&pool_id(1), &login(&format!("user{n}")))
                .await
                .unwrap();
            assert_eq!(
                found,
                Some(user(*n, &pool_id(1), &[("email", "someone@example.com")]))
            );
        }
        assert!(store.estimate_users(&pool_id(1)).await.unwrap() >= acknowledged.len() as u64);
    });
    drop(store);
    let connection = Connection::open(scratch.database()).unwrap();
    let verdict: String = connection
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(verdict, "ok");
    let broken: i64 = connection
        .query_row("SELECT COUNT(*) FROM pragma_foreign_key_check", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(broken, 0);
    let counts = "SELECT (SELECT COUNT(*) FROM pool_user) = (SELECT SUM(users) FROM user_count) \
                  AND (SELECT COUNT(*) FROM pool_user) = (SELECT COUNT(*) FROM login)";
    let whole: bool = connection.query_row(counts, [], |row| row.get(0)).unwrap();
    assert!(whole, "users, logins and counts belong to the same commits");
}

/// No test but the process of the test above: commits users until it is killed.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the test above passes its arguments in the environment"
)]
fn the_process_that_is_killed() {
    let (Some(path), Ok(first)) = (std::env::var_os(DATABASE), std::env::var(FIRST)) else {
        return;
    };
    let first: u32 = first.parse().unwrap();
    let store = Arc::new(SqliteStore::open(path.as_ref()).unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap();
    runtime.block_on(async {
        if first == 0 {
            store.commit(vec![insert_pool(user_pool(1))]).await.unwrap();
        }
        let tasks: Vec<_> = (0..TASKS)
            .map(|task| tokio::spawn(commit_for_ever(store.clone(), first + task)))
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
}

async fn commit_for_ever(store: Arc<SqliteStore>, first: u32) {
    for n in (first..).step_by(TASKS as usize) {
        let new = user(n, &pool_id(1), &[("email", "someone@example.com")]);
        store
            .commit(vec![insert_user(new, &[&format!("user{n}")])])
            .await
            .unwrap();
        let mut output = std::io::stdout().lock();
        output.write_all(format!("committed {n}.\n").as_bytes()).unwrap();
        output.flush().unwrap();
    }
}
