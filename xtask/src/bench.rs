//! `cargo xtask bench`: the figures of the README's *Performance* section, measured afresh; with a word behind it, the load
//! programme of `crates/bench`.

use std::process::Command;

use crate::tools;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// load, size or nodes, and what follows; `--help` tells
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    load: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    if arguments.load.is_empty() {
        figures()
    } else {
        load(&arguments.load)
    }
}

/// Puts load on an endpoint; a server of ours is the release's binary.
fn load(arguments: &[String]) -> anyhow::Result<()> {
    let workspace = crate::workspace();
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--locked", "--release", "--package", "rehome"]);
    tools::run(build.current_dir(&workspace), "cargo build")?;
    let mut bench = Command::new(env!("CARGO"));
    bench.args([
        "run",
        "--quiet",
        "--locked",
        "--release",
        "--package",
        "bench",
        "--",
    ]);
    tools::run(bench.args(arguments).current_dir(&workspace), "the bench")
}

fn figures() -> anyhow::Result<()> {
    let workspace = crate::workspace();
    let mut build = Command::new(env!("CARGO"));
    build.args([
        "build",
        "--locked",
        "--profile",
        "function",
        "--package",
        "function",
        "--bin",
        "bootstrap",
    ]);
    tools::run(build.current_dir(&workspace), "cargo build")?;
    let clients = tools::install(&workspace)?;
    for bench in ["sign_in", "bootstrap", "indistinguishable"] {
        let mut run = Command::new(env!("CARGO"));
        run.args([
            "bench",
            "--quiet",
            "--locked",
            "--package",
            "testkit",
            "--bench",
            bench,
        ])
        .env("REHOME_TEST_PYTHON", &clients.python);
        tools::run(run.current_dir(&workspace), "cargo bench")?;
    }
    Ok(())
}
