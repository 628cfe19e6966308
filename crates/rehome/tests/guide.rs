//! The guide is true: its commands run in their order against a pool of ours, its policies are those that are printed, its
//! table knows every refusal, and both languages say the same commands.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod process;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use process::{rehome, run, text};
use serde_json::Value;
use testkit::{Options, TestServer};

const OLD_POOL: &str = "us-east-1_OldPool01";
const FUNCTION: &str = "arn:aws:lambda:us-east-1:000000000000:function:CognitoUserMigration";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn document(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap()
}

/// A block of code: its language, what stands behind the language, and the code. `<!-- test: … -->` is one too.
#[derive(Debug, PartialEq)]
struct Block {
    language: String,
    mark: String,
    code: String,
}

fn blocks(markdown: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        let inner = line.trim_start();
        let indent = line.len() - inner.len();
        if let Some(check) = inner.strip_prefix("<!-- test: ") {
            found.push(Block {
                language: "sh".to_owned(),
                mark: "test".to_owned(),
                code: check.strip_suffix(" -->").expect("one line").to_owned(),
            });
        }
        let Some(head) = inner.strip_prefix("```") else {
            continue;
        };
        let (language, mark) = head.split_once(' ').unwrap_or((head, ""));
        let code = lines
            .by_ref()
            .take_while(|line| line.trim_start() != "```")
            .map(|line| line.get(indent..).unwrap_or_default());
        found.push(Block {
            language: language.to_owned(),
            mark: mark.to_owned(),
            code: code.collect::<Vec<_>>().join("\n"),
        });
    }
    found
}

/// `aws` where there is no AWS: the CLI holds the arguments against its description of the service, and gets as far as to call
/// nobody.
const ARGUMENTS_ALONE: &str = "aws() {
  AWS_MAX_ATTEMPTS=1 command aws \"$@\" --endpoint-url http://127.0.0.1:1 2> refused ||
    grep 'Could not connect to the endpoint URL' refused || { cat refused >&2; return 1; }
}";

/// The commands as one script.
fn script(blocks: &[Block]) -> String {
    let mut script = "set -euo pipefail\n".to_owned();
    for (number, block) in blocks.iter().enumerate() {
        let code = &block.code;
        match (block.language.as_str(), block.mark.as_str()) {
            ("sh", "" | "test") => writeln!(script, "echo '== block {number}'\n{code}"),
            ("sh", "aws") => writeln!(
                script,
                "echo '== block {number}'\n(\n{ARGUMENTS_ALONE}\n{code}\n)"
            ),
            ("sh", "names" | "tool") | ("json", _) => Ok(()),
            other => panic!("a block of a kind that nobody checks: {other:?}"),
        }
        .unwrap();
    }
    script
}

/// The old pool of the reader, as far as the guide takes it for granted.
fn old_pool() -> String {
    format!(
        r#"
[[user_pools]]
id = "{OLD_POOL}"
username_attributes = ["email"]
case_sensitive = false
custom_attributes = ["plan"]
"#
    )
}

/// The function is what step 4 packs and the test unpacks; the pool starts it as Lambda would.
fn function(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        r#"
[functions."{FUNCTION}"]
spawn = ["{folder}/bootstrap"]
working_directory = "{folder}"
env = {{ LAMBDA_TASK_ROOT = "{folder}", AWS_ENDPOINT_URL = "{{url}}", AWS_ACCESS_KEY_ID = "test", AWS_SECRET_ACCESS_KEY = "test" }}
"#
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn the_commands_of_the_guide_move_a_user_and_lead_back() {
    let folder = tempfile::tempdir().unwrap();
    let function_folder = tempfile::tempdir().unwrap();
    let server = TestServer::start(Options {
        pools: old_pool(),
        functions: function(function_folder.path()),
        ..Options::default()
    })
    .await
    .unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_rehome"));
    let bootstrap = program.with_file_name("bootstrap");
    assert!(
        bootstrap.is_file(),
        "cargo build -p function makes {}",
        bootstrap.display()
    );
    let python: PathBuf = std::env::var_os("REHOME_TEST_PYTHON")
        .expect("run `cargo xtask test`: it installs the AWS CLI")
        .into();
    let path = format!(
        "{}:{}:/usr/bin:/bin",
        program.parent().unwrap().display(),
        python.parent().unwrap().display()
    );
    let mut bash = Command::new("bash");
    bash.args(["-c", &script(&blocks(&document("docs/guide.md")))])
        .current_dir(folder.path())
        .env_clear()
        .env("PATH", path)
        .env("HOME", folder.path())
        .env("AWS_ENDPOINT_URL", server.url())
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .env("AWS_PAGER", "")
        .env("ACCOUNT", "000000000000")
        .env("OLD_USER_POOL_ID", OLD_POOL)
        .env("TEST_USER", "rehome-test@example.com")
        .env("TEST_PASSWORD", "Moves-with-me-1")
        .env("REHOME_BOOTSTRAP", bootstrap)
        .env("FUNCTION_FOLDER", function_folder.path());
    if cfg!(target_arch = "aarch64") {
        bash.env("REHOME_ARCHITECTURE", "arm64");
    }
    let output = run(bash).await;
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{}\n{out}\n{err}", output.status);
    // Twice somebody moved by the bootstrap of the zip, once nobody was known: three invocations.
    assert_eq!(server.invocations().count(), 3, "{out}\n{err}");
    assert!(!out.contains("Moves-with-me-1"), "{out}");
    server.stop().await.unwrap();
}

#[test]
fn the_policies_of_the_guide_are_those_that_rehome_prints() {
    let shown = blocks(&document("docs/guide.md"));
    let policies = shown.iter().filter(|block| block.language == "json");
    let mut count = 0;
    for block in policies {
        let output = rehome([
            "policy",
            "--account",
            "111122223333",
            "--old-user-pool-id",
            "eu-west-1_OldPool01",
            "--new-user-pool-id",
            "eu-west-1_NewPool01",
            "--document",
            &block.mark,
        ])
        .output()
        .unwrap();
        let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
        let shown: Value = serde_json::from_str(&block.code).unwrap();
        assert_eq!(shown, printed, "{}", block.mark);
        count += 1;
    }
    assert_eq!(count, 2);
}

/// The names in `Self::Variant => "name"` of a source file.
fn names(source: &str) -> Vec<String> {
    let text = document(source);
    let lines = text.lines().filter_map(|line| {
        let (variant, name) = line.trim().split_once(" => \"")?;
        variant
            .starts_with("Self::")
            .then(|| name.trim_end_matches("\",").to_owned())
    });
    lines.filter(|name| !name.contains(' ')).collect()
}

#[test]
fn the_table_of_messages_knows_every_refusal_and_every_cause() {
    for guide in ["docs/guide.md", "docs/guide.ja.md"] {
        let guide = document(guide);
        let known = [
            "crates/migration/src/refusal.rs",
            "crates/migration/src/directory.rs",
        ];
        let names: Vec<String> = known.iter().flat_map(|source| names(source)).collect();
        assert!(names.len() > 15, "{names:?}");
        let missing: Vec<_> = names
            .iter()
            .filter(|name| !guide.contains(&format!("`{name}`")))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}

#[test]
fn both_languages_have_the_same_commands_and_live_links() {
    let (english, japanese) = (document("docs/guide.md"), document("docs/guide.ja.md"));
    assert_eq!(blocks(&english), blocks(&japanese));
    for guide in [&english, &japanese] {
        let targets: BTreeSet<&str> = guide
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
            .filter(|target| !target.starts_with('#') && !target.contains("://"))
            .collect();
        for target in targets {
            assert!(root().join("docs").join(target).exists(), "{target}");
        }
    }
}
