//! Nodes of the last release and of this one, on what they share.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use pool::ports::SystemEntropy;
use pool::seal::MasterKey;
use serde_json::Value;
use tempfile::{TempDir, tempdir};

use crate::process::{Served, run, text};

/// Which `rehome` a node runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Release {
    Last,
    This,
}

/// What all nodes are started with.
pub(crate) struct Home {
    folder: TempDir,
    last_release: PathBuf,
    arguments: Vec<String>,
}

impl Home {
    /// A folder with a master key and this pools file; nothing where the last release is left out, of which `cargo xtask test` has
    /// told.
    pub(crate) fn new(pools: &str) -> Option<Self> {
        let last_release = last_release()?;
        let mut home = Self {
            folder: tempdir().unwrap(),
            last_release,
            arguments: Vec::new(),
        };
        let key = MasterKey::generate(&SystemEntropy);
        home.file_for("--master-key-file", "master.key", key.expose_base64().as_str());
        home.file_for("--pools", "pools.toml", pools);
        Some(home)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Another setting of all nodes.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.arguments.extend([name.to_owned(), value.to_owned()]);
    }

    /// Another setting that names a file.
    pub(crate) fn file_for(&mut self, name: &str, file: &str, content: &str) {
        let path = self.path(file);
        std::fs::write(&path, content).unwrap();
        self.set(name, path.to_str().unwrap());
    }

    pub(crate) fn command(&self, release: Release) -> Command {
        let mut command = match release {
            Release::Last => Command::new(&self.last_release),
            Release::This => Command::new(env!("CARGO_BIN_EXE_rehome")),
        };
        command.env_clear().stdin(Stdio::null());
        command
    }

    /// Starts a node.
    pub(crate) fn start(&self, release: Release) -> Served {
        let mut command = self.command(release);
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]);
        command.arg(self.path("data")).args(&self.arguments);
        Served::spawn(command, &self.path("log"))
    }

    /// What nodes have said that is worth a look.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let log = std::fs::read_to_string(self.path("log")).unwrap();
        let complaints = log.lines().filter(|line| line.contains(" ERROR "));
        complaints.map(ToOwned::to_owned).collect()
    }
}

/// Stops a node as an administrator does.
pub(crate) async fn stop(mut node: Served) {
    node.terminate();
    let ended = tokio::task::spawn_blocking(move || node.child.wait())
        .await
        .unwrap();
    assert_eq!(ended.unwrap().code(), Some(0));
}

/// Runs a script of `tests/clients`, which finds `scene` in its environment.
pub(crate) async fn script(name: &str, scene: &Value) {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/clients");
    let modules = tempdir().unwrap();
    let mut command = if Path::new(name).extension().is_some_and(|kind| kind == "py") {
        let mut python = Command::new(told("REHOME_TEST_PYTHON"));
        python.arg(scripts.join("python").join(name));
        python
    } else {
        // Modules are resolved from where a script lies, so the scripts go beside the clients.
        let home = modules.path();
        std::os::unix::fs::symlink(told("REHOME_TEST_NODE_MODULES"), home.join("node_modules")).unwrap();
        for script in [name, "scene.mjs"] {
            std::fs::copy(scripts.join("node").join(script), home.join(script)).unwrap();
        }
        let mut node = Command::new("node");
        node.arg("--preserve-symlinks").arg(home.join(name));
        node
    };
    command
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("REHOME_SCENE", scene.to_string())
        .stdin(Stdio::null());
    let output = run(command).await;
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(
        output.status.success(),
        "{name}, {scene}: {}\n{out}\n{err}",
        output.status
    );
}

/// The `rehome` of the last release; nothing where its history is not there.
fn last_release() -> Option<PathBuf> {
    let path = told("REHOME_TEST_LAST_RELEASE");
    (!path.is_empty()).then(|| PathBuf::from(path))
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests are told in the environment where things are"
)]
fn told(variable: &str) -> OsString {
    std::env::var_os(variable).unwrap_or_else(|| {
        panic!("run `cargo xtask test`: it installs what the tests need, and sets {variable}")
    })
}
