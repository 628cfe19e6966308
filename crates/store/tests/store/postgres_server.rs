//! What is PostgreSQL's own: how a database is refused, what becomes of lost connections, what its tables compare by.

use pool::ports::{Change, Store, StoreError};
use store::postgres::ConnectError;
use store::{PostgresSettings, PostgresStore};

use crate::fixtures::{insert_pool, insert_user, login, pool_id, user, user_pool};
use crate::on_postgres::{database, open, settings};
use crate::postgres::{Cluster, PASSWORD, USER};

/// What stands between a database and its opening.
async fn refusal(url: &str) -> ConnectError {
    open(url).await.map(drop).unwrap_err()
}

/// The URL of a database by TCP.
fn by_tcp(cluster: &Cluster, password: &str, database: &str) -> String {
    let password = password
        .replace(' ', "%20")
        .replace('/', "%2F")
        .replace('@', "%40");
    format!(
        "postgres://{USER}:{password}@127.0.0.1:{}/{database}",
        cluster.port()
    )
}

#[tokio::test]
async fn a_password_with_any_characters_opens_the_database_and_a_wrong_one_is_told() {
    let (cluster, database) = (Cluster::shared().unwrap(), database());
    open(&by_tcp(cluster, PASSWORD, database.name())).await.unwrap();
    let refusal = refusal(&by_tcp(cluster, "wr0ng", database.name())).await;
    assert!(
        matches!(refusal, ConnectError::WrongPassword { .. }),
        "{refusal:?}"
    );
    assert!(!format!("{refusal:?} {refusal}").contains("wr0ng"));
}

#[tokio::test]
async fn a_database_that_is_not_there_is_told_with_the_statement_that_makes_it() {
    let refusal = refusal(&Cluster::shared().unwrap().url("nowhere")).await;
    assert!(
        refusal
            .to_string()
            .contains("CREATE DATABASE nowhere OWNER rehome"),
        "{refusal}"
    );
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told() {
    // A port that nobody listens on: it was free, and is kept from others until the end.
    let held = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = held.local_addr().unwrap().port();
    drop(held);
    let refusal = refusal(&format!("postgres://ann@127.0.0.1:{port}/pools")).await;
    assert!(matches!(refusal, ConnectError::Unreachable { .. }), "{refusal:?}");
}

#[tokio::test]
async fn another_encoding_is_refused() {
    let cluster = Cluster::shared().unwrap();
    let words = "ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'";
    let database = cluster.database_with(words).unwrap();
    let refusal = refusal(&database.url()).await;
    assert!(
        matches!(&refusal, ConnectError::Encoding { encoding, .. } if encoding == "LATIN1"),
        "{refusal:?}"
    );
}

#[tokio::test]
async fn a_user_who_may_make_no_tables_is_told_so() {
    let database = database();
    let name = database.name();
    database
        .sql(&format!("ALTER DATABASE {name} OWNER TO postgres"))
        .unwrap();
    let refusal = refusal(&database.url()).await;
    assert!(matches!(refusal, ConnectError::NotAllowed { .. }), "{refusal:?}");
}

#[tokio::test]
async fn tables_of_a_newer_release_are_used_only_where_they_were_expanded() {
    let database = database();
    drop(open(&database.url()).await.unwrap());
    database
        .sql("INSERT INTO schema_migration VALUES (9998, '9998_expand_what_is_to_come', '0')")
        .unwrap();
    drop(open(&database.url()).await.unwrap());
    database
        .sql("INSERT INTO schema_migration VALUES (9999, '9999_contract_it', '0')")
        .unwrap();
    let newer = refusal(&database.url()).await;
    assert!(
        matches!(&newer, ConnectError::Newer { migration, .. } if migration == "9999_contract_it"),
        "{newer:?}"
    );
}

#[tokio::test]
async fn other_tables_are_refused() {
    let database = database();
    drop(open(&database.url()).await.unwrap());
    database
        .sql("UPDATE schema_migration SET checksum = '0'")
        .unwrap();
    let altered = refusal(&database.url()).await;
    assert!(matches!(altered, ConnectError::Altered { .. }), "{altered:?}");
}

#[tokio::test]
async fn tables_that_may_not_be_changed_are_told_to_lack_a_step() {
    let database = database();
    let checked_only = || PostgresSettings {
        migrate: false,
        ..settings(&database.url())
    };
    let behind = PostgresStore::open(checked_only()).await.map(drop).unwrap_err();
    assert!(
        matches!(&behind, ConnectError::Behind { migration, .. } if migration.starts_with("0001_")),
        "{behind:?}"
    );
    drop(open(&database.url()).await.unwrap());
    PostgresStore::open(checked_only()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_start_at_once_make_the_tables_once() {
    let database = database();
    let nodes: Vec<_> = (0..6)
        .map(|_| {
            let url = database.url();
            tokio::spawn(async move { open(&url).await.map(drop) })
        })
        .collect();
    for node in nodes {
        node.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn all_text_is_compared_byte_by_byte() {
    let database = database();
    drop(open(&database.url()).await.unwrap());
    let otherwise = database
        .sql(
            "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
             JOIN pg_collation o ON o.oid = a.attcollation \
             WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND o.collname <> 'C'",
        )
        .unwrap();
    assert_eq!(otherwise, "");
    let texts = database
        .sql("SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'text'")
        .unwrap();
    assert!(texts.parse::<u32>().unwrap() > 30, "{texts}");
}

#[tokio::test]
async fn the_statements_walk_indexes() {
    let database = database();
    drop(open(&database.url()).await.unwrap());
    let plans = [
        ("email = 'a' AND sub > '' ORDER BY sub", "pool_user_by_email"),
        (
            "(email, sub) > ('a', '') AND email < 'b' ORDER BY email, sub",
            "pool_user_by_email",
        ),
        (
            "(email, sub) > ('', '') AND email IS NOT NULL ORDER BY email, sub",
            "pool_user_by_email",
        ),
        (
            "(user_status, sub) > ('', '') AND user_status IS NOT NULL ORDER BY user_status, sub",
            "pool_user_by_user_status",
        ),
    ];
    for (condition, index) in plans {
        let plan = database
            .sql(&format!(
                "SET enable_seqscan = off; SET enable_sort = off; EXPLAIN SELECT sub FROM pool_user \
                 WHERE user_pool_id = 'p' AND {condition} LIMIT 60"
            ))
            .unwrap();
        assert!(plan.contains(index) && !plan.contains("Sort"), "{plan}");
    }
}

/// Ends all connections to a database but the one that does it.
fn cut_connections(database: &crate::postgres::Database<'_>) {
    let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    assert_ne!(database.sql(sql).unwrap(), "0");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lost_connections_are_made_again() {
    let database = database();
    let store = open(&database.url()).await.unwrap();
    store.commit(vec![insert_pool(user_pool(1))]).await.unwrap();
    for n in 0..5 {
        for _ in 0..8 {
            assert!(store.find_user_pool(&pool_id(1)).await.unwrap().is_some());
        }
        cut_connections(&database);
        let ann = insert_user(user(n, &pool_id(1), &[]), &[&format!("user{n}")]);
        store.commit(vec![ann]).await.unwrap();
        assert!(store.find_user_pool(&pool_id(1)).await.unwrap().is_some());
    }
    assert_eq!(store.estimate_users(&pool_id(1)).await.unwrap(), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_caller_has_gone_is_finished() {
    let database = database();
    let store = open(&database.url()).await.unwrap();
    {
        let mut commit = store.commit(vec![insert_pool(user_pool(1))]);
        let _ = std::future::poll_fn(|context| std::task::Poll::Ready(commit.as_mut().poll(context))).await;
    }
    while store.find_user_pool(&pool_id(1)).await.unwrap().is_none() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_too_long_for_a_lock_may_try_again() {
    let database = database();
    let store = open(&database.url()).await.unwrap();
    store.commit(vec![insert_pool(user_pool(1))]).await.unwrap();
    // Another node keeps the pool's row, longer than anybody waits.
    let (client, connection) = tokio_postgres::connect(&database.url(), tokio_postgres::NoTls)
        .await
        .unwrap();
    let driver = tokio::spawn(connection);
    client
        .batch_execute("BEGIN; SELECT 1 FROM user_pool FOR UPDATE")
        .await
        .unwrap();
    let replaced = store
        .commit(vec![Change::ReplaceUserPool(Box::new(user_pool(1)))])
        .await;
    assert!(matches!(replaced, Err(StoreError::Busy)), "{replaced:?}");
    client.batch_execute("ROLLBACK").await.unwrap();
    store
        .commit(vec![Change::ReplaceUserPool(Box::new(user_pool(1)))])
        .await
        .unwrap();
    drop(client);
    driver.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_standby_takes_no_writes_and_is_told() {
    let database = database();
    let store = open(&database.url()).await.unwrap();
    store.commit(vec![insert_pool(user_pool(1))]).await.unwrap();
    let name = database.name();
    database
        .sql(&format!(
            "ALTER DATABASE {name} SET default_transaction_read_only = on"
        ))
        .unwrap();
    cut_connections(&database);
    // No connection to it is taken for a primary's.
    assert!(store.find_user(&pool_id(1), &login("ann")).await.is_err());
    assert!(matches!(
        refusal(&database.url()).await,
        ConnectError::Unreachable { .. }
    ));
}
