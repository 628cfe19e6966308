//! AWS's own encryption clients open what the pool encrypts for custom senders.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

mod scene;

use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pool::encryption_sdk::{EncryptionContext, WrappingKey, encrypt};
use pool::ports::{Entropy as _, SystemEntropy};
use serde_json::{Value, json};

use scene::{python, scripts};

const ARN: &str = "arn:aws:kms:us-east-1:000000000000:key/0b4cfe42-7a1c-4e51-9c0d-2f6f2c1f7a10";
const POOL: &str = "us-east-1_AbCdEf123";
/// A temporary password, the longest kind of code.
const PLAINTEXT: &str = "Tëmporary-{####}-1";

/// What a script needs to open a code.
fn scene() -> Value {
    let mut bytes = [0; 32];
    SystemEntropy.fill(&mut bytes);
    let key = STANDARD.encode(bytes);
    let wrapping_key = WrappingKey::parse(ARN, &key).unwrap();
    let context = EncryptionContext::from([("userpool-id", POOL)]);
    let message = encrypt(&wrapping_key, &context, PLAINTEXT.as_bytes(), &SystemEntropy).unwrap();
    json!({
        "keyNamespace": WrappingKey::NAMESPACE, "keyName": ARN, "key": key, "code": STANDARD.encode(message),
        "plaintext": PLAINTEXT, "userPoolId": POOL,
    })
}

fn run(command: &mut Command) {
    let command = command.env("REHOME_SCENE", scene().to_string());
    let output = command.stdin(Stdio::null()).output().expect("the client starts");
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{}\n{out}\n{err}", output.status);
}

#[test]
fn the_encryption_sdk_for_python_opens_a_code() {
    let mut command = Command::new(python());
    run(command
        .arg(scripts("python").join("encryption_sdk.py"))
        .env("PYTHONDONTWRITEBYTECODE", "1"));
}

#[test]
fn the_encryption_sdk_for_javascript_opens_a_code() {
    let modules = std::env::var_os("REHOME_TEST_NODE_MODULES")
        .expect("run `cargo xtask test`: it installs the JavaScript clients");
    // Modules are resolved from where a script lies, so the scripts go beside the clients.
    let home = tempfile::tempdir().expect("a folder");
    std::os::unix::fs::symlink(modules, home.path().join("node_modules")).expect("a link");
    for name in ["scene.mjs", "encryption_sdk.mjs"] {
        std::fs::copy(scripts("node").join(name), home.path().join(name)).expect("a script");
    }
    run(Command::new("node")
        .arg("--preserve-symlinks")
        .arg(home.path().join("encryption_sdk.mjs")));
}
