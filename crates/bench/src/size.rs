//! `bench size`: the same sign-ins with few and with many users, on both engines.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use rehome::wiring;
use store::transfer;
use testkit::postgres::Cluster;

use crate::fill::fill;
use crate::ours::{self, Ours, POOL, Place};
use crate::plot;
use crate::remote::LoadOptions;
use crate::report::Report;

pub(crate) const EXAMPLES: &str = "\
Examples:
  cargo xtask bench size                                             a thousand and a million users, on SQLite
  cargo xtask bench size --users 1000,10000000 --engines sqlite,postgres
                                                                     needs 30 GB of room and half an hour";

#[derive(Args, Debug)]
pub(crate) struct SizeArguments {
    /// How many users there are
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 1_000_000])]
    users: Vec<u64>,
    /// Where they are
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Engine::Sqlite])]
    engines: Vec<Engine>,
    #[command(flatten)]
    load: LoadOptions,
    /// The directory for the databases
    #[arg(long, value_name = "DIRECTORY", default_value = "target/bench/data")]
    data: PathBuf,
}

/// A kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Engine {
    /// A file
    Sqlite,
    /// A server of PostgreSQL on this machine, started for it
    Postgres,
}

/// How many of the users can sign in; the others are there.
const SETTLED: u64 = 1000;

/// From so many on a database is kept for the next run: what a run adds is little beside them.
const KEPT: u64 = 1_000_000;

/// Runs it.
///
/// # Errors
/// When a database cannot be filled or a server not started.
pub(crate) async fn run(arguments: SizeArguments) -> anyhow::Result<()> {
    let needs_a_cluster = arguments.engines.contains(&Engine::Postgres);
    let cluster = needs_a_cluster.then(cluster).transpose()?;
    let databases: Result<Vec<_>, _> = arguments
        .users
        .iter()
        .map(|_| cluster.as_ref().map(Cluster::database).transpose())
        .collect();
    let databases = databases?;
    let (mut targets, mut servers) = (Vec::new(), Vec::new());
    for (&users, database) in arguments.users.iter().zip(&databases) {
        let files = arguments.data.join(users.to_string());
        let file = filled(&files, users).await?;
        for &engine in &arguments.engines {
            let (name, place) = match (engine, database) {
                (Engine::Postgres, Some(database)) => {
                    let place =
                        transfer::Place::Postgres(Box::new(store::DatabaseUrl::parse(&database.url())?));
                    println!("moving {users} users to PostgreSQL");
                    transfer::transfer(&transfer::Place::File(file.clone()), &place, &mut |_| {}).await?;
                    database.sql("ANALYZE")?;
                    let bytes = database.sql("SELECT pg_database_size(current_database())")?;
                    each("PostgreSQL", bytes.trim().parse()?, users);
                    ("postgres", Place::Postgres(database.url()))
                }
                _ => ("sqlite", Place::Directory(files.clone())),
            };
            let server = Ours::start(&place, &files, None)?;
            println!(
                "{name}, {users} users: first answer after {:.0} ms, {:.1} MB idle",
                server.start.as_secs_f64() * 1000.0,
                server.idle as f64 / 1e6
            );
            let mut target = server.target(name)?;
            target.make_people(SETTLED, 0).await?;
            targets.push((Some(users), Arc::new(target)));
            servers.push(server);
        }
    }
    let mut report = Report::begin();
    arguments.load.run(&targets, &mut report).await?;
    drop(servers);
    report.write(&arguments.load.out, "size")?;
    plot::draw(
        &plot::by_users(report.rows()),
        &arguments.load.out.join("size.svg"),
    )
}

/// A server of PostgreSQL that flushes what it acknowledges.
pub(crate) fn cluster() -> anyhow::Result<Cluster> {
    let cluster = Cluster::start()?;
    cluster.sql("postgres", "ALTER SYSTEM SET fsync = on")?;
    cluster.sql("postgres", "ALTER SYSTEM SET shared_buffers = '1GB'")?;
    cluster.sql("postgres", "ALTER SYSTEM SET max_wal_size = '8GB'")?;
    cluster.stop()?;
    cluster.restart()?;
    Ok(cluster)
}

/// The file of a data directory with so many users, but for those who are yet to be made; a large one that is there already is taken.
async fn filled(files: &Path, users: u64) -> anyhow::Result<PathBuf> {
    let file = files.join(wiring::DATABASE_FILE);
    if users >= KEPT && files.join("filled").exists() {
        return Ok(file);
    }
    let _nothing_there = fs::remove_dir_all(files);
    fs::create_dir_all(files)?;
    ours::make_key(files)?;
    // Its start makes the pools.
    drop(Ours::start(&Place::Directory(files.to_owned()), files, None)?);
    let store = wiring::open_store(files)?;
    let filled = users.saturating_sub(SETTLED);
    let took = fill(&*store, POOL, filled).await?;
    drop(store);
    println!(
        "{filled} users filled in at {:.0} a second",
        filled as f64 / took.as_secs_f64()
    );
    each("SQLite", fs::metadata(&file)?.len(), filled);
    fs::write(files.join("filled"), "")?;
    Ok(file)
}

fn each(engine: &str, bytes: u64, users: u64) {
    println!(
        "{engine}: {:.1} MB on disk, {} bytes a user",
        bytes as f64 / 1e6,
        bytes / users.max(1)
    );
}
