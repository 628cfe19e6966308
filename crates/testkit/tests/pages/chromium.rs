//! Scripts that drive a real browser. What was seen is kept as pictures in `target/screenshots`.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::process::Command;

const WORDS: [(&str, &str); 2] = [
    ("en", include_str!("../../../server/src/pages/words/en.toml")),
    ("ja", include_str!("../../../server/src/pages/words/ja.toml")),
];

/// The texts of the pages by language.
pub(crate) fn words() -> Value {
    let words = WORDS.map(|(tag, text)| (tag.to_owned(), toml::from_str::<Value>(text).unwrap()));
    serde_json::Map::from_iter(words).into()
}

/// Where pictures go.
pub(crate) fn screenshots() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .unwrap()
        .join("screenshots")
}

/// A port for the app that people come from.
pub(crate) async fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().port()
}

/// Where Debian has it, unless the environment says otherwise.
pub(crate) fn path() -> PathBuf {
    let path = std::env::var_os("REHOME_TEST_CHROMIUM").unwrap_or_else(|| "/usr/bin/chromium".into());
    let path = PathBuf::from(path);
    assert!(
        path.is_file(),
        "there is no Chromium at {}; run `cargo xtask test`",
        path.display()
    );
    path
}

/// Runs a script beside the JavaScript clients, since modules are resolved from where it lies.
pub(crate) async fn run(script: &str, scene: &Value) {
    let modules = std::env::var_os("REHOME_TEST_NODE_MODULES")
        .expect("run `cargo xtask test`: it installs the clients");
    let home = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(modules, home.path().join("node_modules")).unwrap();
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/clients/node");
    for name in ["scene.mjs", "pages_browser.mjs", script] {
        std::fs::copy(scripts.join(name), home.path().join(name)).unwrap();
    }
    let output = Command::new("node")
        .arg("--preserve-symlinks")
        .arg(home.path().join(script))
        .env("REHOME_SCENE", scene.to_string())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{}\n{}\n{told}",
        output.status,
        String::from_utf8_lossy(&output.stdout)
    );
}
