//! The program itself, as people start it.

#![allow(dead_code, reason = "each test file uses its part")]

pub(crate) mod collector;

use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};

use rehome::api_client::ApiClient;

/// `rehome` with these arguments and nothing of this process's settings.
pub(crate) fn rehome<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rehome"));
    command.args(arguments).env_clear().stdin(Stdio::null());
    command
}

/// Runs a command to its end, off the runtime's threads.
pub(crate) async fn run(mut command: Command) -> Output {
    tokio::task::spawn_blocking(move || command.output())
        .await
        .expect("no panic")
        .expect("rehome can be started")
}

/// What a program wrote.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("rehome writes UTF-8")
}

/// A running `rehome serve`; killed when dropped.
pub(crate) struct Served {
    pub(crate) child: Child,
    pub(crate) url: String,
    pub(crate) api: ApiClient,
}

impl Served {
    /// Starts `rehome serve` on a free port with its data in `data`, its log appended to `log`, and these arguments besides.
    pub(crate) fn start<A: AsRef<OsStr>>(data: &Path, log: &Path, more: impl IntoIterator<Item = A>) -> Self {
        Self::start_in(&[], data, log, more)
    }

    /// The same in this environment.
    pub(crate) fn start_in<A: AsRef<OsStr>>(
        environment: &[(&str, &str)],
        data: &Path,
        log: &Path,
        more: impl IntoIterator<Item = A>,
    ) -> Self {
        let data = data.to_str().expect("a plain path");
        let mut command = rehome(["serve", "--listen", "127.0.0.1:0", "--data", data]);
        command.args(more).envs(environment.iter().copied());
        Self::spawn(command, log)
    }

    /// Starts a command that is, or becomes, `rehome serve`, its log appended to `log`.
    pub(crate) fn spawn(command: Command, log: &Path) -> Self {
        Self::try_spawn(command, log).unwrap_or_else(|told| panic!("{told}"))
    }

    /// The same, where it may end instead of serving: then what it told.
    pub(crate) fn try_spawn(mut command: Command, log: &Path) -> Result<Self, String> {
        let log = File::options()
            .create(true)
            .append(true)
            .open(log)
            .expect("a log file");
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("rehome can be started");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe"))
            .read_line(&mut line)
            .expect("a line");
        let Some(url) = line.split(' ').find(|word| word.starts_with("http://")) else {
            let status = child.wait().expect("an exit status");
            return Err(format!(
                "rehome serve told no URL but {line:?}, and ended with {status}"
            ));
        };
        let (url, api) = (url.to_owned(), ApiClient::new(url).expect("a client"));
        Ok(Self { child, url, api })
    }

    /// Sends SIGTERM.
    pub(crate) fn terminate(&self) {
        let id = i32::try_from(self.child.id()).expect("a process id");
        let id = rustix::process::Pid::from_raw(id).expect("a process id");
        rustix::process::kill_process(id, rustix::process::Signal::TERM).expect("a running process");
    }

    /// Has it end as SIGTERM asks, and waits for that.
    pub(crate) async fn end(mut self) -> ExitStatus {
        self.terminate();
        let ended = tokio::task::spawn_blocking(move || self.child.wait());
        ended.await.expect("no panic").expect("an exit status")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}
