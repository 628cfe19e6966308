//! Clients are programs; this runs them to their end.

use std::process::Stdio;

use serde_json::Value;
use testkit::TestServer;
use tokio::process::Command;

use crate::scene::{python, scripts};

/// Runs a client, which must succeed; gives what it printed.
async fn run(command: &mut Command) -> String {
    let output = command
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .expect("the client starts");
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{}\n{out}\n{err}", output.status);
    out.into_owned()
}

/// Runs a script of `tests/clients/python`, which finds `scene` in its environment.
pub(crate) async fn run_python(script: &str, scene: &Value) {
    let mut command = Command::new(python());
    command
        .arg(scripts("python").join(script))
        .env("PYTHONDONTWRITEBYTECODE", "1");
    run(command.env("REHOME_SCENE", scene.to_string())).await;
}

/// Runs a script of `tests/clients/node`, which finds `scene` in its environment.
pub(crate) async fn run_node(script: &str, scene: &Value) {
    let modules = std::env::var_os("REHOME_TEST_NODE_MODULES")
        .expect("run `cargo xtask test`: it installs the JavaScript clients");
    // Modules are resolved from where a script lies, so the scripts go beside the clients.
    let home = tempfile::tempdir().expect("a folder");
    std::os::unix::fs::symlink(modules, home.path().join("node_modules")).expect("a link");
    for entry in std::fs::read_dir(scripts("node")).expect("the scripts") {
        let entry = entry.expect("a script");
        if entry
            .path()
            .extension()
            .is_some_and(|extension| extension == "mjs")
        {
            std::fs::copy(entry.path(), home.path().join(entry.file_name())).expect("a copy");
        }
    }
    let mut command = Command::new("node");
    command
        .arg("--preserve-symlinks")
        .arg(home.path().join(script))
        .env("REHOME_SCENE", scene.to_string());
    run(&mut command).await;
}

/// Runs the AWS CLI, with the endpoint added and nothing else; gives what it answers.
pub(crate) async fn aws(server: &TestServer, arguments: &[&str]) -> Value {
    let mut command = Command::new(python().with_file_name("aws"));
    command
        .args(["cognito-idp", "--endpoint-url", server.url()])
        .args(arguments)
        .env_remove("AWS_PROFILE")
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .env("AWS_PAGER", "");
    serde_json::from_str(&run(&mut command).await).expect("the CLI prints JSON")
}
