//! What is under `deploy`: the templates hold the policies that `rehome policy` prints, the alarms and dashboards name
//! metrics that exist, and the checkers of the field find nothing.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use function::{Record, metrics};
use serde_json::json;
use tempfile::TempDir;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// What `cargo xtask test` has installed under this variable.
fn installed(variable: &str) -> PathBuf {
    std::env::var_os(variable)
        .unwrap_or_else(|| panic!("run `cargo xtask test`: it installs the checkers ({variable})"))
        .into()
}

/// A program that comes with the checkers' Python.
fn checker(name: &str) -> Command {
    let python = installed("REHOME_TEST_DEPLOY_PYTHON");
    let mut command = Command::new(python.with_file_name(name));
    command
        .env("PYTHONPYCACHEPREFIX", python.with_file_name("pycache"))
        .env("AWS_DEFAULT_REGION", "eu-west-1")
        .env("SAM_CLI_TELEMETRY", "0");
    command
}

/// Runs it to its end, which must be a good one.
fn succeed(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().expect("the program starts");
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(
        output.status.success(),
        "{command:?}: {}\n{out}\n{err}",
        output.status
    );
}

/// The files of a folder, and those of its folders.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        if ["node_modules", "build", "cdk.out"]
            .iter()
            .any(|made| name == *made)
        {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to.join(name));
        } else {
            std::fs::copy(entry.path(), to.join(name)).unwrap();
        }
    }
}

/// Compiles the construct, runs its tests, and gives the templates that they leave.
fn cdk_templates() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let deploy = folder.path().join("deploy");
    for part in ["cdk", "dashboards"] {
        copy(&root().join("deploy").join(part), &deploy.join(part));
    }
    let cdk = deploy.join("cdk");
    std::os::unix::fs::symlink(
        installed("REHOME_TEST_CDK_NODE_MODULES"),
        cdk.join("node_modules"),
    )
    .unwrap();
    succeed(
        Command::new("node")
            .arg("node_modules/typescript/bin/tsc")
            .current_dir(&cdk),
    );
    let templates = tempfile::tempdir().unwrap();
    succeed(
        Command::new("node")
            .args(["--test", "build/test"])
            .current_dir(&cdk)
            .env("TEMPLATES", templates.path()),
    );
    templates
}

/// The members of a decision's log line that the query of a dashboard may name.
fn fields() -> Vec<String> {
    let record = Record {
        standing: Some("active"),
        cause: Some("throttled"),
        ..Record::default()
    };
    let members = serde_json::to_value(record).unwrap();
    let names = members.as_object().unwrap().keys().cloned();
    names.chain(["message".to_owned()]).collect()
}

/// Runs a script of `tests/deploy`.
fn check(script: &str, templates: &Path) {
    let scene = json!({
        "rehome": env!("CARGO_BIN_EXE_rehome"),
        "deploy": root().join("deploy"),
        "templates": templates,
        "emitted": {
            "namespace": metrics::NAMESPACE,
            "metrics": metrics::METRICS.map(|(name, _)| name),
            "dimensions": metrics::DIMENSIONS,
            "outcomes": metrics::OUTCOMES,
            "fields": fields(),
        },
    });
    let script = root().join("tests/deploy").join(script);
    succeed(
        checker("python")
            .arg(script)
            .env("REHOME_SCENE", scene.to_string()),
    );
}

#[test]
fn the_cdk_s_assertions_hold_and_every_template_has_the_same_policies_and_alarms() {
    let templates = cdk_templates();
    check("policies.py", templates.path());
    check("eyes.py", templates.path());
    let made = std::fs::read_dir(templates.path()).unwrap();
    let mut lint = checker("cfn-lint");
    lint.args(made.map(|file| file.unwrap().path()));
    succeed(lint.args(
        ["sam/template.yaml", "old-account/template.yaml"].map(|name| root().join("deploy").join(name)),
    ));
}

#[test]
fn sam_validates_its_template() {
    let home = tempfile::tempdir().unwrap();
    let template = root().join("deploy/sam/template.yaml");
    let mut sam = checker("sam");
    sam.args(["validate", "--lint", "--template"]).arg(template);
    // It keeps a file about itself in the home folder.
    succeed(sam.env("HOME", home.path()));
}
