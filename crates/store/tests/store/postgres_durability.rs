//! A killed server of PostgreSQL loses nothing that it has acknowledged, and the store finds back to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use pool::ports::Store;
use store::PostgresStore;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::fixtures::{insert_pool, insert_user, login, pool_id, user, user_pool};
use crate::on_postgres::open;
use crate::postgres::Cluster;

/// How many tasks commit at once.
const TASKS: u32 = 8;

/// What has been acknowledged in one round.
#[derive(Default)]
struct Progress {
    acknowledged: AtomicUsize,
    more: Notify,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_acknowledged_user_survives_the_death_of_the_server() {
    let cluster = Cluster::start().unwrap();
    let database = cluster.database().unwrap();
    let store = Arc::new(open(&database.url()).await.unwrap());
    store.commit(vec![insert_pool(user_pool(1))]).await.unwrap();
    let mut acknowledged = Vec::new();
    for round in 0..6_u32 {
        let wanted = (round * 37 % 150 + 1) as usize;
        acknowledged.extend(killed_after(wanted, &cluster, &store, round * 1_000_000).await);
        cluster.restart().unwrap();
        for n in &acknowledged {
            let found = store
                .find_user(&pool_id(1), &login(&format!("user{n}")))
                .await
                .unwrap();
            assert_eq!(found, Some(user(*n, &pool_id(1), &[])), "{n}");
        }
    }
    let whole = "SELECT (SELECT COUNT(*) FROM pool_user) = (SELECT SUM(users) FROM user_count) \
                 AND (SELECT COUNT(*) FROM pool_user) = (SELECT COUNT(*) FROM login)";
    assert_eq!(
        database.sql(whole).unwrap(),
        "t",
        "users, logins and counts belong to the same commits"
    );
}

/// Commits users until so many are acknowledged, kills the server in the midst of it, and gives all that it has
/// acknowledged.
async fn killed_after(wanted: usize, cluster: &Cluster, store: &Arc<PostgresStore>, first: u32) -> Vec<u32> {
    let progress = Arc::new(Progress::default());
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        tasks.spawn(commit_until_it_fails(
            Arc::clone(store),
            first + task,
            Arc::clone(&progress),
        ));
    }
    while progress.acknowledged.load(Ordering::SeqCst) < wanted {
        progress.more.notified().await;
    }
    cluster.kill().unwrap();
    tasks.join_all().await.concat()
}

async fn commit_until_it_fails(store: Arc<PostgresStore>, first: u32, progress: Arc<Progress>) -> Vec<u32> {
    let mut acknowledged = Vec::new();
    for n in (first..).step_by(TASKS as usize) {
        let new = insert_user(user(n, &pool_id(1), &[]), &[&format!("user{n}")]);
        if store.commit(vec![new]).await.is_err() {
            break;
        }
        acknowledged.push(n);
        progress.acknowledged.fetch_add(1, Ordering::SeqCst);
        progress.more.notify_one();
    }
    acknowledged
}
