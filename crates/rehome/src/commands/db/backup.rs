//! `rehome db backup`: a copy of the file while servers work on it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context as _;
use clap::{Args, ValueHint};
use store::sqlite::{self, BackedUp};

use super::database;
use crate::commands::bar::Bar;
use crate::exit::Exit;
use crate::problem::Problems;
use crate::settings::{Database, DatabaseArguments};
use crate::signals::Signals;
use crate::terminal::Terminal;
use crate::wiring::DATABASE_FILE;

/// What is copied, and where it goes.
#[derive(Args, Debug)]
pub struct BackupArguments {
    #[command(flatten)]
    pub database: DatabaseArguments,

    /// The backup: a file that is not there yet, in a directory that is
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub to: PathBuf,
}

/// Backs up; a signal ends it and leaves nothing.
pub(super) async fn run(told: BackupArguments) -> anyhow::Result<Exit> {
    let data = match database(&told.database)? {
        Database::Directory(data) => data,
        Database::Postgres(_) => {
            let mend = "PostgreSQL has its own backups: pg_dump --format=custom for one database, pg_basebackup and its \
                        log for every moment; rehome db backup copies the file of a data directory";
            return Err(Problems::one("--database-url", mend).into());
        }
    };
    let mut signals = Signals::listen().context("signals cannot be heard")?;
    let stop = Arc::new(AtomicBool::new(false));
    let (from, to, stopping) = (data.join(DATABASE_FILE), told.to.clone(), Arc::clone(&stop));
    let mut copying = tokio::task::spawn_blocking(move || {
        let mut bar = Bar::new();
        let backed_up = sqlite::backup(&from, &to, &stopping, &mut |progress| bar.show(progress));
        bar.end();
        backed_up
    });
    let ended = tokio::select! {
        ended = &mut copying => ended,
        () = signals.next() => {
            stop.store(true, Ordering::Relaxed);
            copying.await
        }
    };
    let BackedUp { bytes, users } = ended.context("the backup panicked")??;
    let mut terminal = Terminal::stdout();
    terminal.line(&format!(
        "{} holds {users} users in {bytes} bytes, and is whole.",
        told.to.display()
    ))?;
    terminal.line(
        "The master key is not in it, and without the key nobody can open it: keep a copy of master.key elsewhere.",
    )?;
    Ok(Exit::Done)
}
