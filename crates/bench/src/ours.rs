//! A server of ours that is started for the occasion: the release's binary, its data in a directory of its own.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use rehome::api_client::ApiClient;

use crate::process::Process;
use crate::target::{PoolNames, Target};

/// The pool that is loaded.
pub(crate) const POOL: &str = "us-east-1_BenchPool";
const CLIENT: &str = "benchclient";
const OLD_POOL: &str = "us-east-1_OldBenchP";
const OLD_CLIENT: &str = "oldbenchclient";
const FUNCTION: &str = "arn:aws:lambda:us-east-1:000000000000:function:Migrate";

/// The pools file: the pool, and the old one that its *migrate user* function asks.
pub(crate) fn pools_file() -> String {
    format!(
        r#"
[[user_pools]]
id = "{POOL}"
username_attributes = ["email"]
case_sensitive = false
lambda_config = {{ UserMigration = "{FUNCTION}" }}
app_clients = [{{ id = "{CLIENT}", explicit_auth_flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"], prevent_user_existence_errors = "ENABLED" }}]

[[user_pools]]
id = "{OLD_POOL}"
username_attributes = ["email"]
case_sensitive = false
app_clients = [{{ id = "{OLD_CLIENT}", explicit_auth_flows = ["ALLOW_ADMIN_USER_PASSWORD_AUTH"] }}]
"#
    )
}

/// The function, without what spares an old pool that is not to be loaded: this one is.
fn functions_file(url: &str) -> String {
    format!(
        r#"
[functions."{FUNCTION}"]
builtin = "migration"
from = {{ kind = "cognito", endpoint = "{url}", user_pool_id = "{OLD_POOL}", client_id = "{OLD_CLIENT}" }}
shield = {{ per_second = 0, concurrency = 0 }}
"#
    )
}

/// Where a server keeps its pools.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// In a data directory.
    Directory(PathBuf),
    /// In PostgreSQL.
    Postgres(String),
}

/// A running server; it ends with this.
#[derive(Debug)]
pub(crate) struct Ours {
    child: Child,
    /// Where it answers.
    pub(crate) url: String,
    /// From the start of the process to the first answer.
    pub(crate) start: Duration,
    /// Bytes of memory before the first request.
    pub(crate) idle: u64,
}

impl Ours {
    /// Starts a server; `files` is a directory for its key and its functions file, `core` the one that it may use, if it is to
    /// have but one.
    ///
    /// # Errors
    /// When there is no binary, or it does not serve.
    pub(crate) fn start(place: &Place, files: &Path, core: Option<usize>) -> anyhow::Result<Self> {
        // The functions file names the port before there is a server on it.
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let listen = format!("127.0.0.1:{port}");
        let functions = files.join(format!("functions-{port}.toml"));
        fs::write(&functions, functions_file(&format!("http://{listen}")))?;
        let pools = files.join("pools.toml");
        fs::write(&pools, pools_file())?;
        let binary = binary()?;
        let mut command = match core {
            None => Command::new(&binary),
            Some(core) => {
                let mut pinned = Command::new("taskset");
                pinned.args(["--cpu-list", &core.to_string()]).arg(&binary);
                pinned
            }
        };
        command.args(["serve", "--listen", &listen]);
        match place {
            Place::Directory(data) => command.arg("--data").arg(data),
            Place::Postgres(url) => command.args(["--database-url", url]),
        };
        command.arg("--master-key-file").arg(files.join("master.key"));
        command
            .arg("--functions")
            .arg(&functions)
            .arg("--pools")
            .arg(&pools);
        let log = fs::File::create(files.join(format!("log-{port}")))?;
        let began = Instant::now();
        let mut child = command
            .env("REHOME_LOG", "warn")
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .with_context(|| format!("{} cannot be started", binary.display()))?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
        let start = began.elapsed();
        if !line.contains("serves") {
            bail!("the server did not start; see {}", files.display());
        }
        let idle = Process(child.id()).memory()?;
        Ok(Self {
            child,
            url: format!("http://{listen}"),
            start,
            idle,
        })
    }

    /// The server as something to be loaded, without users yet.
    ///
    /// # Errors
    /// When no client can be made.
    pub(crate) fn target(&self, name: &str) -> anyhow::Result<Target> {
        let pool = PoolNames {
            user_pool: POOL.to_owned(),
            client: CLIENT.to_owned(),
            old_pool: Some(OLD_POOL.to_owned()),
        };
        let api = ApiClient::new(&self.url)?;
        Ok(Target::new(name, api, pool, vec![Process(self.child.id())]))
    }
}

impl Drop for Ours {
    fn drop(&mut self) {
        let id = i32::try_from(self.child.id()).ok();
        if let Some(id) = id.and_then(rustix::process::Pid::from_raw) {
            let _gone = rustix::process::kill_process(id, rustix::process::Signal::TERM);
        }
        let _gone = self.child.wait();
    }
}

/// Makes the master key of servers to come.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn make_key(files: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let path = files.join("master.key");
    // The users of a bench are nobody's: any key will do, and the same one makes runs alike.
    fs::write(&path, "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n")?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
    Ok(())
}

/// The binary of the release, beside this program's.
fn binary() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let binary = own.with_file_name("rehome");
    if !binary.exists() {
        bail!(
            "{} is not there: cargo build --release --package rehome makes it",
            binary.display()
        );
    }
    Ok(binary)
}
