//! `bench nodes`: what a second node brings.

use std::sync::Arc;

use clap::Args;

use crate::ours::{self, Ours, Place};
use crate::remote::LoadOptions;
use crate::report::Report;
use crate::size::cluster;

#[derive(Args, Debug)]
pub(crate) struct NodesArguments {
    #[command(flatten)]
    load: LoadOptions,
}

/// How many users can sign in.
const SETTLED: u64 = 1000;

/// Runs it: one node on the first core, then another on the second, both on one PostgreSQL.
///
/// # Errors
/// When PostgreSQL or a server cannot be started.
pub(crate) async fn run(arguments: NodesArguments) -> anyhow::Result<()> {
    let cluster = cluster()?;
    let database = cluster.database()?;
    let files = tempfile::tempdir()?;
    ours::make_key(files.path())?;
    let place = Place::Postgres(database.url());
    let first = Ours::start(&place, files.path(), Some(0))?;
    let second = Ours::start(&place, files.path(), Some(1))?;
    let mut one = first.target("one node")?;
    one.make_people(SETTLED, 0).await?;
    let both = one.beside(second.target("two nodes")?);
    let mut report = Report::begin();
    let targets = [(None, Arc::new(one)), (None, Arc::new(both))];
    arguments.load.run(&targets, &mut report).await?;
    report.write(&arguments.load.out, "nodes")
}
