//! A child process and everything that it starts: watched until it ends, killed as a group.

use std::io;
use std::process::{ExitStatus, Stdio};

use tokio::process::{Child, Command};
use tokio::sync::oneshot;

use super::output;

/// A running child. Dropping this kills it, its children included.
pub(super) struct Process {
    kill: Option<oneshot::Sender<()>>,
}

impl Process {
    /// Starts `command`. Its words go to the log under `name`; `on_exit` gets to know how it ended, like
    /// `Runtime exited with error: exit status 1`, when it is gone for good.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub(super) fn start(
        mut command: Command,
        name: &str,
        on_exit: impl FnOnce(String) + Send + 'static,
    ) -> io::Result<Self> {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0);
        let mut child = command.spawn()?;
        output::log_lines(name, child.stdout.take());
        output::log_lines(name, child.stderr.take());
        let (kill, killed) = oneshot::channel();
        tokio::spawn(async move { on_exit(watch(child, killed).await) });
        Ok(Self { kill: Some(kill) })
    }

    /// Kills the child and its children; `on_exit` follows.
    pub(super) fn kill(&mut self) {
        self.kill.take();
    }
}

/// Waits for the child's end, or brings it about when `killed` is dropped or sent.
async fn watch(mut child: Child, killed: oneshot::Receiver<()>) -> String {
    // Dropped last, and also when the runtime ends under us: nothing of the group outlives this task.
    let group = Group::of(&child);
    let ended = tokio::select! {
        ended = child.wait() => ended,
        _ = killed => {
            group.kill();
            // The group had it already; this is for systems without groups.
            let _ = child.start_kill();
            child.wait().await
        }
    };
    ended.map_or_else(|_| "Runtime exited without providing a reason".to_owned(), reason)
}

/// How Lambda words the end of a runtime. Observed: exit status and signal in `Runtime.ExitError` texts.
fn reason(status: ExitStatus) -> String {
    if status.success() {
        return "Runtime exited without providing a reason".to_owned();
    }
    if let Some(code) = status.code() {
        return format!("Runtime exited with error: exit status {code}");
    }
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return format!("Runtime exited with error: signal: {}", signal_name(signal));
    }
    "Runtime exited without providing a reason".to_owned()
}

/// The names of the signals that end programs, as Lambda's own Go runtime writes them.
#[cfg(unix)]
fn signal_name(signal: i32) -> String {
    match signal {
        2 => "interrupt".to_owned(),
        4 => "illegal instruction".to_owned(),
        6 => "aborted".to_owned(),
        7 => "bus error".to_owned(),
        8 => "floating point exception".to_owned(),
        9 => "killed".to_owned(),
        11 => "segmentation fault".to_owned(),
        13 => "broken pipe".to_owned(),
        15 => "terminated".to_owned(),
        other => format!("signal {other}"),
    }
}

/// The process group of a child, which is its leader.
struct Group {
    #[cfg(unix)]
    leader: Option<rustix::process::Pid>,
}

impl Group {
    #[cfg(unix)]
    fn of(child: &Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self {
            leader: id.and_then(rustix::process::Pid::from_raw),
        }
    }

    #[cfg(not(unix))]
    fn of(_: &Child) -> Self {
        Self {}
    }

    /// Kills every member; that there is none any more is as good.
    fn kill(&self) {
        #[cfg(unix)]
        if let Some(leader) = self.leader {
            let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How `sh -c <script>` ends.
    async fn end_of(script: &str) -> String {
        let (exit, exited) = oneshot::channel();
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        let on_exit = move |reason| exit.send(reason).unwrap();
        let _process = Process::start(command, "test", on_exit).unwrap();
        exited.await.unwrap()
    }

    #[tokio::test]
    async fn an_end_is_worded_as_in_lambda() {
        assert_eq!(
            end_of("exit 0").await,
            "Runtime exited without providing a reason"
        );
        assert_eq!(
            end_of("exit 129").await,
            "Runtime exited with error: exit status 129"
        );
        assert_eq!(
            end_of("kill -9 $$").await,
            "Runtime exited with error: signal: killed"
        );
        assert_eq!(
            end_of("kill -11 $$").await,
            "Runtime exited with error: signal: segmentation fault"
        );
    }

    #[tokio::test]
    async fn killing_takes_the_children_of_the_child_along() {
        use tokio::io::AsyncReadExt as _;
        // The grandchild holds this pipe open: its end is the end of both.
        let mut command = Command::new("sh");
        command
            .args(["-c", "sleep 1000 & echo started; wait"])
            .stdout(Stdio::piped())
            .process_group(0);
        let mut child = command.spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        let mut word = [0; 8];
        stdout.read_exact(&mut word).await.unwrap();
        let (kill, killed) = oneshot::channel();
        kill.send(()).unwrap();
        assert_eq!(
            watch(child, killed).await,
            "Runtime exited with error: signal: killed"
        );
        assert_eq!(stdout.read(&mut word).await.unwrap(), 0);
    }
}
