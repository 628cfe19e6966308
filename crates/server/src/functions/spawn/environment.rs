//! One execution environment: a child, the Runtime API that it talks to, and what it is doing.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use pool::ports::FunctionArn;
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::process::Process;
use super::runtime_api::{self, Happening, Reporter};
use super::variables;
use super::work::{Call, Invocation};
use crate::functions::ArnParts;
use crate::functions::settings::SpawnSettings;

/// A child and its Runtime API. Dropping it ends both.
pub(super) struct Environment {
    pub(super) phase: Phase,
    process: Process,
    api: JoinHandle<()>,
}

/// What an environment is doing.
pub(super) enum Phase {
    /// It has not asked for an event yet.
    Starting {
        /// When it counts as failed.
        until: Instant,
    },
    /// It waits for an event, to be sent here.
    Idle(oneshot::Sender<Invocation>),
    /// It has an event.
    Busy {
        /// Whose.
        call: Call,
        /// When it is killed: at the caller's limit or the function's own time-out, whichever is first.
        until: Instant,
    },
    /// It has answered and not asked again yet.
    Between {
        /// When it counts as hanging.
        until: Instant,
    },
    /// It has been killed and is not gone yet.
    Dying,
}

impl Environment {
    /// Starts a child and serves it.
    ///
    /// # Errors
    /// When the program cannot be started or no port is free.
    pub(super) fn start(
        function: &FunctionArn,
        settings: &SpawnSettings,
        reporter: Reporter,
        until: Instant,
    ) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        listener.set_nonblocking(true)?;
        let mut command = Command::new(&settings.program);
        command.args(&settings.arguments);
        if let Some(directory) = &settings.working_directory {
            command.current_dir(directory);
        }
        variables::set(&mut command, function, settings, listener.local_addr()?);
        let listener = TcpListener::from_std(listener)?;
        let name = ArnParts::of(function).map_or(function.0.as_str(), |parts| parts.name);
        let on_exit = reporter.clone();
        let process = Process::start(command, name, move |reason| {
            on_exit.report(Happening::Exited(reason));
        })?;
        let api = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, runtime_api::router(reporter)).await {
                tracing::error!(%error, "the Runtime API of a function has ended");
            }
        });
        Ok(Self {
            phase: Phase::Starting { until },
            process,
            api,
        })
    }

    /// Kills the child; gives what it was doing.
    pub(super) fn kill(&mut self) -> Phase {
        self.process.kill();
        std::mem::replace(&mut self.phase, Phase::Dying)
    }

    /// When something has to be done about it, if nothing happens before.
    pub(super) fn until(&self) -> Option<Instant> {
        match &self.phase {
            Phase::Starting { until } | Phase::Busy { until, .. } | Phase::Between { until } => Some(*until),
            Phase::Idle(_) | Phase::Dying => None,
        }
    }

    /// Whether it will take an event before long.
    pub(super) fn is_upcoming(&self) -> bool {
        matches!(self.phase, Phase::Starting { .. } | Phase::Between { .. })
    }
}

impl Drop for Environment {
    fn drop(&mut self) {
        self.api.abort();
    }
}
