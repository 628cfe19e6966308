//! `rehome master-key`: which keys seal what a database keeps, and how one takes the place of another while servers serve.

mod rotate;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueHint};
use pool::master_key::{DescribedMasterKey, MasterKeyState, SHORT_LIVED, describe};
use pool::ports::SystemEntropy;
use pool::service::Service;
use pool::time::Time;
use serde_json::{Value, json};

use crate::clock_text::utc;
use crate::exit::Exit;
use crate::problem::{Problem, Problems};
use crate::settings::{Database, DatabaseArguments};
use crate::terminal::{Style, Terminal};
use crate::wiring;

pub(crate) const EXAMPLES: &str = "\
Examples:
  head -c 32 /dev/urandom | base64 >> master.key
      How a rotation begins: another line in the file, on every server. Restart them one by one:
      each opens with both keys from then on, and seals as before.

  rehome master-key rotate --data /var/lib/rehome
      Has the new key seal, on all servers at once, and seals anew what rests: verifiers of
      passwords, authenticator apps, devices, app clients' secrets, signing keys. Servers serve on.
      One that lacks the key keeps it from beginning. Stopped halfway, it goes on when run again.

  rehome master-key status --database-url file:database.url --master-key-file master.key
      Which keys are in use, and until when a former one has to stay in the file.

Exit status: 0 done, 1 failed, 2 a setting is wrong.";

/// What `rehome master-key` was told.
#[derive(Args, Debug)]
pub struct MasterKeyArguments {
    /// What to do with them.
    #[command(subcommand)]
    pub action: Action,
}

/// What can be done with master keys.
#[derive(Subcommand, Debug)]
pub enum Action {
    /// Show which keys are in use, and what for
    Status(StatusArguments),
    /// Have the new key of the file seal, and seal anew what rests
    Rotate(rotate::RotateArguments),
}

/// What is looked at.
#[derive(Args, Debug)]
pub struct StatusArguments {
    #[command(flatten)]
    #[expect(missing_docs, reason = "clap would show it as the group's help")]
    pub sealed: SealedArguments,

    /// Print one JSON array instead of text
    #[arg(long)]
    pub json: bool,
}

/// Where something is sealed, and the keys.
#[derive(Args, Debug)]
pub struct SealedArguments {
    #[command(flatten)]
    #[expect(missing_docs, reason = "clap would show it as the group's help")]
    pub database: DatabaseArguments,

    /// File with the keys that seal secrets at rest, one a line [default: master.key in the data directory]
    #[arg(long, env = "REHOME_MASTER_KEY_FILE", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub master_key_file: Option<PathBuf>,
}

/// Does it.
///
/// # Errors
/// [`Problems`] with the settings; what keeps the store from being opened; what keeps a key from taking over.
pub async fn run(arguments: MasterKeyArguments) -> anyhow::Result<Exit> {
    match arguments.action {
        Action::Status(told) => status(&told).await,
        Action::Rotate(told) => rotate::run(told).await,
    }
}

async fn status(told: &StatusArguments) -> anyhow::Result<Exit> {
    let service = told.sealed.open().await?;
    let keys = describe(&service).await?;
    let mut terminal = Terminal::stdout();
    if told.json {
        let keys: Vec<Value> = keys.iter().map(in_json).collect();
        terminal.line(&format!("{:#}", Value::Array(keys)))?;
    } else {
        show(&keys, &mut terminal)?;
    }
    Ok(Exit::Done)
}

impl SealedArguments {
    /// The pools of a database that a server has made.
    async fn open(&self) -> anyhow::Result<Service> {
        open(&self.database, self.master_key_file.as_deref()).await
    }
}

/// The pools of a database that a server has made, for commands that work beside one.
pub(super) async fn open(
    arguments: &DatabaseArguments,
    master_key_file: Option<&Path>,
) -> anyhow::Result<Service> {
    let wrong = |problem| Problems(vec![problem]);
    let mut problems = Vec::new();
    let database = arguments.check(&mut problems);
    let database = Problems::none_in(problems, database)?;
    let data = &arguments.data;
    if matches!(database, Database::Directory(_)) && !data.join(wiring::DATABASE_FILE).exists() {
        let mend = format!(
            "{} holds no pools; name the directory that rehome serve works on",
            data.display()
        );
        return Err(wrong(Problem::new("--data", mend)).into());
    }
    let master_keys = database
        .master_keys(data, master_key_file, &SystemEntropy)
        .map_err(wrong)?;
    wiring::pools_alone(wiring::open_database(&database).await?, &master_keys).await
}

/// The keys as a person reads them.
fn show(keys: &[DescribedMasterKey], terminal: &mut Terminal) -> std::io::Result<()> {
    for key in keys {
        let (style, lines) = told(key);
        let id = terminal.styled(style, &key.id.to_string());
        for (n, line) in lines.iter().enumerate() {
            let head = if n == 0 { id.as_str() } else { "        " };
            terminal.line(&format!("{head}  {line}"))?;
        }
    }
    Ok(())
}

fn told(key: &DescribedMasterKey) -> (Style, Vec<String>) {
    let mut lines = Vec::new();
    let ceased =
        |until: Option<Time>| until.map_or_else(String::new, |until| format!(" until {}", utc(until)));
    let style = match key.state {
        MasterKeyState::Sealing => {
            lines.push("seals".to_owned());
            Style::Good
        }
        MasterKeyState::Unused => {
            lines.push("is in the file and not in use: rehome master-key rotate has it seal".to_owned());
            Style::Bold
        }
        MasterKeyState::AtRest { sealed_until } => {
            lines.push(format!(
                "sealed{}; no server does without it",
                ceased(sealed_until)
            ));
            lines.push("what rests is not all sealed anew yet: run rehome master-key rotate".to_owned());
            Style::Bad
        }
        MasterKeyState::Former {
            sealed_until,
            refresh_tokens_until,
        } => {
            lines.push(format!("sealed{}; nothing rests under it", ceased(sealed_until)));
            if !key.held {
                lines.push("is not in the file any more".to_owned());
            } else if let Some((sealed, refresh)) = sealed_until.zip(refresh_tokens_until) {
                lines.push(format!(
                    "sign-ins and messages of before go on to {}",
                    utc(sealed.plus(SHORT_LIVED))
                ));
                lines.push(format!(
                    "refresh tokens of before live to {} at most: once its line is gone from the file, they have ended",
                    utc(refresh)
                ));
            }
            Style::Dim
        }
    };
    (style, lines)
}

/// The same for a program; times are seconds since 1970.
fn in_json(key: &DescribedMasterKey) -> Value {
    let (state, sealed_until, refresh) = match key.state {
        MasterKeyState::Sealing => ("sealing", None, None),
        MasterKeyState::Unused => ("unused", None, None),
        MasterKeyState::AtRest { sealed_until } => ("at rest", sealed_until, None),
        MasterKeyState::Former {
            sealed_until,
            refresh_tokens_until,
        } => ("former", sealed_until, refresh_tokens_until),
    };
    json!({
        "id": key.id.to_string(),
        "state": state,
        "inFile": key.held,
        "sealedUntil": sealed_until.map(Time::seconds),
        "refreshTokensUntil": refresh.map(Time::seconds),
    })
}
