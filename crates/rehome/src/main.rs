//! The binary people run.

use std::process::ExitCode;

use clap::Parser as _;
use rehome::cli::{self, Cli};

fn main() -> ExitCode {
    cli::run(Cli::parse()).into()
}
