//! What only the inside can steer: which works share a transaction, a full disk, a panic.

use std::error::Error;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, mpsc};

use pool::ports::{Conflict, StoreError};
use rusqlite::Connection;

use super::connection::{open_reader, open_writer};
use super::writer::{Work, Writer};

/// A directory that goes with its test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(test: &str) -> Self {
        let name = format!("rehome-store-{test}-{}", std::process::id());
        let directory = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&directory).unwrap();
        Self(directory)
    }

    fn database(&self) -> PathBuf {
        self.0.join("rehome.db")
    }

    fn writer(&self) -> Writer {
        Writer::start(open_writer(&self.database()).unwrap()).unwrap()
    }

    /// The ids of the pools that are durable.
    fn pools(&self) -> Vec<String> {
        let connection = open_reader(&self.database()).unwrap();
        let mut statement = connection
            .prepare("SELECT user_pool_id FROM user_pool ORDER BY user_pool_id")
            .unwrap();
        statement
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A work that stores a pool.
fn insert(id: &'static str) -> Work {
    Box::new(move |connection| {
        insert_pool(connection, id, 2);
        Ok(())
    })
}

fn insert_pool(connection: &Connection, id: &str, length: usize) {
    let document = "x".repeat(length);
    try_insert_pool(connection, id, &document).unwrap();
}

fn try_insert_pool(connection: &Connection, id: &str, document: &str) -> rusqlite::Result<usize> {
    connection.execute(
        "INSERT INTO user_pool VALUES (?1, 'sensitive', 1, ?2)",
        [id, document],
    )
}

/// Runs the works in one group and gives their outcomes: the writer is kept busy until all of them wait.
async fn together(writer: &Writer, works: Vec<Work>) -> Vec<Result<(), StoreError>> {
    let (release, released) = mpsc::channel::<()>();
    let (occupied, is_occupied) = tokio::sync::oneshot::channel();
    let mut occupied = Some(occupied);
    let first = writer.run(Box::new(move |_| {
        occupied.take().unwrap().send(()).unwrap();
        released.recv().unwrap();
        Ok(())
    }));
    let mut first = std::pin::pin!(first);
    tokio::select! {
        biased;
        _ = &mut first => panic!("the writer does not wait"),
        _ = is_occupied => {}
    }
    let mut runs: Vec<_> = works.into_iter().map(|work| Box::pin(writer.run(work))).collect();
    for run in &mut runs {
        // Polled once, it stands in the queue.
        let poll = std::future::poll_fn(|context| std::task::Poll::Ready(run.as_mut().poll(context))).await;
        assert!(poll.is_pending());
    }
    release.send(()).unwrap();
    first.await.unwrap();
    let mut outcomes = Vec::new();
    for run in runs {
        outcomes.push(run.await);
    }
    outcomes
}

/// All texts of an error, the innermost last.
fn chain(error: &StoreError) -> String {
    let mut texts = vec![error.to_string()];
    let mut source = error.source();
    while let Some(error) = source {
        texts.push(error.to_string());
        source = error.source();
    }
    texts.join(": ")
}

#[tokio::test]
async fn a_work_that_fails_is_undone_alone() {
    let scratch = Scratch::new("alone");
    let writer = scratch.writer();
    let failing: Work = Box::new(|connection| {
        insert_pool(connection, "b", 2);
        Err(Conflict::IdTaken.into())
    });
    let outcomes = together(&writer, vec![insert("a"), failing, insert("c")]).await;
    assert!(matches!(
        outcomes[1],
        Err(StoreError::Conflict(Conflict::IdTaken))
    ));
    assert!(outcomes[0].is_ok() && outcomes[2].is_ok());
    assert_eq!(scratch.pools(), ["a", "c"]);
}

#[tokio::test]
async fn savepoints_are_set_only_once_a_work_has_failed() {
    let scratch = Scratch::new("savepoints");
    let writer = scratch.writer();
    let runs = Arc::new(AtomicU32::new(0));
    let counting = |id: &'static str| -> Work {
        let runs = Arc::clone(&runs);
        Box::new(move |connection| {
            runs.fetch_add(1, Ordering::Relaxed);
            insert_pool(connection, id, 2);
            Ok(())
        })
    };
    together(&writer, vec![counting("a"), counting("b")]).await;
    assert_eq!(runs.swap(0, Ordering::Relaxed), 2, "each once");
    let refused: Work = Box::new(|_| Err(Conflict::IdTaken.into()));
    let outcomes = together(&writer, vec![counting("c"), refused, counting("d")]).await;
    assert!(outcomes[0].is_ok() && outcomes[1].is_err() && outcomes[2].is_ok());
    assert_eq!(
        runs.swap(0, Ordering::Relaxed),
        3,
        "the first again, the last once"
    );
    assert_eq!(scratch.pools(), ["a", "b", "c", "d"]);
}

#[tokio::test]
async fn a_panic_undoes_its_work_and_the_writer_lives_on() {
    let scratch = Scratch::new("panic");
    let writer = scratch.writer();
    let panicking: Work = Box::new(|connection| {
        insert_pool(connection, "b", 2);
        panic!("as the test wants it");
    });
    let outcomes = together(&writer, vec![insert("a"), panicking, insert("c")]).await;
    assert!(matches!(outcomes[1], Err(StoreError::Failed(_))));
    assert!(outcomes[0].is_ok() && outcomes[2].is_ok());
    writer.run(insert("d")).await.unwrap();
    assert_eq!(scratch.pools(), ["a", "c", "d"]);
}

#[tokio::test]
async fn when_the_commit_fails_all_of_the_group_fail() {
    let scratch = Scratch::new("commit");
    let writer = scratch.writer();
    // An app client without its pool, which is looked at no earlier than at the COMMIT.
    let orphan: Work = Box::new(|connection| {
        let orphan =
            "PRAGMA defer_foreign_keys = ON; INSERT INTO app_client VALUES ('orphan', 'none', 1, '{}')";
        connection.execute_batch(orphan).unwrap();
        Ok(())
    });
    let refused: Work = Box::new(|_| Err(Conflict::IdTaken.into()));
    let outcomes = together(&writer, vec![insert("a"), orphan, refused, insert("c")]).await;
    for outcome in outcomes {
        let error = outcome.unwrap_err();
        assert!(matches!(error, StoreError::Failed(_)));
        assert!(
            chain(&error).contains("could not be made durable"),
            "{}",
            chain(&error)
        );
    }
    writer.run(insert("d")).await.unwrap();
    assert_eq!(scratch.pools(), ["d"]);
}

#[tokio::test]
async fn a_work_that_ends_the_transaction_fails_all_of_the_group() {
    let scratch = Scratch::new("ended");
    let writer = scratch.writer();
    let ending: Work = Box::new(|connection| {
        connection.execute_batch("ROLLBACK").unwrap();
        Ok(())
    });
    let outcomes = together(&writer, vec![insert("a"), ending, insert("c")]).await;
    assert!(outcomes.iter().all(Result::is_err));
    writer.run(insert("d")).await.unwrap();
    assert_eq!(scratch.pools(), ["d"]);
}

#[tokio::test]
async fn a_full_disk_fails_what_does_not_fit_and_reads_go_on() {
    let scratch = Scratch::new("full");
    let writer = scratch.writer();
    writer.run(insert("a")).await.unwrap();
    let no_room: Work = Box::new(|connection| {
        // As many pages as there are.
        connection
            .query_row("PRAGMA max_page_count = 1", [], |_| Ok(()))
            .unwrap();
        Ok(())
    });
    writer.run(no_room).await.unwrap();
    let large: Work = Box::new(|connection| {
        let written = try_insert_pool(connection, "large", &"x".repeat(100_000));
        written.map(drop).map_err(super::error::store_error)
    });
    let error = writer.run(large).await.unwrap_err();
    assert!(
        chain(&error).contains("the disk that holds the database is full"),
        "{}",
        chain(&error)
    );
    assert_eq!(scratch.pools(), ["a"]);

    let room: Work = Box::new(|connection| {
        connection
            .query_row("PRAGMA max_page_count = 100000", [], |_| Ok(()))
            .unwrap();
        Ok(())
    });
    writer.run(room).await.unwrap();
    writer.run(insert("b")).await.unwrap();
    assert_eq!(scratch.pools(), ["a", "b"]);
}

#[tokio::test]
async fn the_statements_walk_indexes() {
    use crate::session::Session as _;
    let scratch = Scratch::new("plans");
    let mut connection = open_writer(&scratch.database()).unwrap();
    let plans = [
        (
            "EXPLAIN QUERY PLAN SELECT sub FROM pool_user \
             WHERE user_pool_id = ?1 AND (email, sub) > (?2, ?3) AND email < ?5 ORDER BY email, sub LIMIT ?4",
            "pool_user_by_email",
        ),
        (
            "EXPLAIN QUERY PLAN SELECT sub FROM pool_user \
             WHERE user_pool_id = ?1 AND (user_status, sub) > (?2, ?3) ORDER BY user_status, sub LIMIT ?4",
            "pool_user_by_user_status",
        ),
        (
            "EXPLAIN QUERY PLAN SELECT sub FROM pool_user \
             WHERE user_pool_id = ?1 AND email = ?2 AND sub > ?3 ORDER BY sub LIMIT ?4",
            "pool_user_by_email",
        ),
    ];
    for (sql, index) in plans {
        let rows = super::session::SqliteSession(&mut connection)
            .rows(sql, &[])
            .await
            .unwrap();
        let plan: Vec<String> = rows.into_iter().map(|mut row| row.text(3).unwrap()).collect();
        let plan = plan.join("; ");
        assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{plan}");
    }
}

#[test]
fn a_statement_is_planned_once_whatever_is_bound() {
    let scratch = Scratch::new("planned");
    let writer = open_writer(&scratch.database()).unwrap();
    let reader = open_reader(&scratch.database()).unwrap();
    let statements = [
        "SELECT document FROM login JOIN pool_user USING (user_pool_id, sub) \
         WHERE login.user_pool_id = ?1 AND login.login_key = ?2",
        "SELECT document FROM pool_user WHERE user_pool_id = ?1 AND sub > ?2 ORDER BY sub LIMIT 60",
    ];
    for connection in [&reader, &writer] {
        for sql in statements {
            for n in 0..10 {
                let mut statement = connection.prepare_cached(sql).unwrap();
                assert!(
                    !statement
                        .exists([format!("pool{n}"), format!("user{n}")])
                        .unwrap()
                );
            }
            let statement = connection.prepare_cached(sql).unwrap();
            assert_eq!(
                statement.get_status(rusqlite::StatementStatus::RePrepare),
                0,
                "{sql}"
            );
        }
    }
}
