//! The command line: what there is, and how errors reach the person who typed it.

use std::io::Write as _;

use clap::{Parser, Subcommand};

use crate::commands::{completions, db, invoke, keys, master_key, package, policy, serve, trigger, try_out};
use crate::exit::Exit;
use crate::problem::Problems;
use crate::settings::ServeArguments;
use crate::wiring;

const EXAMPLES: &str = "\
Examples:
  rehome try                                 watch users of an old pool move, then go on by hand
  rehome serve                               a user pool on http://127.0.0.1:9229
  rehome serve --pools pools.toml --functions functions.toml
  rehome invoke event.json                   what the migration function answers to one event
  rehome package --config rehome.toml        the function's zip, for Lambda

`rehome <command> --help` tells more of each.";

/// Your users keep their passwords. They move in at their next sign-in
///
/// rehome moves every user of an old directory into a new user pool the first time they sign in or ask for a password
/// reset: password and profile intact, nobody told to do anything. It is the function behind Cognito's *migrate user*
/// trigger, and a user pool that AWS's own clients cannot tell from Cognito, to try it on and to run.
#[derive(Parser, Debug)]
#[command(name = "rehome", version, after_help = EXAMPLES, max_term_width = 100, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Watch a whole migration on this machine, told step by step
    #[command(after_help = try_out::EXAMPLES)]
    Try(try_out::TryArguments),
    /// Serve user pools: the cognito-idp API, tokens and their keys
    #[command(after_help = serve::EXAMPLES)]
    Serve(Box<ServeArguments>),
    /// Run the migration function once, as Cognito would, on your configuration
    #[command(after_help = invoke::EXAMPLES)]
    Invoke(invoke::InvokeArguments),
    /// Write the zip that Lambda takes
    #[command(after_help = package::EXAMPLES)]
    Package(package::PackageArguments),
    /// Print what the function may do, and who may invoke it: IAM and resource policies
    #[command(after_help = policy::EXAMPLES)]
    Policy(policy::PolicyArguments),
    /// Put a function behind a pool's trigger, or take it away; every other setting stays
    #[command(after_help = trigger::EXAMPLES)]
    Trigger(trigger::TriggerArguments),
    /// List or rotate the keys that sign a pool's tokens
    #[command(after_help = keys::EXAMPLES)]
    Keys(keys::KeysArguments),
    /// Show which master keys are in use, or have a new one take over while servers serve
    #[command(after_help = master_key::EXAMPLES)]
    MasterKey(master_key::MasterKeyArguments),
    /// Tell what a database is at, bring it up to date, back it up, move everything to another
    #[command(after_help = db::EXAMPLES)]
    Db(db::DbArguments),
    /// Print a completion script for your shell
    #[command(after_help = completions::EXAMPLES)]
    Completions(completions::CompletionsArguments),
}

/// Runs a command to its end. What went wrong is told on standard error.
#[must_use]
pub fn run(cli: Cli) -> Exit {
    let ended = match cli.command {
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Db(arguments) => in_runtime(db::run(arguments)),
        Command::Package(arguments) => package::run(arguments),
        Command::Policy(arguments) => policy::run(arguments),
        Command::Try(arguments) => in_runtime(try_out::run(arguments)),
        Command::Serve(arguments) => in_runtime(serve::run(*arguments)),
        Command::Invoke(arguments) => in_runtime(invoke::run(arguments)),
        Command::Keys(arguments) => in_runtime(keys::run(arguments)),
        Command::MasterKey(arguments) => in_runtime(master_key::run(arguments)),
        Command::Trigger(arguments) => in_runtime(trigger::run(arguments)),
    };
    ended.unwrap_or_else(|error| tell(&error))
}

fn in_runtime(command: impl Future<Output = anyhow::Result<Exit>>) -> anyhow::Result<Exit> {
    wiring::runtime().build()?.block_on(command)
}

/// Wrong settings line by line; anything else as one chain of causes.
fn tell(error: &anyhow::Error) -> Exit {
    let (text, exit) = match error.downcast_ref::<Problems>() {
        Some(problems) => {
            let lines: Vec<_> = problems
                .0
                .iter()
                .map(|problem| format!("error: {problem}\n"))
                .collect();
            (lines.concat(), Exit::WrongSettings)
        }
        None if is_broken_pipe(error) => return Exit::Done,
        None => (format!("error: {error:#}\n"), Exit::Failed),
    };
    // Nobody can be told that nobody can be told.
    let _unheard = std::io::stderr().write_all(text.as_bytes());
    exit
}

/// Whoever read the output has seen enough, as `head` does.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
