//! `bench size`: the same sign-ins with few and with many users, on both engines.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clap::{Args, ValueEnum};
use rehome::wiring;
use store::DatabaseUrl;
use store::transfer::{self, transfer};
use testkit::postgres::{Cluster, Database};

use crate::fill::{fill, progress_bar};
use crate::ours::{self, Ours, POOL, Place};
use crate::plot;
use crate::remote::LoadOptions;
use crate::report::Report;

pub(crate) const EXAMPLES: &str = "\
Examples:
  cargo xtask bench size                                             a thousand and a million users, on SQLite
  cargo xtask bench size --users 1000,10000000 --engines sqlite,postgres
                                                                     needs 60 GB of room and some time";

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

/// From so many on a file is kept for the next run: what a run adds is little beside them.
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
        fill_in(&files, users).await?;
        if let Some(database) = database {
            move_into(database, &files).await?;
        }
        for &engine in &arguments.engines {
            let place = match (engine, database) {
                (Engine::Postgres, Some(database)) => Place::Postgres(database.url()),
                _ => Place::Directory(files.clone()),
            };
            let bytes = match (&place, database) {
                (Place::Postgres(_), Some(database)) => {
                    let bytes = database.sql("SELECT pg_database_size(current_database())")?;
                    bytes.trim().parse()?
                }
                _ => fs::metadata(files.join(wiring::DATABASE_FILE))?.len(),
            };
            let server = Ours::start(&place, &files, None)?;
            println!(
                "{}, {users} users: {:.1} MB on disk, {} bytes a user; first answer after {:.0} ms, {:.1} MB idle",
                engine.name(),
                bytes as f64 / 1e6,
                bytes / users.max(1),
                server.start.as_secs_f64() * 1000.0,
                server.idle as f64 / 1e6
            );
            let mut target = server.target(&engine.name())?;
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
    cluster.sql("postgres", "ALTER SYSTEM SET max_wal_size = '4GB'")?;
    cluster.stop()?;
    cluster.restart()?;
    Ok(cluster)
}

/// Puts so many users into a file, but for those who are yet to be made; a large one that is there already is taken.
async fn fill_in(files: &Path, users: u64) -> anyhow::Result<()> {
    if users >= KEPT && files.join("filled").exists() {
        return Ok(());
    }
    let _nothing_there = fs::remove_dir_all(files);
    fs::create_dir_all(files)?;
    ours::make_key(files)?;
    // Its start makes the pools.
    drop(Ours::start(&Place::Directory(files.to_owned()), files, None)?);
    let store = wiring::open_store(files)?;
    let filled = users.saturating_sub(SETTLED);
    let took = fill(&store, POOL, filled).await?;
    println!(
        "{filled} users filled in at {:.0} a second",
        filled as f64 / took.as_secs_f64()
    );
    fs::write(files.join("filled"), "")?;
    Ok(())
}

/// Moves a file into PostgreSQL, as `rehome db move` does.
async fn move_into(database: &Database<'_>, files: &Path) -> anyhow::Result<()> {
    let from = transfer::Place::File(files.join(wiring::DATABASE_FILE));
    let to = transfer::Place::Postgres(Box::new(DatabaseUrl::parse(&database.url())?));
    let (began, bar) = (Instant::now(), progress_bar(0, "rows")?);
    let mut step = None;
    let mut told = |progress: transfer::Progress| {
        if step.replace(progress.step) != Some(progress.step) {
            let since = began.elapsed();
            bar.suspend(|| println!("{} from {since:.0?} on", progress.step.name()));
        }
        bar.set_length(progress.of);
        bar.set_position(progress.done);
    };
    let tables = transfer(&from, &to, &mut told).await?;
    let rows: u64 = tables.iter().map(|table| table.rows).sum();
    bar.finish_and_clear();
    println!(
        "{rows} rows moved into PostgreSQL and compared in {:.0?}",
        began.elapsed()
    );
    Ok(())
}

impl Engine {
    fn name(self) -> String {
        self.to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned())
    }
}
