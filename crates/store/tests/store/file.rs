//! The file: how it is made, opened and refused.

use std::path::Path;

use pool::ports::Store;
use rusqlite::Connection;
use store::{OpenError, SqliteStore};

use crate::fixtures::{insert_pool, insert_user, login, pool_id, user, user_pool};
use crate::scratch::Scratch;

/// Makes a database with one user and closes it.
async fn make(path: &Path) {
    let store = SqliteStore::open(path).unwrap();
    let ann = insert_user(user(1, &pool_id(1), &[]), &["ann"]);
    store.commit(vec![insert_pool(user_pool(1)), ann]).await.unwrap();
}

/// What stands between a database and its opening.
fn refusal(path: &Path) -> OpenError {
    SqliteStore::open(path).map(drop).unwrap_err()
}

#[tokio::test]
async fn what_was_committed_is_there_after_reopening() {
    let scratch = Scratch::new();
    for _ in 0..3 {
        let store = SqliteStore::open(&scratch.database()).unwrap();
        if store.find_user_pool(&pool_id(1)).await.unwrap().is_none() {
            make(&scratch.database()).await;
        }
        assert!(
            store
                .find_user(&pool_id(1), &login("ann"))
                .await
                .unwrap()
                .is_some()
        );
    }
}

#[tokio::test]
async fn a_closed_store_is_one_file() {
    let scratch = Scratch::new();
    make(&scratch.database()).await;
    let files = std::fs::read_dir(scratch.database().parent().unwrap()).unwrap();
    let names: Vec<_> = files.map(|file| file.unwrap().file_name()).collect();
    assert_eq!(names, ["rehome.db"]);
}

#[tokio::test]
async fn a_write_that_was_handed_over_is_finished_before_the_store_closes() {
    let scratch = Scratch::new();
    let store = SqliteStore::open(&scratch.database()).unwrap();
    {
        // Polled once, so that the writer has it, and then left alone.
        let mut commit = store.commit(vec![insert_pool(user_pool(1))]);
        let _ = std::future::poll_fn(|context| std::task::Poll::Ready(commit.as_mut().poll(context))).await;
    }
    drop(store);
    let store = SqliteStore::open(&scratch.database()).unwrap();
    assert!(store.find_user_pool(&pool_id(1)).await.unwrap().is_some());
}

#[cfg(unix)]
#[tokio::test]
async fn the_files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new();
    let store = SqliteStore::open(&scratch.database()).unwrap();
    store.commit(vec![insert_pool(user_pool(1))]).await.unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let directory = scratch.database().parent().unwrap().to_owned();
    assert_eq!(mode(&directory), 0o700);
    let files: Vec<_> = std::fs::read_dir(directory)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    assert_eq!(files.len(), 3, "the database, its log and the log's index");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[tokio::test]
async fn a_commit_is_flushed_to_the_disk() {
    let scratch = Scratch::new();
    make(&scratch.database()).await;
    let connection = Connection::open(scratch.database()).unwrap();
    let mode: String = connection
        .pragma_query_value(None, "journal_mode", |row| row.get(0))
        .unwrap();
    assert_eq!(mode, "wal");
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let scratch = Scratch::new();
    let path = scratch.directory().join("letter.txt");
    std::fs::write(&path, "Dear Sir or Madam,\n".repeat(100)).unwrap();
    assert!(matches!(refusal(&path), OpenError::NotOurs { .. }));
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        "Dear Sir or Madam,\n".repeat(100)
    );
}

#[test]
fn a_database_of_another_application_is_refused() {
    let scratch = Scratch::new();
    let path = scratch.directory().join("other.db");
    Connection::open(&path)
        .unwrap()
        .execute_batch("CREATE TABLE album (title TEXT)")
        .unwrap();
    assert!(matches!(refusal(&path), OpenError::NotOurs { .. }));
}

#[tokio::test]
async fn a_database_of_a_newer_release_is_refused() {
    let scratch = Scratch::new();
    make(&scratch.database()).await;
    let connection = Connection::open(scratch.database()).unwrap();
    let newer = "INSERT INTO schema_migration VALUES (9999, '9999_what_is_to_come', '0')";
    connection.execute_batch(newer).unwrap();
    drop(connection);
    let refusal = refusal(&scratch.database());
    assert!(
        refusal
            .to_string()
            .contains("newer release (its tables are at 9999_what_is_to_come)"),
        "{refusal}"
    );
}

#[tokio::test]
async fn a_database_with_other_tables_is_refused() {
    let scratch = Scratch::new();
    make(&scratch.database()).await;
    let connection = Connection::open(scratch.database()).unwrap();
    connection
        .execute_batch("UPDATE schema_migration SET checksum = '0'")
        .unwrap();
    drop(connection);
    assert!(matches!(refusal(&scratch.database()), OpenError::Altered { .. }));
}

#[tokio::test]
async fn a_database_that_another_keeps_to_itself_is_told() {
    let scratch = Scratch::new();
    make(&scratch.database()).await;
    let connection = Connection::open(scratch.database()).unwrap();
    connection
        .execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT")
        .unwrap();
    assert!(matches!(refusal(&scratch.database()), OpenError::Locked { .. }));
    drop(connection);
    SqliteStore::open(&scratch.database()).unwrap();
}

#[test]
fn a_place_where_nothing_can_be_made_is_told() {
    let scratch = Scratch::new();
    let file = scratch.directory().join("file");
    std::fs::write(&file, "").unwrap();
    assert!(matches!(refusal(&file.join("rehome.db")), OpenError::File { .. }));
    assert!(matches!(refusal(scratch.directory()), OpenError::File { .. }));
}

#[tokio::test]
async fn two_stores_on_one_file_see_each_others_commits() {
    let scratch = Scratch::new();
    let one = SqliteStore::open(&scratch.database()).unwrap();
    let two = SqliteStore::open(&scratch.database()).unwrap();
    one.commit(vec![insert_pool(user_pool(1))]).await.unwrap();
    two.commit(vec![insert_user(user(1, &pool_id(1), &[]), &["ann"])])
        .await
        .unwrap();
    assert!(one.find_user(&pool_id(1), &login("ann")).await.unwrap().is_some());
}
