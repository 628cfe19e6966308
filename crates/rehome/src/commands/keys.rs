//! `rehome keys`: the keys that sign a pool's tokens, listed and rotated.
//!
//! It works on the data of a server, running or not: a server sees the change within seconds.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};
use pool::user_pool::{DescribedKeyPair, KeyState, list_signing_keys, rotate_signing_keys};
use serde_json::{Value, json};

use super::master_key;
use crate::clock_text::utc;
use crate::exit::Exit;
use crate::settings::DatabaseArguments;
use crate::terminal::{Style, Terminal};

pub(crate) const EXAMPLES: &str = "\
Examples:
  rehome keys list --user-pool-id us-east-1_AbCdEf123
      Which keys sign the pool's tokens, and which are published beside them.

  rehome keys rotate --data /var/lib/rehome --user-pool-id us-east-1_AbCdEf123
      Makes the next pair of keys. Nothing else is to be done: it is published at once and signs a day later, when
      every verifier has fetched it; the pair before is published until its last token has ended.

The server may run meanwhile: it sees the change within seconds.
Exit status: 0 done, 1 failed, 2 a setting is wrong.";

/// What `rehome keys` was told.
#[derive(Args, Debug)]
pub struct KeysArguments {
    /// What to do with them.
    #[command(subcommand)]
    pub action: Action,
}

/// What can be done with keys.
#[derive(Subcommand, Debug)]
pub enum Action {
    /// Show the pairs of keys in the order in which they sign
    List(Of),
    /// Make the pair of keys that signs next
    Rotate(Of),
}

/// Whose keys.
#[derive(Args, Debug)]
pub struct Of {
    /// The pool
    #[arg(long, value_name = "ID")]
    pub user_pool_id: String,

    #[command(flatten)]
    #[expect(missing_docs, reason = "clap would show it as the group's help")]
    pub database: DatabaseArguments,

    /// File with the key that seals secrets at rest [default: master.key in the data directory]
    #[arg(long, env = "REHOME_MASTER_KEY_FILE", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub master_key_file: Option<PathBuf>,

    /// Print one JSON array instead of text
    #[arg(long)]
    pub json: bool,
}

/// Lists a pool's keys, after making new ones if that was asked for.
///
/// # Errors
/// [`Problems`](crate::problem::Problems) with the settings; what keeps the store from being opened; a pool that is not there.
pub async fn run(arguments: KeysArguments) -> anyhow::Result<Exit> {
    let (of, rotates) = match arguments.action {
        Action::List(of) => (of, false),
        Action::Rotate(of) => (of, true),
    };
    let service = master_key::open(&of.database, of.master_key_file.as_deref()).await?;
    if rotates {
        rotate_signing_keys(&service, &of.user_pool_id).await?;
    }
    let pairs = list_signing_keys(&service, &of.user_pool_id).await?;
    let mut terminal = Terminal::stdout();
    if of.json {
        let pairs: Vec<Value> = pairs.iter().map(in_json).collect();
        terminal.line(&format!("{:#}", Value::Array(pairs)))?;
    } else {
        for pair in &pairs {
            print(pair, &mut terminal)?;
        }
    }
    Ok(Exit::Done)
}

/// A pair, and what it is for, as a person reads it.
fn print(pair: &DescribedKeyPair, terminal: &mut Terminal) -> std::io::Result<()> {
    let (state, style, when) = match pair.state {
        KeyState::Next(from) => (
            "next",
            Style::Bold,
            format!("published, signs from {}", utc(from)),
        ),
        KeyState::Signing => ("signing", Style::Good, format!("since {}", utc(pair.signs_from))),
        KeyState::Former(until) => ("former", Style::Dim, format!("published until {}", utc(until))),
        KeyState::Past => ("past", Style::Dim, "not published any more".to_owned()),
    };
    let state = terminal.styled(style, state);
    terminal.line(&format!("{state}: {when}"))?;
    terminal.line(&format!("  ID tokens      {}", pair.id_token_kid))?;
    terminal.line(&format!("  access tokens  {}", pair.access_token_kid))
}

/// The same for a program; times are seconds since 1970.
fn in_json(pair: &DescribedKeyPair) -> Value {
    let (state, until) = match pair.state {
        KeyState::Next(_) => ("next", None),
        KeyState::Signing => ("signing", None),
        KeyState::Former(until) => ("former", Some(until.seconds())),
        KeyState::Past => ("past", None),
    };
    json!({
        "state": state,
        "signsFrom": pair.signs_from.seconds(),
        "publishedUntil": until,
        "idTokenKid": pair.id_token_kid,
        "accessTokenKid": pair.access_token_kid,
    })
}
