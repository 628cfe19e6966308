//! `rehome invoke`: the function once, as Cognito would, on one's own configuration.

mod canary;
mod event;
mod report;

use std::path::PathBuf;

use anyhow::{Context as _, anyhow};
use clap::{ArgGroup, Args, ValueEnum, ValueHint};
use function::{Environment, Function, Settings};

use crate::exit::Exit;
use crate::problem::{Problem, Problems};
use crate::settings::process_environment;
use crate::terminal::Terminal;

pub(crate) const EXAMPLES: &str = "\
Examples:
  OLD_USER_POOL_ID=us-east-1_OldPool01 OLD_CLIENT_ID=1example rehome invoke event.json
      With the variables that the function has on Lambda, and your AWS credentials.

  rehome invoke --config rehome.toml --source authentication --username ann@example.com
      Without an event at hand: asks for the password, or reads it from standard input.

  rehome invoke --config rehome.toml --source forgot-password --username ann@example.com --json
      What becomes of a forgotten password, for a program to read.

  rehome invoke --config rehome.toml --canary --bootstrap ./bootstrap
      Sends made-up logins and passwords through the function and the very program of your zip,
      and searches all that they say. The old directory is asked about somebody who is not there.

The function only asks the old directory, where an authentication counts as a sign-in.
Passwords are never printed.
Exit status: 0 the user would move, 3 would not, 4 the old directory could not be asked,
2 a setting or the event is wrong, 1 anything else.
With --canary: 0 nothing of them stands anywhere, 1 something does.";

/// What `rehome invoke` was told.
#[derive(Args, Debug)]
#[command(group(ArgGroup::new("what").required(true).args(["event", "source", "canary"])))]
pub struct InvokeArguments {
    /// File with the event as Cognito sends it; - is standard input
    #[arg(value_name = "EVENT.json", value_hint = ValueHint::FilePath)]
    pub event: Option<PathBuf>,

    /// Make an event of this trigger source instead
    #[arg(
        long,
        value_name = "SOURCE",
        value_enum,
        requires = "username",
        conflicts_with = "event"
    )]
    pub source: Option<Source>,

    /// What the person types in the user name field, for --source
    #[arg(long, value_name = "NAME", requires = "source")]
    pub username: Option<String>,

    /// Search everything that the function says for secrets that it was given
    #[arg(long)]
    pub canary: bool,

    /// With --canary: send them through this program too
    #[arg(long, value_name = "FILE", requires = "canary", value_hint = ValueHint::FilePath)]
    pub bootstrap: Option<PathBuf>,

    /// The function's configuration; without it the variables OLD_USER_POOL_ID, OLD_CLIENT_ID, … count alone
    #[arg(long, env = "REHOME_CONFIG", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,

    /// Print one JSON object instead of text
    #[arg(long)]
    pub json: bool,
}

/// When Cognito would invoke the function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Source {
    /// Somebody signs in with a password
    Authentication,
    /// Somebody forgot the password
    ForgotPassword,
}

/// Invokes the function once.
///
/// # Errors
/// [`Problems`] with the configuration or the event.
pub async fn run(arguments: InvokeArguments) -> anyhow::Result<Exit> {
    let environment = environment(arguments.config);
    let settings = Settings::load(&environment).await.map_err(|problems| {
        Problems(
            problems
                .0
                .into_iter()
                .map(|problem| Problem::new(problem.key, problem.advice))
                .collect(),
        )
    })?;
    if arguments.canary {
        return canary::run(
            settings,
            &environment,
            arguments.bootstrap.as_deref(),
            arguments.json,
        )
        .await;
    }
    let payload = match (arguments.event, arguments.source, arguments.username) {
        (Some(file), ..) => event::read(&file)?,
        (None, Some(source), Some(username)) => event::make(source, username, &settings.from)?,
        _ => return Err(anyhow!("name an event, or --source and --username")),
    };
    let function = Function::new(settings)
        .map_err(|error| anyhow!(error))
        .context("the function cannot start")?;
    let (answer, record) = function.answer(&payload, std::time::Duration::MAX).await;
    let report = report::Report::new(&payload, answer, record);
    let mut terminal = Terminal::stdout();
    if arguments.json {
        report.print_json(&mut terminal)?;
    } else {
        report.print(&mut terminal)?;
    }
    Ok(report.exit())
}

/// The function's environment: the process's own, and the file that was named.
fn environment(config: Option<PathBuf>) -> Environment {
    Environment::new(move |name| match (&config, name) {
        (Some(file), "REHOME_CONFIG") => Some(file.display().to_string()),
        _ => process_environment(name),
    })
}
