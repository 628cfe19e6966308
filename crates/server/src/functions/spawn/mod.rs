//! A function as a child process, to which we are the Lambda service.
//!
//! We serve Lambda's Runtime API on a loopback port of its own to each child ([`runtime_api`]), so that the very
//! program of a deployment runs: a `bootstrap`, or a handler under a runtime client such as `awslambdaric`. One child
//! is one *execution environment*: it has one event at a time, starts when an event waits, lives on for the next, and
//! dies when it is too slow. All of that is decided in one place, [`supervisor`], a task that owns every state and
//! shares none; [`process`] starts and ends children, [`variables`] is what they find in their environment.
//!
//! Source: "Lambda runtime API" and "Lambda execution environment lifecycle" in Lambda's guide.

mod environment;
mod output;
mod process;
mod runtime_api;
mod starts;
mod supervisor;
mod variables;
mod work;

use std::time::Duration;

use pool::ports::{FunctionArn, InvokeError};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use trigger::Payload;

use super::Machine;
use super::settings::SpawnSettings;
use crate::traces;
use supervisor::{Command, Supervisor};
use work::{Call, Work};

/// A function whose environments are child processes. Dropping it kills them.
pub(super) struct Spawn {
    commands: mpsc::UnboundedSender<Command>,
    machine: Machine,
}

impl Spawn {
    /// A function without an environment yet; the first invocation starts one.
    pub(super) fn new(arn: &FunctionArn, settings: SpawnSettings, machine: Machine) -> Self {
        let (commands, receiver) = mpsc::unbounded_channel();
        let supervisor = Supervisor::new(arn.clone(), settings, machine.clone());
        tokio::spawn(supervisor.run(receiver));
        Self { commands, machine }
    }

    /// Hands one event to an environment and waits for its answer; the supervisor sees to the limit.
    pub(super) async fn invoke(
        &self,
        function: &FunctionArn,
        payload: &Payload,
        limit: Duration,
    ) -> Result<Payload, InvokeError> {
        let (reply, answer) = oneshot::channel();
        let call = Call {
            request_id: self.machine.entropy.uuid(),
            function: function.clone(),
            trace: traces::amazons_header(),
            deadline: Instant::now() + limit,
            reply,
        };
        let sent = self.commands.send(Command::Invoke(Work {
            call,
            payload: payload.clone(),
        }));
        let gone = || InvokeError::NotInvoked {
            code: "ServiceException".to_owned(),
        };
        sent.map_err(|_| gone())?;
        answer.await.unwrap_or_else(|_| Err(gone()))
    }

    /// Kills every child and waits until none is left.
    pub(super) async fn shutdown(&self) {
        let (done, finished) = oneshot::channel();
        if self.commands.send(Command::Stop(done)).is_ok() {
            // An error says that the supervisor is gone, and its children with it.
            let _ = finished.await;
        }
    }
}
