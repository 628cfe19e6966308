//! `cargo xtask bench`: the figures of the README's *Performance* section, measured afresh.

use std::process::Command;

use crate::tools;

pub(crate) fn run() -> anyhow::Result<()> {
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
