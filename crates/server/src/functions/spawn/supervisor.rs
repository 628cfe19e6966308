//! Decides which environment gets which event, when one more starts and when one has to go.
//!
//! One task owns all of it: commands of callers, reports of environments and the next deadline come in one at a time.
//! After each, [`Supervisor::balance`] hands waiting events to idle environments and starts what is missing.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use pool::ports::{FunctionArn, InvokeError};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::environment::{Environment, Phase};
use super::runtime_api::{EnvironmentId, Happening, Report, Reporter};
use super::starts::Starts;
use super::work::{Call, Invocation, Work};
use crate::functions::settings::SpawnSettings;
use crate::functions::{Machine, error_document};

/// A child that has answered asks again at once; one that does not within this time hangs.
const BETWEEN: Duration = Duration::from_secs(1);

/// What callers want.
pub(super) enum Command {
    /// An answer to an event.
    Invoke(Work),
    /// The end of every child, and then to be told.
    Stop(oneshot::Sender<()>),
}

/// The environments of one function and the events that wait for one.
pub(super) struct Supervisor {
    function: FunctionArn,
    settings: SpawnSettings,
    machine: Machine,
    environments: BTreeMap<EnvironmentId, Environment>,
    started: EnvironmentId,
    starts: Starts,
    waiting: VecDeque<Work>,
    reports: mpsc::UnboundedSender<Report>,
    received: mpsc::UnboundedReceiver<Report>,
}

impl Supervisor {
    pub(super) fn new(function: FunctionArn, settings: SpawnSettings, machine: Machine) -> Self {
        let (reports, received) = mpsc::unbounded_channel();
        Self {
            function,
            settings,
            machine,
            environments: BTreeMap::new(),
            started: 0,
            starts: Starts::default(),
            waiting: VecDeque::new(),
            reports,
            received,
        }
    }

    /// Works until it is told to stop or nobody can send commands any more; either way no child is left.
    pub(super) async fn run(mut self, mut commands: mpsc::UnboundedReceiver<Command>) {
        let done = loop {
            let wake = self.next_deadline();
            tokio::select! {
                command = commands.recv() => match command {
                    Some(Command::Invoke(work)) => self.waiting.push_back(work),
                    Some(Command::Stop(done)) => break Some(done),
                    None => break None,
                },
                Some(report) = self.received.recv() => self.note(report),
                () = sleep_until(wake) => self.expire(),
            }
            self.balance();
        };
        commands.close();
        self.stop().await;
        if let Some(done) = done {
            // Nobody may be waiting for the end any more.
            let _ = done.send(());
        }
    }

    /// Fails what waits or is under way, by dropping it, and sees every child to its end.
    async fn stop(&mut self) {
        self.waiting.clear();
        for environment in self.environments.values_mut() {
            drop(environment.kill());
        }
        while !self.environments.is_empty() {
            let Some(report) = self.received.recv().await else {
                return;
            };
            if matches!(report.what, Happening::Exited(_)) {
                self.environments.remove(&report.environment);
            }
        }
    }

    fn next_deadline(&self) -> Option<Instant> {
        let environments = self.environments.values().filter_map(Environment::until);
        environments
            .chain(self.waiting.iter().map(|work| work.call.deadline))
            .min()
    }

    /// Takes note of what happened in an environment.
    fn note(
        &mut self,
        Report {
            environment: id,
            what,
        }: Report,
    ) {
        let Some(environment) = self.environments.get_mut(&id) else {
            return;
        };
        match what {
            Happening::Next(respond) => match &environment.phase {
                Phase::Starting { .. } => {
                    self.starts.succeeded();
                    environment.phase = Phase::Idle(respond);
                }
                Phase::Between { .. } | Phase::Idle(_) => environment.phase = Phase::Idle(respond),
                Phase::Busy { .. } | Phase::Dying => drop(respond),
            },
            Happening::Done {
                request_id,
                outcome,
                known,
            } => {
                let Phase::Busy { call, .. } = &environment.phase else {
                    return;
                };
                if call.request_id != request_id {
                    return;
                }
                let until = call.deadline.max(Instant::now() + BETWEEN);
                let phase = std::mem::replace(&mut environment.phase, Phase::Between { until });
                if let Phase::Busy { call, .. } = phase {
                    call.answer(outcome);
                }
                // A child that is gone already hears it no more.
                let _ = known.send(());
            }
            Happening::InitError(error) => {
                if let Phase::Starting { .. } = environment.phase {
                    environment.kill();
                    self.start_failed(error);
                }
            }
            Happening::Exited(reason) => {
                if let Some(mut environment) = self.environments.remove(&id) {
                    let phase = std::mem::replace(&mut environment.phase, Phase::Dying);
                    self.exited(phase, &reason);
                }
            }
        }
    }

    /// A child is gone; whoever counted on it gets to know.
    fn exited(&mut self, phase: Phase, reason: &str) {
        match phase {
            Phase::Starting { .. } => {
                tracing::warn!(function.arn = %self.function, reason, "a function ended before it asked for an event");
                let request_id = self.first_waiting_id();
                self.start_failed(error_document::exited(&request_id, reason));
            }
            Phase::Busy { call, .. } => {
                tracing::warn!(function.arn = %self.function, reason, "a function ended while it had an event");
                let error = error_document::exited(&call.request_id, reason);
                call.answer(Err(error));
            }
            Phase::Idle(_) | Phase::Between { .. } => {
                tracing::info!(function.arn = %self.function, reason, "a function ended; the next event starts it again");
            }
            Phase::Dying => {}
        }
    }

    /// The event that has waited longest pays for a failed start, as the first invocation does in Lambda.
    fn start_failed(&mut self, error: InvokeError) {
        if let Some(work) = self.next_waiting() {
            work.call.answer(Err(error.clone()));
        }
        self.starts.failed(error, Instant::now());
    }

    /// Acts on every deadline that has passed.
    fn expire(&mut self) {
        let now = Instant::now();
        let due = self
            .environments
            .iter()
            .filter(|(_, environment)| environment.until().is_some_and(|at| at <= now));
        for id in due.map(|(id, _)| *id).collect::<Vec<_>>() {
            let phase = self.environments.get_mut(&id).map(Environment::kill);
            match phase {
                Some(Phase::Starting { .. }) => {
                    let request_id = self.first_waiting_id();
                    self.start_failed(error_document::timed_out(
                        Some(&request_id),
                        self.settings.start_timeout,
                    ));
                }
                Some(Phase::Busy { call, .. }) => self.too_slow(call, now),
                _ => {}
            }
        }
        self.give_up_waiting(now);
    }

    /// A child was killed with an event: its caller's limit or its own time-out has passed.
    fn too_slow(&self, call: Call, now: Instant) {
        tracing::warn!(function.arn = %self.function, "a function was too slow and has been killed");
        let error = match self.settings.timeout {
            Some(timeout) if now < call.deadline => {
                error_document::timed_out(Some(&call.request_id), timeout)
            }
            _ => InvokeError::TimedOut,
        };
        call.answer(Err(error));
    }

    /// Events whose callers wait no longer. While an environment is starting the next attempt may find it ready;
    /// when all are busy the function is throttled.
    fn give_up_waiting(&mut self, now: Instant) {
        let starting = self.environments.values().any(Environment::is_upcoming);
        let is_late = |work: &Work| work.call.deadline <= now;
        let (late, waiting): (VecDeque<_>, VecDeque<_>) =
            std::mem::take(&mut self.waiting).into_iter().partition(is_late);
        self.waiting = waiting;
        for work in late {
            work.call.answer(Err(if starting {
                InvokeError::TimedOut
            } else {
                InvokeError::NotInvoked {
                    code: "TooManyRequestsException".to_owned(),
                }
            }));
        }
    }

    /// Hands waiting events to idle environments, oldest to oldest, and starts what is still missing.
    fn balance(&mut self) {
        self.waiting.retain(|work| !work.call.reply.is_closed());
        while let Some(work) = self.hand_out() {
            self.waiting.push_front(work);
        }
        let now = Instant::now();
        while self.wants_another() {
            if let Some(error) = self.starts.paused(now).cloned() {
                self.fail_if_nothing_runs(&error);
                return;
            }
            self.start_another(now);
        }
    }

    /// Gives the first waiting events to the idle environments; an event comes back when its environment was idle no
    /// more, to be tried again.
    fn hand_out(&mut self) -> Option<Work> {
        loop {
            let idle = |environment: &&mut Environment| matches!(environment.phase, Phase::Idle(_));
            let environment = self.environments.values_mut().find(idle)?;
            let Work { call, payload } = self.waiting.pop_front()?;
            let now = Instant::now();
            let until = self
                .settings
                .timeout
                .map_or(call.deadline, |timeout| call.deadline.min(now + timeout));
            let left = i64::try_from(until.saturating_duration_since(now).as_millis()).unwrap_or(i64::MAX);
            let invocation = Invocation {
                request_id: call.request_id.clone(),
                function: call.function.clone(),
                deadline_ms: self.machine.clock.now().0.saturating_add(left),
                trace_id: call.trace.clone().unwrap_or_else(|| trace_id(&self.machine)),
                payload,
            };
            let request_until = now + BETWEEN;
            let phase = std::mem::replace(&mut environment.phase, Phase::Between { until: request_until });
            let Phase::Idle(respond) = phase else { continue };
            match respond.send(invocation) {
                Ok(()) => environment.phase = Phase::Busy { call, until },
                // The request for an event was given up; the child asks again or hangs.
                Err(invocation) => {
                    return Some(Work {
                        call,
                        payload: invocation.payload,
                    });
                }
            }
        }
    }

    /// Whether more events wait than environments are about to take, and one more may be started.
    fn wants_another(&self) -> bool {
        let upcoming = self
            .environments
            .values()
            .filter(|environment| environment.is_upcoming())
            .count();
        let dying = |environment: &&Environment| matches!(environment.phase, Phase::Dying);
        let alive = self.environments.len() - self.environments.values().filter(dying).count();
        self.waiting.len() > upcoming && alive < self.settings.concurrency.get()
    }

    fn start_another(&mut self, now: Instant) {
        self.started += 1;
        let reporter = Reporter {
            environment: self.started,
            reports: self.reports.clone(),
        };
        let until = now + self.settings.start_timeout;
        match Environment::start(&self.function, &self.settings, reporter, until) {
            Ok(environment) => {
                tracing::debug!(function.arn = %self.function, environment = self.started, "a function starts");
                self.environments.insert(self.started, environment);
            }
            Err(error) => {
                let program = self.settings.program.clone();
                tracing::error!(
                    function.arn = %self.function, program, %error,
                    "a function cannot be started: correct `spawn` or `working_directory` in the functions file"
                );
                let request_id = self.first_waiting_id();
                let reason = plain_reason(&error);
                self.start_failed(error_document::not_started(&request_id, &program, &reason));
            }
        }
    }

    /// While starts are paused, events that no environment will take fail at once instead of waiting for nothing.
    fn fail_if_nothing_runs(&mut self, error: &InvokeError) {
        if self
            .environments
            .values()
            .all(|environment| matches!(environment.phase, Phase::Dying))
        {
            for work in self.waiting.drain(..) {
                work.call.answer(Err(error.clone()));
            }
        }
    }

    /// The oldest event that somebody still waits for.
    fn next_waiting(&mut self) -> Option<Work> {
        loop {
            let work = self.waiting.pop_front()?;
            if !work.call.reply.is_closed() {
                return Some(work);
            }
        }
    }

    /// The id that a failed start is told under; a start that nobody waits for any more has one of its own.
    fn first_waiting_id(&self) -> String {
        let waiting = self.waiting.iter().find(|work| !work.call.reply.is_closed());
        waiting.map_or_else(
            || self.machine.entropy.uuid(),
            |work| work.call.request_id.clone(),
        )
    }
}

async fn sleep_until(wake: Option<Instant>) {
    match wake {
        Some(wake) => tokio::time::sleep_until(wake).await,
        None => std::future::pending().await,
    }
}

/// An operating system's error without its number, as Lambda words it: `no such file or directory`.
fn plain_reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    text.to_lowercase()
}

/// An X-Ray trace header for an invocation that nobody traces.
/// Source: "Tracing header" in X-Ray's guide.
fn trace_id(machine: &Machine) -> String {
    let hexadecimal = |length| machine.entropy.text_of(b"0123456789abcdef", length);
    let seconds = machine.clock.now().seconds();
    format!(
        "Root=1-{seconds:08x}-{};Parent={};Sampled=0",
        hexadecimal(24),
        hexadecimal(16)
    )
}
