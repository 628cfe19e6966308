//! Files of master keys, servers on one database, and what they say.

use std::path::PathBuf;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pool::ports::SystemEntropy;
use pool::seal::{MasterKey, Sealer};
use serde_json::Value;
use tempfile::{TempDir, tempdir};

use crate::process::{Served, rehome, run, text};

/// A folder of files, and a database.
pub(crate) struct Scene {
    folder: TempDir,
    /// How a command is told of the database.
    database: Vec<String>,
}

/// A key, as a file holds it, and its id.
pub(crate) struct Key {
    pub(crate) line: String,
    pub(crate) id: String,
}

impl Key {
    pub(crate) fn new() -> Self {
        let key = MasterKey::generate(&SystemEntropy);
        Self {
            line: key.expose_base64().to_string(),
            id: Sealer::new(&key).unwrap().sealing().to_string(),
        }
    }

    /// How the text begins of what is sealed under it: Base64 of a version and the id.
    pub(crate) fn beginning(&self) -> String {
        let id = u32::from_str_radix(&self.id, 16).unwrap().to_be_bytes();
        let beginning = STANDARD.encode([&[1], id.as_slice()].concat());
        beginning[..6].to_owned()
    }
}

impl Scene {
    /// On a file of SQLite.
    pub(crate) fn on_a_file() -> Self {
        let folder = tempdir().unwrap();
        let data = folder.path().join("data");
        let database = vec!["--data".to_owned(), data.to_str().unwrap().to_owned()];
        Self { folder, database }
    }

    /// On a database of PostgreSQL.
    pub(crate) fn on_postgres(url: String) -> Self {
        let folder = tempdir().unwrap();
        let database = vec!["--database-url".to_owned(), url];
        Self { folder, database }
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of keys, one a line; gives its path.
    pub(crate) fn keys(&self, name: &str, keys: &[&Key]) -> String {
        let lines: Vec<_> = keys.iter().map(|key| key.line.as_str()).collect();
        let file = self.file(name);
        std::fs::write(&file, lines.join("\n")).unwrap();
        file.to_str().unwrap().to_owned()
    }

    /// Starts a server with this file of keys.
    pub(crate) fn serve(&self, keys: &str) -> Served {
        self.try_serve(keys)
            .unwrap_or_else(|told| panic!("{told}: {}", self.log()))
    }

    /// The same, where it may be refused: then what it told.
    pub(crate) fn try_serve(&self, keys: &str) -> Result<Served, String> {
        let mut command = rehome(["serve", "--listen", "127.0.0.1:0", "--master-key-file", keys]);
        command.args(&self.database);
        let pools = self.file("pools.toml");
        if pools.exists() {
            command.arg("--pools").arg(pools);
        }
        Served::try_spawn(command, &self.file("log"))
    }

    /// What a server that is refused with this file of keys says.
    pub(crate) async fn refused(&self, keys: &str) -> String {
        let mut command = rehome(["serve", "--listen", "127.0.0.1:0", "--master-key-file", keys]);
        command.args(&self.database);
        let output = run(command).await;
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert_eq!(text(&output.stdout), "");
        said
    }

    /// `rehome master-key` with this file of keys.
    fn master_key(&self, action: &str, keys: &str) -> Command {
        let mut command = rehome(["master-key", action, "--master-key-file", keys]);
        command.args(&self.database);
        command
    }

    /// What changes to the new key of this file.
    pub(crate) fn rotate(&self, keys: &str) -> Command {
        self.master_key("rotate", keys)
    }

    /// What the keys are for.
    pub(crate) async fn status(&self, keys: &str) -> Vec<Value> {
        let mut command = self.master_key("status", keys);
        command.arg("--json");
        let output = run(command).await;
        assert!(output.status.success(), "{}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.file("log")).unwrap()
    }
}
