//! `rehome completions`.

use std::io::Write as _;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use crate::cli::Cli;
use crate::exit::Exit;

pub(crate) const EXAMPLES: &str = "\
Examples:
  rehome completions bash > ~/.local/share/bash-completion/completions/rehome
  rehome completions zsh  > \"${fpath[1]}/_rehome\"
  rehome completions fish > ~/.config/fish/completions/rehome.fish";

/// What `rehome completions` was told.
#[derive(Args, Debug)]
pub struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

/// Prints the script.
///
/// # Errors
/// When nobody takes it.
pub fn run(arguments: &CompletionsArguments) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "rehome", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(Exit::Done)
}
