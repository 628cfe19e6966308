//! What a server counts: the metrics' reference is true, and Prometheus takes what it is given.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

#[path = "../process/mod.rs"]
mod process;

mod dashboard;
mod reference;
mod rules;
mod scene;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The project's folder.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A file of the project.
fn file(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap()
}

/// `promtool` or `prometheus`.
fn program(name: &str) -> Command {
    let folder = std::env::var_os("REHOME_TEST_PROMETHEUS").unwrap_or_else(|| "/usr/bin".into());
    let program = Path::new(&folder).join(name);
    assert!(program.exists(), "run `cargo xtask test`: it fetches Prometheus");
    Command::new(program)
}

/// Runs a program to its end, which must be a good one; gives what it said.
fn succeed(command: &mut Command) -> String {
    let output = command
        .stderr(Stdio::piped())
        .output()
        .expect("the program starts");
    let said = [output.stdout, output.stderr]
        .map(|bytes| process::text(&bytes))
        .concat();
    assert!(output.status.success(), "{command:?}: {said}");
    said
}
