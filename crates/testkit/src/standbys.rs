//! A primary of PostgreSQL with two standbys and a failover manager, as people run it who must not lose anybody.
//!
//! The manager is repmgr: its daemon, one beside each server, needs nothing but the servers themselves, so that three
//! processes more make the whole; Patroni would need a cluster of etcd beside it. A commit is acknowledged when one of the
//! standbys has it too (`ANY 1 (*)`), and of two the one that has more is promoted, so what was acknowledged is there. With
//! one standby alone nobody could be waited for after a failover.

use std::fs::{File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::postgres::{Cluster, PASSWORD, USER, run};

/// What the servers need beside the settings of any other in the tests.
const SETTINGS: &str = "\
wal_level = replica
hot_standby = on
wal_keep_size = 256MB
shared_preload_libraries = 'repmgr'
";

/// From when on nothing is acknowledged that a standby lacks.
const SYNCHRONOUS: &str = "synchronous_standby_names = 'ANY 1 (*)'\n";

/// Signals a server and whatever belongs to it, the failover manager's daemon too: as if the machine were gone or stood still.
const SIGNAL: &str = r#"pid=$(head -n 1 "$2/data/postmaster.pid"); watcher=$(cat "$2/repmgrd.pid")
    children=$(cat "/proc/$pid/task/$pid/children")
    kill "-$1" "$watcher" "$pid" $children
    if [ "$1" = KILL ]; then
        for pid in "$pid" $children; do while kill -0 "$pid" 2>/dev/null; do sleep 0.02; done; done
        rm -f "$2/repmgrd.pid"
    fi"#;

/// Three servers; which of them is the primary changes.
#[derive(Debug)]
pub struct Standbys {
    servers: [Cluster; 3],
}

impl Standbys {
    /// Starts a primary, its two standbys and who watches them.
    ///
    /// # Errors
    /// What keeps one of them from starting; Debian's package `postgresql-15-repmgr` has to be there.
    pub fn start() -> io::Result<Self> {
        let primary = Cluster::without_files()?;
        primary.make()?;
        primary.set(SETTINGS)?;
        primary.restart()?;
        let role = format!("CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD}'");
        primary.sql("postgres", &role)?;
        let standbys = Self {
            servers: [primary, Cluster::without_files()?, Cluster::without_files()?],
        };
        for place in 0..3 {
            standbys.configure(place)?;
        }
        standbys.repmgr(0, &["primary", "register"])?;
        for place in 1..3 {
            standbys.copy(0, place)?;
        }
        for place in 0..3 {
            standbys.servers[place].set(SYNCHRONOUS)?;
            standbys.reload(place)?;
            standbys.watch(place)?;
        }
        Ok(standbys)
    }

    /// The URL of a database by TCP, with all three hosts.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        let hosts = self
            .servers
            .each_ref()
            .map(|server| format!("127.0.0.1:{}", server.port()));
        url(&hosts.join(","), database)
    }

    /// The URL of a database on one of them.
    #[must_use]
    pub fn url_of(&self, place: usize, database: &str) -> String {
        url(&format!("127.0.0.1:{}", self.servers[place].port()), database)
    }

    /// Makes a database that belongs to [`USER`].
    ///
    /// # Errors
    /// What the primary says.
    pub fn create_database(&self, name: &str) -> io::Result<()> {
        let create = format!("CREATE DATABASE {name} OWNER {USER} TEMPLATE template0");
        self.sql(self.primary()?, "postgres", &create).map(drop)
    }

    /// Runs a statement on one of them as the superuser.
    ///
    /// # Errors
    /// What it says.
    pub fn sql(&self, place: usize, database: &str, sql: &str) -> io::Result<String> {
        self.servers[place].sql(database, sql)
    }

    /// The place of the one whose turn it is to take writes: the last to be promoted among those that say so.
    ///
    /// # Errors
    /// When there is none.
    pub fn primary(&self) -> io::Result<usize> {
        const TIMELINE: &str =
            "SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) WHERE NOT pg_is_in_recovery()";
        let timeline = |place: &usize| {
            let said = self.sql_within_a_second(*place, TIMELINE).unwrap_or_default();
            (!said.is_empty()).then_some((said, *place))
        };
        let primary = (0..3).filter_map(|place| timeline(&place)).max();
        primary
            .map(|(_, place)| place)
            .ok_or_else(|| io::Error::other("none of the servers is a primary"))
    }

    /// What each says of itself, and the last that its failover manager has said: for who looks into a failed test.
    #[must_use]
    pub fn told(&self) -> String {
        const STATE: &str = "SELECT pg_is_in_recovery(), timeline_id, (SELECT status FROM pg_stat_wal_receiver) \
            FROM pg_control_checkpoint()";
        let told = (0..3).map(|place| {
            let state = self.sql_within_a_second(place, STATE);
            let log = std::fs::read_to_string(self.servers[place].directory().join("repmgrd.log"));
            let log = log.unwrap_or_default();
            let lines: Vec<&str> = log.lines().collect();
            let last = lines[lines.len().saturating_sub(30)..].join("\n");
            format!("server {place}: {state:?}\n{last}")
        });
        told.collect::<Vec<_>>().join("\n")
    }

    /// Kills a server as if its machine had lost power.
    ///
    /// # Errors
    /// When it does not run.
    pub fn kill(&self, place: usize) -> io::Result<()> {
        self.signal(place, "KILL")
    }

    /// Has a server stand still: its kernel goes on taking connections, nobody answers them.
    ///
    /// # Errors
    /// When it does not run.
    pub fn freeze(&self, place: usize) -> io::Result<()> {
        self.signal(place, "STOP")
    }

    /// Has it go on as if nothing had been.
    ///
    /// # Errors
    /// When it does not run.
    pub fn thaw(&self, place: usize) -> io::Result<()> {
        self.signal(place, "CONT")
    }

    /// Takes a killed server in again, as a new standby of the primary; it follows when this returns.
    ///
    /// # Errors
    /// What keeps it from that.
    pub fn take_back(&self, place: usize) -> io::Result<()> {
        std::fs::remove_dir_all(self.servers[place].data())?;
        self.copy(self.primary()?, place)?;
        self.watch(place)
    }

    /// Makes `place` a standby of `primary`.
    fn copy(&self, primary: usize, place: usize) -> io::Result<()> {
        let from = &self.servers[primary];
        let (socket, port) = (from.directory().display().to_string(), from.port().to_string());
        let source = ["-h", &socket, "-p", &port, "-U", "postgres", "-d", "postgres"];
        let clone = ["standby", "clone", "--fast-checkpoint", "--force"];
        self.repmgr(place, &[&source[..], &clone].concat())?;
        self.servers[place].set_own_place()?;
        self.servers[place].restart()?;
        self.repmgr(place, &["standby", "register", "--force"])
    }

    /// Says to repmgr what it watches. Times are short: a test waits for them.
    fn configure(&self, place: usize) -> io::Result<()> {
        let server = &self.servers[place];
        let (directory, number) = (server.directory().display(), place + 1);
        let configuration = self.configuration(place);
        let (repmgr, own) = (self.repmgr_program(place), configuration.display());
        let text = format!(
            "node_id = {number}\nnode_name = 'node{number}'\n\
             conninfo = 'host={directory} port={} user=postgres dbname=postgres connect_timeout=2'\n\
             data_directory = '{}'\npg_bindir = '{}'\nfailover = automatic\n\
             promote_command = '{repmgr} -f {own} standby promote'\n\
             follow_command = '{repmgr} -f {own} standby follow --upstream-node-id=%n || sh {directory}/follow %n'\n\
             monitor_interval_secs = 1\nreconnect_attempts = 3\nreconnect_interval = 1\n\
             repmgrd_pid_file = '{directory}/repmgrd.pid'\n",
            server.port(),
            server.data().display(),
            PathBuf::from(server.program("postgres").get_program())
                .parent()
                .unwrap_or(&server.data())
                .display(),
        );
        std::fs::write(&configuration, text)?;
        std::fs::set_permissions(&configuration, Permissions::from_mode(0o644))?;
        std::fs::write(server.directory().join("follow"), self.follow(place))
    }

    /// A script that has a standby follow the server whose number it gets, where `repmgr standby follow` refuses: it holds what
    /// the standby has received against the beginning of the new timeline, and the last of what a primary sends that stands still
    /// then may be half a record, which nobody replays. PostgreSQL compares what was replayed.
    fn follow(&self, place: usize) -> String {
        let server = &self.servers[place];
        let psql = server.program("psql");
        let psql = format!(
            "'{}' --no-psqlrc --quiet --username postgres --dbname postgres",
            psql.get_program().display()
        );
        let (directory, port, number) = (server.directory().display(), server.port(), place + 1);
        let cases = self.servers.iter().zip(1..).map(|(upstream, number)| {
            let (directory, port) = (upstream.directory().display(), upstream.port());
            format!("{number}) directory='{directory}' port={port} ;;\n")
        });
        format!(
            "set -e\ncase \"$1\" in\n{}esac\n\
             primary=\"host=$directory port=$port user=postgres connect_timeout=2 application_name=node{number}\"\n\
             {psql} --host '{directory}' --port {port} --command \"ALTER SYSTEM SET primary_conninfo = '$primary'\" \\\n\
             --command 'SELECT pg_reload_conf()'\n\
             {psql} --host \"$directory\" --port \"$port\" \\\n\
             --command \"UPDATE repmgr.nodes SET upstream_node_id = $1 WHERE node_id = {number}\"\n",
            cases.collect::<String>(),
        )
    }

    fn configuration(&self, place: usize) -> PathBuf {
        self.servers[place].directory().join("repmgr.conf")
    }

    fn repmgr_program(&self, place: usize) -> String {
        let program = self.servers[place].program("repmgr");
        program.get_program().display().to_string()
    }

    fn repmgr(&self, place: usize, arguments: &[&str]) -> io::Result<()> {
        let mut repmgr = self.servers[place].program("repmgr");
        run(repmgr.arg("-f").arg(self.configuration(place)).args(arguments)).map(drop)
    }

    fn reload(&self, place: usize) -> io::Result<()> {
        let server = &self.servers[place];
        let mut reload = server.program("pg_ctl");
        run(reload.args(["reload", "--silent", "--pgdata"]).arg(server.data())).map(drop)
    }

    /// Starts the daemon beside a server.
    fn watch(&self, place: usize) -> io::Result<()> {
        let server = &self.servers[place];
        let log = File::options()
            .create(true)
            .append(true)
            .open(server.directory().join("repmgrd.log"))?;
        let mut daemon = server.program("repmgrd");
        daemon
            .arg("-f")
            .arg(self.configuration(place))
            .args(["--daemonize=true"])
            .stdout(Stdio::null())
            .stderr(log);
        let status = daemon.status()?;
        if !status.success() {
            return Err(io::Error::other(format!("repmgrd ended with {status}")));
        }
        for _ in 0..200 {
            if server.directory().join("repmgrd.pid").is_file() {
                return Ok(());
            }
            pause();
        }
        Err(io::Error::other("repmgrd does not start"))
    }

    fn signal(&self, place: usize, signal: &str) -> io::Result<()> {
        let directory = self.servers[place].directory();
        run(Command::new("sh")
            .args(["-c", SIGNAL, "signal", signal])
            .arg(directory))
        .map(drop)
    }

    /// Asks one that may be frozen or gone.
    fn sql_within_a_second(&self, place: usize, sql: &str) -> io::Result<String> {
        let server = &self.servers[place];
        let psql = server.program("psql");
        let mut asked = Command::new("timeout");
        asked
            .args(["--signal=KILL", "1"])
            .arg(psql.get_program())
            .args(["--no-psqlrc", "--quiet", "--no-align", "--tuples-only"])
            .args(["--username", "postgres", "--dbname", "postgres", "--host"])
            .arg(server.directory())
            .args(["--port", &server.port().to_string(), "--command", sql]);
        Ok(run(&mut asked)?.trim_end().to_owned())
    }
}

/// A URL with the user's password, which has characters that mean something there.
fn url(hosts: &str, database: &str) -> String {
    let password = PASSWORD
        .replace(' ', "%20")
        .replace('/', "%2F")
        .replace('@', "%40");
    format!("postgres://{USER}:{password}@{hosts}/{database}")
}

/// Between two looks at what other processes do.
#[expect(
    clippy::disallowed_methods,
    reason = "another process's doing cannot be waited for otherwise"
)]
fn pause() {
    thread::sleep(Duration::from_millis(50));
}
