//! `rehome db`: what a database is at, its tables brought up to date, a file backed up, everything moved to another.

mod backup;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use secrecy::{ExposeSecret as _, SecretString};
use store::transfer::{self, Place, Status};

use super::bar::Bar;
use crate::exit::Exit;
use crate::problem::{Problem, Problems};
use crate::settings::{Database, DatabaseArguments, read_database_url};
use crate::terminal::{Style, Terminal};
use crate::wiring::{self, DATABASE_FILE};

pub(crate) const EXAMPLES: &str = "\
Examples:
  rehome db status --database-url postgres://rehome@db.example.com/rehome
      What the tables are at, and what lacks.

  rehome db migrate --database-url file:database.url
      Makes what lacks, as `rehome serve` does at its start; for those who let it run with --no-migrate.

  rehome db backup --data rehome-data --to backups/monday.sqlite
      Copies the file while the server goes on, reads the copy from end to end, and only then gives it its name. To
      restore it, put it into a new data directory as rehome.sqlite, beside the master key, which is not in it.

  rehome db move --from rehome-data --to postgres://rehome@localhost/rehome
      Copies everything, then reads both sides from end to end and compares them. Stop the servers first. Stopped
      halfway, it goes on where it was when it is run again. The master key moves by itself: copy master.key.

  rehome db move --from file:database.url --to rehome-data
      And back.

Exit status: 0 done, 1 failed, 2 a setting is wrong; `status`: 1 also when something lacks.";

/// What `rehome db` was told.
#[derive(Args, Debug)]
pub struct DbArguments {
    /// What to do.
    #[command(subcommand)]
    pub action: Action,
}

/// What can be done with databases.
#[derive(Subcommand, Debug)]
pub enum Action {
    /// Tell what a database is at
    Status(DatabaseArguments),
    /// Bring the tables to this release's state
    Migrate(DatabaseArguments),
    /// Copy the file of a running server into another, and check the copy
    Backup(backup::BackupArguments),
    /// Copy everything from one database into another and compare both
    Move(Move),
}

/// From where to where.
#[derive(Args, Debug)]
pub struct Move {
    /// Where everything is: a data directory, postgres://…, or file:PATH with such a URL in it
    #[arg(long, value_name = "PLACE")]
    pub from: SecretString,

    /// Where everything goes, into an empty database: written alike
    #[arg(long, value_name = "PLACE")]
    pub to: SecretString,
}

/// Does it.
///
/// # Errors
/// [`Problems`] with what was told; what the databases say.
pub async fn run(arguments: DbArguments) -> anyhow::Result<Exit> {
    match arguments.action {
        Action::Status(told) => status(&told).await,
        Action::Migrate(told) => migrate(&told).await,
        Action::Backup(told) => backup::run(told).await,
        Action::Move(told) => move_all(&told).await,
    }
}

fn database(told: &DatabaseArguments) -> Result<Database, Problems> {
    let mut problems = Vec::new();
    let database = told.check(&mut problems);
    if matches!(database, Some(Database::Directory(_))) && !told.data.join(DATABASE_FILE).exists() {
        let mend = format!(
            "{} holds no pools; name a data directory, or a database with --database-url",
            told.data.display()
        );
        problems.push(Problem::new("--data", mend));
    }
    Problems::none_in(problems, database)
}

fn place(database: &Database) -> Place {
    match database {
        Database::Directory(data) => Place::File(data.join(DATABASE_FILE)),
        Database::Postgres(settings) => Place::Postgres(Box::new(settings.url.clone())),
    }
}

async fn status(told: &DatabaseArguments) -> anyhow::Result<Exit> {
    let place = place(&database(told)?);
    let status = transfer::status(&place).await?;
    let mut terminal = Terminal::stdout();
    terminal.line(&place.to_string())?;
    show(&status, &mut terminal)?;
    if status.missing.is_empty() && !status.moving {
        Ok(Exit::Done)
    } else {
        Ok(Exit::Failed)
    }
}

fn show(status: &Status, terminal: &mut Terminal) -> std::io::Result<()> {
    for step in &status.made {
        terminal.line(&format!("  {}  {step}", terminal.styled(Style::Good, "made ")))?;
    }
    for step in &status.missing {
        terminal.line(&format!("  {}  {step}", terminal.styled(Style::Bad, "lacks")))?;
    }
    if status.moving {
        let mend = "a move into it has not come to its end: run rehome db move again";
        terminal.line(&terminal.styled(Style::Bad, mend))?;
    }
    Ok(())
}

async fn migrate(told: &DatabaseArguments) -> anyhow::Result<Exit> {
    let database = database(told)?;
    let place = place(&database);
    let before = transfer::status(&place).await?;
    drop(wiring::open_database(&database).await?);
    let mut terminal = Terminal::stdout();
    if before.missing.is_empty() {
        terminal.line(&format!("{place} lacks nothing"))?;
    }
    for step in before.missing {
        terminal.line(&format!("made  {step}"))?;
    }
    Ok(Exit::Done)
}

/// A place as `--from` and `--to` name it.
fn named(told: &SecretString, flag: &str, problems: &mut Vec<Problem>) -> Option<Place> {
    let text = told.expose_secret();
    if text.starts_with("file:") || text.contains("://") {
        let url = read_database_url(told, flag, problems)?;
        return Some(Place::Postgres(Box::new(url)));
    }
    Some(Place::File(PathBuf::from(text).join(DATABASE_FILE)))
}

async fn move_all(told: &Move) -> anyhow::Result<Exit> {
    let mut problems = Vec::new();
    let from = named(&told.from, "--from", &mut problems);
    let to = named(&told.to, "--to", &mut problems);
    if let Some(Place::File(file)) = &from
        && !file.exists()
    {
        problems.push(Problem::new(
            "--from",
            format!(
                "{} is not there; name the data directory of a server",
                file.display()
            ),
        ));
    }
    if let (Some(from), Some(to)) = (&from, &to)
        && from.to_string() == to.to_string()
    {
        problems.push(Problem::new("--to", "is where everything is already"));
    }
    let (from, to) = Problems::none_in(problems, from.zip(to))?;
    let mut bar = Bar::new();
    let tables = transfer::transfer(&from, &to, &mut |progress| bar.show(progress)).await?;
    bar.end();
    let mut terminal = Terminal::stdout();
    for table in &tables {
        let digest = table.digest.get(..16).unwrap_or_default();
        terminal.line(&format!("{:>12}  {:<18} {digest}", table.rows, table.name))?;
    }
    terminal.line(&format!(
        "{to} holds all that {from} does, both read and compared. Give its servers the same master key."
    ))?;
    Ok(Exit::Done)
}
