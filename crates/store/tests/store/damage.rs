//! Files that are broken, and what is done after a run that has not ended by itself.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use pool::ports::Store;
use rusqlite::Connection;
use store::sqlite::Check;
use store::{OpenError, SqliteStore};

use crate::fixtures::{insert_pool, insert_user, login, pool_id, user, user_pool};
use crate::scratch::Scratch;

const PAGE: usize = 4096;

/// How long a check of a small file may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// A closed database with a pool and some thousand users.
async fn make(path: &Path) {
    let store = SqliteStore::open(path).unwrap();
    store.commit(vec![insert_pool(user_pool(1))]).await.unwrap();
    let users = (0..3000).map(|n| insert_user(user(n, &pool_id(1), &[]), &[&format!("user{n}")]));
    store.commit(users.collect()).await.unwrap();
}

/// The files as a crash leaves them: the log has something in it and nobody has closed anything.
async fn crashed(scratch: &Scratch) -> PathBuf {
    make(&scratch.database()).await;
    let store = SqliteStore::open(&scratch.database()).unwrap();
    let late = insert_user(user(5000, &pool_id(1), &[]), &["late"]);
    store.commit(vec![late]).await.unwrap();
    let copy = scratch.directory().join("crashed.db");
    let log = |path: &Path| PathBuf::from(format!("{}-wal", path.display()));
    std::fs::copy(scratch.database(), &copy).unwrap();
    std::fs::copy(log(&scratch.database()), log(&copy)).unwrap();
    copy
}

/// Overwrites what is at `offset`.
fn overwrite(path: &Path, offset: usize, length: usize) {
    let mut bytes = std::fs::read(path).unwrap();
    bytes[offset..offset + length].fill(0xA5);
    std::fs::write(path, bytes).unwrap();
}

/// The root page of the table of users.
fn root_of_users(path: &Path) -> usize {
    let sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'pool_user'";
    let connection = Connection::open(path).unwrap();
    let page: i64 = connection.query_row(sql, [], |row| row.get(0)).unwrap();
    usize::try_from(page).unwrap()
}

/// What the check says in the end.
#[expect(
    clippy::disallowed_methods,
    reason = "a test waits for a condition, with a deadline"
)]
fn checked(store: &SqliteStore) -> Check {
    let began = Instant::now();
    loop {
        match store.check() {
            Check::UnderWay => assert!(began.elapsed() < PATIENCE, "the check does not end"),
            ended => return ended,
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[tokio::test]
async fn a_file_that_was_cut_off_is_told_with_its_name_and_what_to_do() {
    let scratch = Scratch::new();
    make(&scratch.database()).await;
    let length = std::fs::metadata(scratch.database()).unwrap().len();
    let file = std::fs::File::options()
        .write(true)
        .open(scratch.database())
        .unwrap();
    for kept in [length - 4096, length / 2, 5000, 600] {
        file.set_len(kept).unwrap();
        let refusal = SqliteStore::open(&scratch.database()).map(drop).unwrap_err();
        assert!(
            matches!(refusal, OpenError::Damaged { .. } | OpenError::NotOurs { .. }),
            "{kept}: {refusal}"
        );
        let text = refusal.to_string();
        assert!(text.contains("rehome.db") && text.contains("restore"), "{text}");
    }
}

#[tokio::test]
async fn a_file_whose_beginning_is_overwritten_is_told_with_what_to_do() {
    let scratch = Scratch::new();
    make(&scratch.database()).await;
    overwrite(&scratch.database(), 0, 50);
    let refusal = SqliteStore::open(&scratch.database()).map(drop).unwrap_err();
    assert!(matches!(refusal, OpenError::NotOurs { .. }), "{refusal}");
    assert!(refusal.to_string().contains("restore a backup"), "{refusal}");
}

#[tokio::test]
async fn after_a_clean_end_nothing_is_checked() {
    let scratch = Scratch::new();
    make(&scratch.database()).await;
    let store = SqliteStore::open_checked(&scratch.database()).unwrap();
    assert_eq!(store.check(), Check::NotNeeded);
    assert!(store.ready().await.is_ok());
}

#[tokio::test]
async fn after_a_crash_a_whole_file_is_checked_while_it_is_written() {
    let scratch = Scratch::new();
    let path = crashed(&scratch).await;
    let store = SqliteStore::open_checked(&path).unwrap();
    assert!(
        store
            .find_user(&pool_id(1), &login("late"))
            .await
            .unwrap()
            .is_some()
    );
    let new = insert_user(user(6000, &pool_id(1), &[]), &["new"]);
    store.commit(vec![new]).await.unwrap();
    assert_eq!(checked(&store), Check::Whole);
    assert!(store.ready().await.is_ok());
    drop(store);
    // Closed by itself, it is not checked again.
    let store = SqliteStore::open_checked(&path).unwrap();
    assert_eq!(store.check(), Check::NotNeeded);
}

#[tokio::test]
async fn after_a_crash_damage_is_found_and_no_more_is_written() {
    let scratch = Scratch::new();
    let path = crashed(&scratch).await;
    let root = root_of_users(&scratch.database());
    // Its cells point anywhere now.
    overwrite(&path, (root - 1) * PAGE + 12, 200);
    let store = SqliteStore::open_checked(&path).unwrap();
    let Check::Damaged(_) = checked(&store) else {
        panic!("{:?}", store.check());
    };
    let fault = store.ready().await.unwrap_err().to_string();
    assert!(fault.contains("restore it from a backup"), "{fault}");
    let new = insert_user(user(6000, &pool_id(1), &[]), &["new"]);
    let refused = store.commit(vec![new]).await.unwrap_err();
    assert!(matches!(refused, pool::ports::StoreError::Failed(_)));
    // What can be read is.
    assert!(store.find_user_pool(&pool_id(1)).await.unwrap().is_some());
    let unreadable = store.find_user(&pool_id(1), &login("user7")).await.unwrap_err();
    let reason = std::error::Error::source(&unreadable).unwrap().to_string();
    assert!(reason.contains("damaged"), "{reason}");
}

#[tokio::test]
async fn a_store_that_closes_ends_its_check() {
    let scratch = Scratch::new();
    let path = crashed(&scratch).await;
    drop(SqliteStore::open_checked(&path).unwrap());
    assert!(
        !Path::new(&format!("{}-wal", path.display())).exists(),
        "it is closed"
    );
}
