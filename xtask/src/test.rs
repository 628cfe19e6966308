//! `cargo xtask test`: installs what the tests need, builds the binaries that they start, and runs everything.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::bail;

use crate::last_release;
use crate::tools::{self, Clients};

/// `cargo xtask test`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Passed on to `cargo test`, like `-p pool` or a test's name
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let workspace = crate::workspace();
    let (clients, last_release) = prepare(&workspace)?;
    let whole = !arguments
        .rest
        .iter()
        .any(|argument| argument == "-p" || argument.starts_with("--package"));
    let mut test = Command::new(env!("CARGO"));
    test.args(["test", "--locked"]).current_dir(&workspace);
    if whole {
        // Builds the binaries too, before the first test starts: packages with tests beside their binaries are among it.
        test.arg("--workspace");
    } else {
        build_binaries(&workspace)?;
    }
    test.args(&arguments.rest)
        .env("REHOME_TEST_PYTHON", &clients.python)
        .env("REHOME_TEST_NODE_MODULES", &clients.node_modules)
        .env("REHOME_TEST_CHROMIUM", &clients.chromium)
        .env("REHOME_TEST_POSTGRES", &clients.postgres)
        .env("REHOME_TEST_PROMETHEUS", &clients.prometheus)
        .env("REHOME_TEST_DEPLOY_PYTHON", &clients.deploy_python)
        .env("REHOME_TEST_CDK_NODE_MODULES", &clients.cdk_node_modules)
        // Empty where there is none, so that its tests know that somebody was told.
        .env("REHOME_TEST_LAST_RELEASE", last_release.unwrap_or_default());
    tools::run(&mut test, "cargo test")
}

/// Fetching and unpacking wait a lot: the last release is built meanwhile.
fn prepare(workspace: &Path) -> anyhow::Result<(Clients, Option<PathBuf>)> {
    std::thread::scope(|scope| {
        let last_release = scope.spawn(|| last_release::build(workspace));
        let clients = tools::install(workspace)?;
        let last_release = last_release
            .join()
            .unwrap_or_else(|_| bail!("the building of the last release broke off"))?;
        Ok((clients, last_release))
    })
}

/// The binaries that tests of other packages start.
fn build_binaries(workspace: &Path) -> anyhow::Result<()> {
    let mut build = Command::new(env!("CARGO"));
    build.args([
        "build",
        "--locked",
        "--package",
        "rehome",
        "--package",
        "function",
        "--bins",
    ]);
    tools::run(build.current_dir(workspace), "cargo build")
}
