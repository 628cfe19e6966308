//! What `--help` says, word by word.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod process;

use process::{rehome, text};

fn help(arguments: &[&str]) -> String {
    let output = rehome(arguments).env("COLUMNS", "100").output().unwrap();
    assert!(output.status.success(), "{arguments:?}");
    assert_eq!(text(&output.stderr), "");
    text(&output.stdout)
}

#[test]
fn every_help_teaches() {
    insta::assert_snapshot!("rehome", help(&["--help"]));
    insta::assert_snapshot!("try", help(&["try", "--help"]));
    insta::assert_snapshot!("serve", help(&["serve", "--help"]));
    insta::assert_snapshot!("invoke", help(&["invoke", "--help"]));
    insta::assert_snapshot!("keys", help(&["keys", "--help"]));
    insta::assert_snapshot!("keys_list", help(&["keys", "list", "--help"]));
    insta::assert_snapshot!("keys_rotate", help(&["keys", "rotate", "--help"]));
    insta::assert_snapshot!("master_key", help(&["master-key", "--help"]));
    insta::assert_snapshot!("master_key_status", help(&["master-key", "status", "--help"]));
    insta::assert_snapshot!("master_key_rotate", help(&["master-key", "rotate", "--help"]));
    insta::assert_snapshot!("db", help(&["db", "--help"]));
    insta::assert_snapshot!("db_status", help(&["db", "status", "--help"]));
    insta::assert_snapshot!("db_backup", help(&["db", "backup", "--help"]));
    insta::assert_snapshot!("db_move", help(&["db", "move", "--help"]));
    insta::assert_snapshot!("package", help(&["package", "--help"]));
    insta::assert_snapshot!("policy", help(&["policy", "--help"]));
    insta::assert_snapshot!("trigger", help(&["trigger", "--help"]));
    insta::assert_snapshot!("trigger_attach", help(&["trigger", "attach", "--help"]));
    insta::assert_snapshot!("trigger_detach", help(&["trigger", "detach", "--help"]));
    insta::assert_snapshot!("completions", help(&["completions", "--help"]));
}

#[test]
fn short_helps_fit_on_a_screen() {
    for command in [
        "try",
        "serve",
        "invoke",
        "keys",
        "master-key",
        "db",
        "package",
        "policy",
        "trigger",
        "completions",
    ] {
        let lines = help(&[command, "-h"]).lines().count();
        assert!(lines <= 50, "{command} -h has {lines} lines");
    }
}

#[test]
fn without_a_command_the_help_is_shown_and_the_status_says_usage() {
    let output = rehome::<&str>([]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("Usage: rehome <COMMAND>"));
}

#[test]
fn the_version_is_told() {
    assert_eq!(
        help(&["--version"]),
        format!("rehome {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn completions_are_scripts_of_the_shell() {
    for (shell, mark) in [
        ("bash", "complete -F _rehome"),
        ("zsh", "#compdef rehome"),
        ("fish", "complete -c rehome"),
    ] {
        assert!(help(&["completions", shell]).contains(mark), "{shell}");
    }
}
