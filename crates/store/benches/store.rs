//! How fast the store is beside what the same machine does bare: a look-up by SQLite alone, a flush of the disk alone; and on
//! PostgreSQL, its server on the same cores.
//!
//! `cargo bench -p store -- [users]` fills a database of each with so many users (10,000 unless told) and prints rates and
//! ratios.
#![expect(clippy::unwrap_used, reason = "a bench that cannot go on fails")]
#![expect(clippy::print_stdout, reason = "its result is what it prints")]
#![expect(clippy::disallowed_methods, reason = "a bench measures real time")]

#[path = "../tests/store/fixtures.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod fixtures;
#[path = "../../testkit/src/postgres.rs"]
#[expect(
    dead_code,
    unreachable_pub,
    reason = "it is testkit's, for the tests of all crates"
)]
mod postgres;
#[path = "../tests/store/scratch.rs"]
mod scratch;

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use pool::ports::{Change, Store, UserFilter, UserQuery};
use pool::user::{Comparison, SearchKey, User};
use rusqlite::Connection;
use store::{DatabaseUrl, PostgresSettings, PostgresStore, SqliteStore};

use fixtures::{insert_pool, insert_user, login, pool_id, replace_user, sub, user, user_pool};
use postgres::Cluster;
use scratch::Scratch;

/// How long each rate is measured.
const WINDOW: Duration = Duration::from_secs(3);

fn main() {
    let users = std::env::args()
        .skip(1)
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(10_000_u32);
    let scratch = Scratch::new();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(measure(&scratch, users));
    let cluster = Cluster::start().unwrap();
    runtime.block_on(measure_on_postgres(&cluster, users));
}

/// The same rates on PostgreSQL, with every commit flushed to the disk.
async fn measure_on_postgres(cluster: &Cluster, users: u32) {
    println!("\nPostgreSQL");
    cluster.sql("postgres", "ALTER SYSTEM SET fsync = on").unwrap();
    cluster.stop().unwrap();
    cluster.restart().unwrap();
    let database = cluster.database().unwrap();
    let settings = PostgresSettings::new(DatabaseUrl::parse(&database.url()).unwrap());
    let began = Instant::now();
    let store: Subject = Arc::new(PostgresStore::open(settings).await.unwrap());
    println!("open, new database    {:>9.1} ms", milliseconds(began));
    load(&*store, users).await;
    for tasks in [1, 16, 64] {
        let rate = reads(&store, users, tasks).await;
        println!("find_user, {tasks:>2} tasks   {rate:>9.0} /s");
    }
    println!("list_users, 60 users  {:>9.0} /s", pages(&store, users).await);
    let next = Arc::new(AtomicU32::new(users));
    for tasks in [1, 16, 64] {
        let rate = inserts(&store, &next, tasks).await;
        println!("insert, {tasks:>2} tasks      {rate:>9.0} /s");
    }
    for tasks in [1, 16, 64] {
        let rate = replacements(&store, tasks).await;
        println!("replace, {tasks:>2} tasks     {rate:>9.0} /s");
    }
}

/// A store of either engine.
type Subject = Arc<dyn Store>;

async fn measure(scratch: &Scratch, users: u32) {
    let began = Instant::now();
    let store: Subject = Arc::new(SqliteStore::open(&scratch.database()).unwrap());
    println!("open, new file        {:>9.1} ms", milliseconds(began));
    load(&*store, users).await;
    drop(store);
    let size = std::fs::metadata(scratch.database()).unwrap().len();
    println!(
        "on disk               {:>9} bytes a user",
        size / u64::from(users)
    );
    let began = Instant::now();
    let store: Subject = Arc::new(SqliteStore::open(&scratch.database()).unwrap());
    println!("open, {users} users  {:>9.1} ms", milliseconds(began));

    let bare = bare_reads(&scratch.database(), users);
    println!("read, SQLite alone    {bare:>9.0} /s");
    for tasks in [1, 16, 64] {
        let rate = reads(&store, users, tasks).await;
        println!(
            "find_user, {tasks:>2} tasks   {rate:>9.0} /s   {:.2} of SQLite alone",
            rate / bare
        );
    }
    let rate = pages(&store, users).await;
    println!("list_users, 60 users  {rate:>9.0} /s");

    let bare = bare_flushes(scratch.directory());
    println!("write and flush alone {bare:>9.0} /s");
    let next = Arc::new(AtomicU32::new(users));
    for tasks in [1, 16, 64, 256] {
        let (cpu, before) = (cpu_time(), next.load(Ordering::Relaxed));
        let rate = inserts(&store, &next, tasks).await;
        let made = f64::from(next.load(Ordering::Relaxed) - before);
        println!(
            "insert, {tasks:>3} tasks     {rate:>9.0} /s   {:.2} of the flushes, {:.1} µs of CPU a user",
            rate / bare,
            (cpu_time() - cpu) * 1e6 / made
        );
    }
    for tasks in [1, 16, 64] {
        let rate = replacements(&store, tasks).await;
        println!(
            "replace, {tasks:>2} tasks     {rate:>9.0} /s   {:.2} of the flushes",
            rate / bare
        );
    }
    let count = store.estimate_users(&pool_id(1)).await.unwrap();
    let began = Instant::now();
    store
        .commit(vec![Change::DeleteUserPool(pool_id(1))])
        .await
        .unwrap();
    println!("delete a pool of {count} users {:>9.1} ms", milliseconds(began));
}

fn milliseconds(began: Instant) -> f64 {
    began.elapsed().as_secs_f64() * 1000.0
}

/// A user as they come: a user name, an e-mail address, a name.
fn typical(n: u32) -> User {
    let email = format!("user{n}@example.com");
    user(
        n,
        &pool_id(1),
        &[
            ("name", "Some Body"),
            ("email", &email),
            ("email_verified", "true"),
        ],
    )
}

async fn load(store: &dyn Store, users: u32) {
    const AT_ONCE: u32 = 5000;
    store.commit(vec![insert_pool(user_pool(1))]).await.unwrap();
    let (began, cpu) = (Instant::now(), cpu_time());
    for first in (0..users).step_by(AT_ONCE as usize) {
        let some = (first..users.min(first + AT_ONCE)).map(|n| {
            insert_user(
                typical(n),
                &[&format!("user{n}"), &format!("user{n}@example.com")],
            )
        });
        store.commit(some.collect()).await.unwrap();
    }
    println!(
        "load, {AT_ONCE} a commit   {:>9.0} /s   {:.1} µs of CPU a user",
        f64::from(users) / began.elapsed().as_secs_f64(),
        (cpu_time() - cpu) * 1e6 / f64::from(users)
    );
}

/// Seconds of CPU that this process has had, all its threads, by Linux's count in hundredths; nothing elsewhere.
fn cpu_time() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Behind the name in parentheses: utime and stime are the 12th and 13th.
    let fields = text.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum::<f64>()
        / 100.0
}

/// The same look-up, its text thrown away.
fn bare_reads(path: &Path, users: u32) -> f64 {
    let connection = Connection::open(path).unwrap();
    connection.pragma_update(None, "mmap_size", 1_i64 << 30).unwrap();
    connection
        .set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .unwrap();
    let sql = "SELECT document FROM login JOIN pool_user USING (user_pool_id, sub) \
               WHERE login.user_pool_id = ?1 AND login.login_key = ?2";
    let (began, mut count) = (Instant::now(), 0_u32);
    while began.elapsed() < WINDOW {
        for _ in 0..100 {
            let name = format!("user{}", scattered(count) % users);
            let mut statement = connection.prepare_cached(sql).unwrap();
            let text: String = statement
                .query_row([pool_id(1).as_str(), &name], |row| row.get(0))
                .unwrap();
            std::hint::black_box(text);
            count += 1;
        }
    }
    f64::from(count) / began.elapsed().as_secs_f64()
}

async fn reads(store: &Subject, users: u32, tasks: u32) -> f64 {
    rate(tasks, |task| {
        let store = Arc::clone(store);
        move |n: u32| {
            let store = Arc::clone(&store);
            async move {
                let name = login(&format!(
                    "user{}",
                    scattered(n.wrapping_mul(31).wrapping_add(task)) % users
                ));
                assert!(store.find_user(&pool_id(1), &name).await.unwrap().is_some());
            }
        }
    })
    .await
}

async fn pages(store: &Subject, users: u32) -> f64 {
    rate(1, |_| {
        let store = Arc::clone(store);
        move |n: u32| {
            let store = Arc::clone(&store);
            async move {
                let value = format!("user{}", scattered(n) % users.min(100));
                let filter = UserFilter {
                    key: SearchKey::Email,
                    value,
                    comparison: Comparison::StartsWith,
                };
                let query = UserQuery {
                    filter: Some(filter),
                    after: None,
                    limit: 60,
                };
                assert!(
                    !store
                        .list_users(&pool_id(1), &query)
                        .await
                        .unwrap()
                        .users
                        .is_empty()
                );
            }
        }
    })
    .await
}

async fn inserts(store: &Subject, next: &Arc<AtomicU32>, tasks: u32) -> f64 {
    rate(tasks, |_| {
        let (store, next) = (Arc::clone(store), Arc::clone(next));
        move |_| {
            let (store, next) = (Arc::clone(&store), Arc::clone(&next));
            async move {
                let n = next.fetch_add(1, Ordering::Relaxed);
                let logins = [format!("user{n}"), format!("user{n}@example.com")];
                store
                    .commit(vec![insert_user(typical(n), &[&logins[0], &logins[1]])])
                    .await
                    .unwrap();
            }
        }
    })
    .await
}

/// What a wrong password writes: the user whole, nothing that is searched.
async fn replacements(store: &Subject, tasks: u32) -> f64 {
    rate(tasks, |task| {
        let store = Arc::clone(store);
        move |_| {
            let store = Arc::clone(&store);
            async move {
                let mut user = store
                    .find_user_by_sub(&pool_id(1), &sub(task))
                    .await
                    .unwrap()
                    .unwrap();
                user.lockout.failures += 1;
                store.commit(vec![replace_user(user, None)]).await.unwrap();
            }
        }
    })
    .await
}

/// Appends four pages and flushes them, one after another.
fn bare_flushes(directory: &Path) -> f64 {
    let mut file = File::create(directory.join("flushes")).unwrap();
    let (began, mut count) = (Instant::now(), 0_u32);
    while began.elapsed() < WINDOW {
        file.write_all(&[7; 4 * 4096]).unwrap();
        file.sync_data().unwrap();
        count += 1;
    }
    f64::from(count) / began.elapsed().as_secs_f64()
}

/// How often a second `tasks` tasks do what `each` gives them, each counting from 0.
async fn rate<W, F>(tasks: u32, each: impl Fn(u32) -> W) -> f64
where
    W: Fn(u32) -> F + Send + 'static,
    F: Future<Output = ()> + Send,
{
    let done = Arc::new(AtomicU64::new(0));
    let began = Instant::now();
    let running: Vec<_> = (0..tasks)
        .map(|task| {
            let (work, done) = (each(task), Arc::clone(&done));
            tokio::spawn(async move {
                let mut n = 0;
                while began.elapsed() < WINDOW {
                    work(n).await;
                    n += 1;
                }
                done.fetch_add(u64::from(n), Ordering::Relaxed);
            })
        })
        .collect();
    for task in running {
        task.await.unwrap();
    }
    #[expect(clippy::cast_precision_loss, reason = "a count of some seconds")]
    let done = done.load(Ordering::Relaxed) as f64;
    done / began.elapsed().as_secs_f64()
}

/// A number that looks like chance and is the same in every run.
fn scattered(n: u32) -> u32 {
    n.wrapping_mul(2_654_435_761) >> 7
}
