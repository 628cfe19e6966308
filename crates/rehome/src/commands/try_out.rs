//! `rehome try`: a whole migration on this machine, told step by step.
//!
//! [`stage`] builds a server with an old and a new pool, [`story`] plays the sign-ins against it over HTTP and checks each,
//! [`teller`] puts them on the terminal, [`by_hand`] prints how to go on.

mod by_hand;
mod cast;
mod player;
mod stage;
mod story;
mod teller;
mod witness;

use clap::Args;

use crate::exit::Exit;
use crate::logging::{Format, Logs};
use crate::problem::{Problem, Problems};
use crate::settings::{USUAL_ADDRESS, address};
use crate::signals::Signals;
use crate::terminal::Terminal;

pub(crate) const EXAMPLES: &str = "\
Examples:
  rehome try                 tell the story, then serve both pools until Ctrl-C
  rehome try --once          end after the story
  rehome try --listen 127.0.0.1:0

Everything happens in this process, on loopback; the data goes with it.
Exit status: 0 every step did what it should, 1 one did not, 2 a setting is wrong.";

/// What `rehome try` was told.
#[derive(Args, Debug)]
pub struct TryArguments {
    /// End after the story instead of serving both pools
    #[arg(long)]
    pub once: bool,

    /// Loopback address to listen on [default: 127.0.0.1:9229, or a free port when that one is taken]
    #[arg(long, env = "REHOME_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<String>,

    /// What to log on standard error beside the story, as with `rehome serve`
    #[arg(long, value_name = "LEVEL", default_value = "off")]
    pub log: String,
}

/// Tells the story.
///
/// # Errors
/// [`Problems`] with the settings; what keeps the stage from being built.
pub async fn run(arguments: TryArguments) -> anyhow::Result<Exit> {
    let mut problems = Vec::new();
    let listen = arguments.listen.as_deref().unwrap_or(USUAL_ADDRESS);
    let listen = address(listen, "--listen", &mut problems);
    if listen.is_some_and(|address| !address.ip().is_loopback()) {
        let mend = format!(
            "is not loopback; the story's pools take any signature, so write one like {USUAL_ADDRESS}"
        );
        problems.push(Problem::new("--listen", mend));
    }
    let logs = Logs::new(&arguments.log, Format::Text);
    if logs.is_none() {
        problems.push(Problem::new(
            "--log",
            "write error, warn, info, debug, trace or off",
        ));
    }
    let (listen, logs) = match (listen, logs) {
        (Some(listen), Some(logs)) if problems.is_empty() => (listen, logs),
        _ => return Err(Problems(problems).into()),
    };
    logs.start();
    let mut signals = Signals::listen()?;
    let listener = stage::bind(listen, arguments.listen.is_some()).await?;
    let mut stage = stage::build(listener).await?;
    let mut terminal = Terminal::stdout();
    let told = tokio::select! {
        told = story::tell(&stage, &mut terminal) => told?,
        () = signals.next() => return Ok(Exit::Failed),
    };
    if arguments.once {
        stage.close().await;
        return Ok(if told.all_well() { Exit::Done } else { Exit::Failed });
    }
    by_hand::print(&stage.url, &mut terminal)?;
    signals.next().await;
    terminal.line("")?;
    stage.close().await;
    Ok(if told.all_well() { Exit::Done } else { Exit::Failed })
}
