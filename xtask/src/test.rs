//! `cargo xtask test`: installs what the tests need, builds the two binaries that they start, and runs everything.

use std::path::Path;
use std::process::Command;

use crate::tools;

/// `cargo xtask test`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Passed on to `cargo test`, like `-p pool` or a test's name
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let workspace = crate::workspace();
    let clients = tools::install(&workspace)?;
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
        .env("REHOME_TEST_CDK_NODE_MODULES", &clients.cdk_node_modules);
    tools::run(&mut test, "cargo test")
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
