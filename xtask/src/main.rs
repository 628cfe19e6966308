//! What developers run beside cargo: `cargo xtask <task>`. One module a task.
#![expect(clippy::print_stdout, reason = "a developer's tool talks to its terminal")]

mod bench;
mod generate;
mod last_release;
mod test;
mod tidy;
mod tools;

use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};

/// The tasks of this repository.
#[derive(Parser)]
#[command(name = "cargo xtask", about = "The tasks of this repository")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Write the shapes of crates/model from the API model of Amazon Cognito user pools
    Generate(generate::Arguments),
    /// Hold the workspace against ARCHITECTURE.md: directions of imports, names in documents
    Tidy,
    /// Install what the tests need and run all of them
    Test(test::Arguments),
    /// Measure: the figures of the README, or with load, size or nodes an endpoint of Cognito's API
    #[command(disable_help_flag = true)]
    Bench(bench::Arguments),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().task {
        Task::Generate(arguments) => generate::run(&arguments),
        Task::Tidy => tidy::run(),
        Task::Test(arguments) => test::run(&arguments),
        Task::Bench(arguments) => bench::run(&arguments),
    }
}

/// The folder of the workspace: the parent of this package's.
fn workspace() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_path_buf()
}
