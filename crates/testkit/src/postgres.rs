//! A real PostgreSQL for tests: its own directory, its own port, gone with the process that started it.
//!
//! Tests of other crates take this file in by its path, so it needs nothing but the standard library.

use std::fs::{File, Permissions};
use std::io::{self, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Names the directory of `initdb`, `pg_ctl` and `psql` where they are not in Debian's.
const PROGRAMS: &str = "REHOME_TEST_POSTGRES";

/// Who the stores are at the server: no superuser, as it should be.
pub const USER: &str = "rehome";

/// The user's password; asked for by TCP, not by the socket.
pub const PASSWORD: &str = "a password / with @ signs";

/// Waits until the test's process has gone, however it went, then stops the server, who watches it and who is frozen, and
/// removes its directory.
const KEEPER: &str = r#"trap '' HUP INT TERM
read -r nothing
watcher=$(cat "$1/repmgrd.pid" 2>/dev/null)
[ -n "$watcher" ] && kill -KILL "$watcher" 2>/dev/null
pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
if [ -n "$pid" ]; then
    children=$(cat "/proc/$pid/task/$pid/children" 2>/dev/null)
    kill -QUIT "$pid" 2>/dev/null
    kill -CONT "$pid" $children 2>/dev/null
    while kill -0 "$pid" 2>/dev/null; do sleep 0.02; done
fi
rm -rf "$1""#;

/// What differs from the defaults. Nothing is flushed to the disk: a killed server loses nothing by that, only a machine
/// without power would.
const SETTINGS: &str = "\
listen_addresses = '127.0.0.1'
fsync = off
max_connections = 300
shared_buffers = 64MB
deadlock_timeout = '50ms'
log_min_messages = warning
";

const ACCESS: &str = "\
local all all trust
local replication all trust
host all all 127.0.0.1/32 scram-sha-256
";

/// A server of PostgreSQL with its databases.
#[derive(Debug)]
pub struct Cluster {
    directory: PathBuf,
    port: u16,
    programs: PathBuf,
    /// As whom the server runs: it refuses to be root.
    runs_as: Option<(u32, u32)>,
    /// Its standard input is the thread that the server's life hangs on.
    keeper: Child,
}

/// A database of one test, gone with it.
#[derive(Debug)]
pub struct Database<'c> {
    cluster: &'c Cluster,
    name: String,
}

impl Cluster {
    /// The server that all tests of this process share.
    ///
    /// # Errors
    /// What keeps PostgreSQL from starting; the first time only, then what was said again.
    pub fn shared() -> io::Result<&'static Self> {
        static SHARED: OnceLock<Result<Cluster, String>> = OnceLock::new();
        let shared = SHARED.get_or_init(|| Self::start().map_err(|error| error.to_string()));
        shared.as_ref().map_err(|error| io::Error::other(error.as_str()))
    }

    /// A server of its own, for a test that ill-treats it.
    ///
    /// # Errors
    /// What keeps PostgreSQL from starting.
    pub fn start() -> io::Result<Self> {
        let cluster = Self::without_files()?;
        cluster.make()?;
        cluster.restart()?;
        let role = format!("CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD}'");
        cluster.sql("postgres", &role)?;
        Ok(cluster)
    }

    /// A place for a server, and a port.
    pub(crate) fn without_files() -> io::Result<Self> {
        let programs = programs()?;
        let runs_as = runs_as()?;
        // Not below the build's directory: another user may not get there, and a socket's path is short.
        let directory = fresh_directory()?;
        if let Some((user, group)) = runs_as {
            chown(&directory, Some(user), Some(group))?;
        }
        let keeper = Command::new("sh")
            .args(["-c", KEEPER, "keeper"])
            .arg(&directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Out of reach of what is sent to the test's group.
            .process_group(0)
            .spawn()?;
        Ok(Self {
            directory,
            port: TcpListener::bind("127.0.0.1:0")?.local_addr()?.port(),
            programs,
            runs_as,
            keeper,
        })
    }

    /// Starts the server after [`Cluster::kill`] or [`Cluster::stop`]; it answers when this returns.
    ///
    /// # Errors
    /// What it says when it does not.
    pub fn restart(&self) -> io::Result<()> {
        let log = self.directory.join("log");
        let mut start = self.program("pg_ctl");
        start
            .args(["start", "--wait", "--silent", "--pgdata"])
            .arg(self.data())
            .arg("--log")
            .arg(&log);
        run(&mut start).map(drop).map_err(|error| {
            let said = std::fs::read_to_string(&log).unwrap_or_default();
            io::Error::other(format!("{error}\n{said}"))
        })
    }

    /// Stops the server as an administrator does who does not wait for clients.
    ///
    /// # Errors
    /// When it does not stop.
    pub fn stop(&self) -> io::Result<()> {
        let mut stop = self.program("pg_ctl");
        stop.args(["stop", "--wait", "--silent", "--mode", "fast", "--pgdata"])
            .arg(self.data());
        run(&mut stop).map(drop)
    }

    /// Kills the server and waits until none of its processes is left.
    ///
    /// # Errors
    /// When there is none.
    pub fn kill(&self) -> io::Result<()> {
        let pid = std::fs::read_to_string(self.data().join("postmaster.pid"))?;
        let pid = pid.lines().next().unwrap_or_default();
        // The others go when they see that the first has gone; the data are theirs until then.
        let script = r#"children=$(cat "/proc/$1/task/$1/children"); kill -KILL "$1" $children
            for pid in "$1" $children; do while kill -0 "$pid" 2>/dev/null; do sleep 0.02; done; done"#;
        run(Command::new("sh").args(["-c", script, "kill", pid])).map(drop)
    }

    /// A new, empty database that belongs to [`USER`].
    ///
    /// # Errors
    /// What the server says.
    pub fn database(&self) -> io::Result<Database<'_>> {
        self.database_with("")
    }

    /// The same with more words for `CREATE DATABASE`.
    ///
    /// # Errors
    /// What the server says.
    pub fn database_with(&self, words: &str) -> io::Result<Database<'_>> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let create = format!("CREATE DATABASE {name} OWNER {USER} TEMPLATE template0 {words}");
        self.sql("postgres", &create)?;
        Ok(Database { cluster: self, name })
    }

    /// Runs a statement as the superuser; gives its rows, columns with `|` between.
    ///
    /// # Errors
    /// What the server says.
    pub fn sql(&self, database: &str, sql: &str) -> io::Result<String> {
        let mut psql = self.program("psql");
        psql.args([
            "--no-psqlrc",
            "--quiet",
            "--no-align",
            "--tuples-only",
            "--username",
            "postgres",
        ])
        .arg("--host")
        .arg(&self.directory)
        .args([
            "--port",
            &self.port.to_string(),
            "--dbname",
            database,
            "--command",
            sql,
        ]);
        let rows = run(&mut psql)?;
        Ok(rows.trim_end().to_owned())
    }

    /// The URL of a database by the server's socket, which asks for no password.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        let directory = self.directory.display();
        format!(
            "postgres://{USER}@/{database}?host={directory}&port={}",
            self.port
        )
    }

    /// The server's port of TCP, on loopback.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The server's directory.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Takes a file in that only the server may read, as a key has to be; gives its place.
    ///
    /// # Errors
    /// When it cannot be copied.
    pub fn take_in(&self, file: &Path) -> io::Result<PathBuf> {
        let name = file.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        let own = self.directory.join(name);
        std::fs::copy(file, &own)?;
        std::fs::set_permissions(&own, Permissions::from_mode(0o600))?;
        if let Some((user, group)) = self.runs_as {
            chown(&own, Some(user), Some(group))?;
        }
        Ok(own)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    /// Makes the files. Texts are sorted as an English reader expects, which is not how the store compares them.
    pub(crate) fn make(&self) -> io::Result<()> {
        let mut initdb = self.program("initdb");
        initdb
            .args(["--username", "postgres", "--encoding", "UTF8", "--no-sync"])
            .args([
                "--locale",
                "C.UTF-8",
                "--locale-provider",
                "icu",
                "--icu-locale",
                "en-US",
            ])
            .arg("--pgdata")
            .arg(self.data());
        run(&mut initdb)?;
        self.set(SETTINGS)?;
        self.set_own_place()?;
        std::fs::write(self.data().join("pg_hba.conf"), ACCESS)
    }

    /// Where the server itself listens, which its copies do not.
    pub(crate) fn set_own_place(&self) -> io::Result<()> {
        let directory = self.directory.display();
        self.set(&format!(
            "port = {}\nunix_socket_directories = '{directory}'\n",
            self.port
        ))
    }

    /// Adds lines to the server's settings; the last word counts.
    pub(crate) fn set(&self, lines: &str) -> io::Result<()> {
        let settings = self.data().join("postgresql.conf");
        File::options()
            .append(true)
            .open(settings)?
            .write_all(lines.as_bytes())
    }

    /// A program of PostgreSQL, run as the server is.
    pub(crate) fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        if let Some((user, group)) = self.runs_as {
            command.uid(user).gid(group);
        }
        command.current_dir(&self.directory).stdin(Stdio::null());
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _gone = self.keeper.wait();
    }
}

impl Database<'_> {
    /// Its URL by the server's socket, which asks for no password.
    #[must_use]
    pub fn url(&self) -> String {
        self.cluster.url(&self.name)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs a statement in it as the superuser.
    ///
    /// # Errors
    /// What the server says.
    pub fn sql(&self, sql: &str) -> io::Result<String> {
        self.cluster.sql(&self.name, sql)
    }
}

impl Drop for Database<'_> {
    fn drop(&mut self) {
        // Where it stays, it goes with the server.
        let _gone = self
            .cluster
            .sql("postgres", &format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

/// Where PostgreSQL's programs are: the newest of Debian's, if nobody says otherwise.
#[expect(
    clippy::disallowed_methods,
    reason = "tests are told in the environment where things are"
)]
fn programs() -> io::Result<PathBuf> {
    if let Some(named) = std::env::var_os(PROGRAMS) {
        return Ok(named.into());
    }
    let releases = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let newest = releases
        .flatten()
        .filter_map(|release| {
            let number: u32 = release.file_name().to_str()?.parse().ok()?;
            let programs = release.path().join("bin");
            programs.join("initdb").is_file().then_some((number, programs))
        })
        .max();
    newest.map(|(_, programs)| programs).ok_or_else(|| {
        io::Error::other(format!(
            "the tests need PostgreSQL, 15 or newer: run `cargo xtask test`, or install it (Debian: postgresql), or name \
             the directory of its programs in {PROGRAMS}"
        ))
    })
}

/// As whom the server runs, when that is not the test's own user: root may not.
fn runs_as() -> io::Result<Option<(u32, u32)>> {
    if std::fs::metadata("/proc/self")?.uid() != 0 {
        return Ok(None);
    }
    let id = |what| -> io::Result<u32> {
        let id = run(Command::new("id").args([what, "postgres"]))?;
        id.trim().parse().map_err(io::Error::other)
    };
    Ok(Some((id("-u")?, id("-g")?)))
}

fn fresh_directory() -> io::Result<PathBuf> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let directory = std::env::temp_dir().join(format!("rehome-postgres-{}-{number}", std::process::id()));
    std::fs::create_dir(&directory)?;
    std::fs::set_permissions(&directory, Permissions::from_mode(0o700))?;
    Ok(directory)
}

/// Runs a program to its end; gives what it wrote.
pub(crate) fn run(command: &mut Command) -> io::Result<String> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!(
        "{} failed: {said}",
        command.get_program().display()
    )))
}
