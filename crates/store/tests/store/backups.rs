//! Backups: whole, of one moment, beside servers that write.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use pool::ports::Store;
use rusqlite::Connection;
use store::SqliteStore;
use store::sqlite::{BackupError, BackupProgress, backup};

use crate::fixtures::{insert_pool, insert_user, login, pool_id, user, user_pool};
use crate::scratch::Scratch;

/// A store with a pool and these users.
async fn store_with(users: u32, path: &Path) -> Arc<SqliteStore> {
    let store = Arc::new(SqliteStore::open(path).unwrap());
    store.commit(vec![insert_pool(user_pool(1))]).await.unwrap();
    for first in (0..users).step_by(500) {
        let some = (first..users.min(first + 500)).map(new_user);
        store.commit(some.collect()).await.unwrap();
    }
    store
}

fn new_user(n: u32) -> pool::ports::Change {
    let email = format!("user{n}@example.com");
    insert_user(
        user(n, &pool_id(1), &[("email", &email)]),
        &[&format!("user{n}"), &email],
    )
}

/// A backup that nobody stops and whose progress nobody hears.
fn back_up(from: &Path, to: &Path) -> Result<store::sqlite::BackedUp, BackupError> {
    backup(from, to, &Arc::default(), &mut |_| {})
}

fn names_in(directory: &Path) -> Vec<String> {
    let files = std::fs::read_dir(directory).unwrap();
    let mut names: Vec<String> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_beside_a_writer_holds_one_moment_and_all_that_was_acknowledged_before() {
    let scratch = Scratch::new();
    let store = store_with(4000, &scratch.database()).await;
    let (next, stop) = (Arc::new(AtomicU32::new(4000)), Arc::new(AtomicBool::new(false)));
    let writing: Vec<_> = (0..4)
        .map(|_| {
            let (store, next, stop) = (store.clone(), next.clone(), stop.clone());
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    store.commit(vec![new_user(n)]).await.unwrap();
                }
            })
        })
        .collect();
    let to = scratch.directory().join("backup");
    let (from, copy) = (scratch.database(), to.clone());
    let seen = next.clone();
    // The copying goes on only while the writers do, so that both are under way at once.
    let backed_up = tokio::task::spawn_blocking(move || {
        backup(&from, &copy, &Arc::default(), &mut |progress| {
            let before = seen.load(Ordering::Relaxed);
            while matches!(progress, BackupProgress::Copied { .. })
                && seen.load(Ordering::Relaxed) < before + 20
            {
                std::thread::yield_now();
            }
        })
        .unwrap()
    });
    let backed_up = backed_up.await.unwrap();
    stop.store(true, Ordering::Relaxed);
    for writer in writing {
        writer.await.unwrap();
    }

    assert_eq!(names_in(scratch.directory()), ["backup", "data"]);
    assert!(backed_up.users >= 4000 && backed_up.users < u64::from(next.load(Ordering::Relaxed)));
    let copy = SqliteStore::open(&to).unwrap();
    for n in [0, 1234, 3999] {
        let found = copy
            .find_user(&pool_id(1), &login(&format!("user{n}")))
            .await
            .unwrap();
        assert!(found.is_some(), "user{n}");
    }
    drop(copy);
    let copy = Connection::open(&to).unwrap();
    let whole = "SELECT (SELECT COUNT(*) FROM pool_user) = (SELECT SUM(users) FROM user_count) \
                 AND 2 * (SELECT COUNT(*) FROM pool_user) = (SELECT COUNT(*) FROM login)";
    assert!(
        copy.query_row(whole, [], |row| row.get::<_, bool>(0)).unwrap(),
        "users, logins and counts belong to the same commits"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn a_backup_is_one_file_for_its_owner_alone_and_leaves_a_closed_database_closed() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new();
    drop(store_with(10, &scratch.database()).await);
    let to = scratch.directory().join("backup");
    let backed_up = back_up(&scratch.database(), &to).unwrap();
    let metadata = std::fs::metadata(&to).unwrap();
    assert_eq!((backed_up.users, backed_up.bytes), (10, metadata.len()));
    assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    assert_eq!(names_in(scratch.directory()), ["backup", "data"]);
    assert_eq!(names_in(&scratch.directory().join("data")), ["rehome.db"]);
}

#[tokio::test]
async fn what_is_there_is_not_overwritten() {
    let scratch = Scratch::new();
    let _store = store_with(10, &scratch.database()).await;
    let to = scratch.directory().join("backup");
    std::fs::write(&to, "the last good one").unwrap();
    let refused = back_up(&scratch.database(), &to).unwrap_err();
    assert!(matches!(refused, BackupError::Exists { .. }), "{refused}");
    assert_eq!(std::fs::read_to_string(&to).unwrap(), "the last good one");
    // Nor when it comes while the pages are copied.
    let late = scratch.directory().join("late");
    let refused = backup(&scratch.database(), &late, &Arc::default(), &mut |progress| {
        if progress == BackupProgress::Checking {
            std::fs::write(&late, "somebody was faster").unwrap();
        }
    });
    assert!(matches!(refused, Err(BackupError::Exists { .. })), "{refused:?}");
    assert_eq!(std::fs::read_to_string(&late).unwrap(), "somebody was faster");
    assert_eq!(names_in(scratch.directory()), ["backup", "data", "late"]);
}

#[tokio::test]
async fn a_backup_that_is_stopped_leaves_nothing() {
    let scratch = Scratch::new();
    let _store = store_with(4000, &scratch.database()).await;
    let to = scratch.directory().join("backup");
    for at_the_check in [false, true] {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = backup(&scratch.database(), &to, &stop.clone(), &mut |progress| {
            stop.store(
                (progress == BackupProgress::Checking) == at_the_check,
                Ordering::Relaxed,
            );
        });
        assert!(matches!(stopped, Err(BackupError::Stopped)), "{stopped:?}");
        assert_eq!(names_in(scratch.directory()), ["data"]);
    }
}

#[tokio::test]
async fn a_damaged_database_is_told_and_gives_no_backup() {
    let scratch = Scratch::new();
    drop(store_with(4000, &scratch.database()).await);
    let mut bytes = std::fs::read(scratch.database()).unwrap();
    // A page in the middle, all of it.
    let page = bytes.len() / 2 / 4096 * 4096;
    bytes[page..page + 4096].fill(0xA5);
    std::fs::write(scratch.database(), bytes).unwrap();
    let to = scratch.directory().join("backup");
    let refused = back_up(&scratch.database(), &to).unwrap_err();
    assert!(matches!(refused, BackupError::Damaged { .. }), "{refused}");
    assert!(refused.to_string().contains("restore the last"), "{refused}");
    assert_eq!(names_in(scratch.directory()), ["data"]);
}

#[tokio::test]
async fn what_is_no_database_or_has_no_place_is_told() {
    let scratch = Scratch::new();
    let letter = scratch.directory().join("letter");
    std::fs::write(&letter, "Dear Sir or Madam,\n".repeat(100)).unwrap();
    let to = scratch.directory().join("backup");
    let refused = back_up(&letter, &to).unwrap_err();
    assert!(matches!(refused, BackupError::Open(_)), "{refused}");
    let _store = store_with(10, &scratch.database()).await;
    let refused = back_up(&scratch.database(), &scratch.directory().join("no/where")).unwrap_err();
    assert!(matches!(refused, BackupError::Target { .. }), "{refused}");
}
