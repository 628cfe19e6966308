//! `rehome package`: what is in the zip, and that it is always the same.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod process;

use std::io::{Cursor, Read as _};
use std::path::Path;
use std::process::Output;

use process::{rehome, text};
use serde_json::Value;
use zip::{CompressionMethod, ZipArchive};

/// A program of this machine, and small.
const PROGRAM: &str = "/bin/true";

const CONFIGURATION: &str = r#"
budget_ms = 3000
[from]
kind = "cognito"
user_pool_id = "eu-west-1_OldPool01"
client_id = "1example23456789abcdefghij"
"#;

fn own_architecture() -> &'static str {
    if cfg!(target_arch = "aarch64") {
        "arm64"
    } else {
        "x86-64"
    }
}

fn other_architecture() -> &'static str {
    if cfg!(target_arch = "aarch64") {
        "x86-64"
    } else {
        "arm64"
    }
}

/// Runs `package` in a folder.
fn package(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = rehome([&["package", "--architecture", own_architecture()], arguments].concat());
    command.current_dir(folder).output().unwrap()
}

#[test]
fn the_zip_has_a_bootstrap_that_everybody_may_run_and_the_configuration_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("mine.toml"), CONFIGURATION).unwrap();
    let output = package(
        folder.path(),
        &[
            "--bootstrap",
            PROGRAM,
            "--config",
            "mine.toml",
            "--output",
            "f.zip",
            "--json",
        ],
    );
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let bytes = std::fs::read(folder.path().join("f.zip")).unwrap();
    assert_eq!(told["bytes"], bytes.len());
    assert_eq!(told["codeSha256"].as_str().unwrap().len(), 44);
    assert_eq!(told["notes"], serde_json::json!([]));
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<_> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert_eq!(names, ["bootstrap", "rehome.toml"]);
    for (name, mode, expected) in [
        ("bootstrap", 0o755, std::fs::read(PROGRAM).unwrap()),
        ("rehome.toml", 0o644, CONFIGURATION.as_bytes().to_vec()),
    ] {
        let mut entry = zip.by_name(name).unwrap();
        assert_eq!(entry.unix_mode().unwrap() & 0o777, mode, "{name}");
        assert_eq!(entry.compression(), CompressionMethod::Deflated);
        let mut found = Vec::new();
        entry.read_to_end(&mut found).unwrap();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes_whenever_and_wherever_it_is_packed() {
    let zip = |name: &str| {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join(name);
        std::fs::copy(PROGRAM, &program).unwrap();
        let program = program.to_str().unwrap();
        let output = package(folder.path(), &["--bootstrap", program, "--output", "f.zip"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        std::fs::read(folder.path().join("f.zip")).unwrap()
    };
    assert_eq!(zip("here"), zip("there"));
}

#[test]
fn every_mistake_of_the_configuration_is_told_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = "budget_ms = 9000\n[from]\nkind = \"cognito\"\nendpoint = \"nowhere\"\nclient_id = \"1\"";
    std::fs::write(folder.path().join("rehome.toml"), wrong).unwrap();
    let output = package(
        folder.path(),
        &["--bootstrap", PROGRAM, "--config", "rehome.toml"],
    );
    assert_eq!(output.status.code(), Some(2));
    let told = text(&output.stderr);
    for key in ["rehome.toml: budget_ms: ", "rehome.toml: from.endpoint: "] {
        assert!(told.contains(key), "{key} is missing in\n{told}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn what_the_file_leaves_to_the_environment_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let program = ["--bootstrap", PROGRAM];
    let output = package(folder.path(), &program);
    let told = text(&output.stdout);
    assert!(told.contains("note: no configuration inside"), "{told}");
    assert!(
        told.contains("CodeSha256") && told.contains("provided.al2023"),
        "{told}"
    );
    std::fs::write(
        folder.path().join("rehome.toml"),
        "[from]\nkind = \"cognito\"\nclient_secret = \"Canary\"",
    )
    .unwrap();
    let output = package(
        folder.path(),
        &[&program[..], &["--config", "rehome.toml"]].concat(),
    );
    let told = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    for expected in [
        "needs OLD_USER_POOL_ID",
        "needs OLD_CLIENT_ID",
        "client_secret is in the zip in clear",
    ] {
        assert!(told.contains(expected), "{expected} is missing in\n{told}");
    }
    assert!(!told.contains("Canary"));
}

#[test]
fn a_program_that_lambda_could_not_start_is_not_packed() {
    let folder = tempfile::tempdir().unwrap();
    let output = package(
        folder.path(),
        &["--bootstrap", PROGRAM, "--architecture", other_architecture()],
    );
    // clap takes no option twice; the last of two would hide a mistake in a script.
    assert_eq!(output.status.code(), Some(2));
    let other = [
        "package",
        "--bootstrap",
        PROGRAM,
        "--architecture",
        other_architecture(),
    ];
    let output = rehome(other).current_dir(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = text(&output.stderr);
    assert!(
        told.contains(&format!("say --architecture {}", own_architecture())),
        "{told}"
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn without_a_source_tree_the_bootstrap_has_to_be_named() {
    let folder = tempfile::tempdir().unwrap();
    let output = package(folder.path(), &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("--bootstrap: is missing"),
        "{}",
        text(&output.stderr)
    );
    let output = package(folder.path(), &["--source", "."]);
    assert!(
        text(&output.stderr).contains("--source: "),
        "{}",
        text(&output.stderr)
    );
}
