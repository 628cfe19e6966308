//! One event in, one answer or error out.

use std::error::Error;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use directory::cognito::Cognito;
use migration::{Call, Cause, CouldNotAsk, Deadline, Decision, Guard, Outcome, Refusal, Terms, migrate};
use ring::rand::{SecureRandom as _, SystemRandom};
use tokio::sync::Mutex;
use tokio::time::Instant;
use trigger::{Event, MigrateUser, NotAnEvent, Payload};

use crate::board::{Board, Standing};
use crate::clock::wall_clock;
use crate::companion::{Companions, Kind, Surroundings, Told};
use crate::record::{Record, Trigger};
use crate::settings::{Environment, NotLoaded, Problems, Settings, Source};
use crate::told;

/// A configuration that could not be read is tried again after that long.
const PAUSE: Duration = Duration::from_secs(30);
/// The same where there is none yet.
const SHORT_PAUSE: Duration = Duration::from_secs(1);
/// What reading a configuration may take of a try, and what everything that it refers to.
const LONGEST_RENEWAL: Duration = Duration::from_millis(700);
/// The same at the start, for which Lambda gives ten seconds.
const LONGEST_START: Duration = Duration::from_secs(3);

/// The migration function: one old directory, one set of terms.
pub struct Function {
    running: RwLock<Option<Arc<Running>>>,
    /// Where the configuration is, when it may become another.
    source: Option<(Source, Environment)>,
    reading: Mutex<Reading>,
    guard: Guard,
    warm: AtomicBool,
}

/// What one configuration comes to.
struct Running {
    directory: Cognito,
    from_user_pool_id: String,
    terms: Terms,
    board: Board,
    companions: Companions,
    with_metrics: bool,
    version: Option<String>,
    lifetime: Duration,
}

struct Reading {
    due: Option<Instant>,
    trouble: Option<String>,
}

/// What Lambda reports when the function throws; Cognito quotes the message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{error_message}")]
pub struct FunctionError {
    /// The refusal's name.
    pub error_type: String,
    /// The refusal's text.
    pub error_message: String,
}

/// How an event came.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// The time until whoever invokes the function ends it; it cuts the budget where it is shorter.
    pub left: Duration,
    /// The header `X-Amzn-Trace-Id` that it belongs to.
    pub trace: Option<String>,
}

impl Default for Invocation {
    fn default() -> Self {
        Self {
            left: Duration::MAX,
            trace: None,
        }
    }
}

impl Running {
    fn new(settings: Settings) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self {
            board: Board::new(&settings),
            companions: Companions::new(&settings),
            from_user_pool_id: settings.from.user_pool_id.clone(),
            directory: Cognito::new(settings.from)?,
            terms: settings.terms,
            with_metrics: settings.log.metrics,
            version: settings.version,
            lifetime: Duration::from_secs(settings.refresh.configuration_seconds),
        })
    }

    /// Reads everything that the settings refer to. What cannot be read for now shows at the events.
    async fn check(&self, deadline: Deadline) -> Result<(), Problems> {
        let (secrets, (levers, _)) = tokio::join!(self.directory.unreadable(deadline), self.board.current());
        let mut problems = Problems(Vec::new());
        for (key, error) in secrets.into_iter().filter(|(_, error)| error.is_mistake()) {
            problems.add(&format!("from.{key}"), error.to_string());
        }
        if let Err(trouble) = levers
            && trouble.is_mistake()
        {
            problems.0.extend(trouble.problems().0);
        }
        if problems.0.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }
}

impl Function {
    /// Nothing is sent yet, and what settings refer to is not read yet.
    ///
    /// # Errors
    /// When the HTTP client cannot be made, or the system has no randomness.
    pub fn new(settings: Settings) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Self::of(Some(Arc::new(Running::new(settings)?)), None)
    }

    /// Of that environment, wherever its configuration is; and everything is read that it refers to. What cannot be read for
    /// now (an outage, not a mistake) is read at the first event.
    ///
    /// # Errors
    /// [`Problems`], all of them; or as [`Function::new`].
    pub async fn start(environment: Environment) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let source = Source::of(&environment);
        let running = match source.load(&environment, Deadline::after(LONGEST_START)).await {
            Ok(settings) => {
                let running = Running::new(settings)?;
                running.check(Deadline::after(LONGEST_START)).await?;
                Some(Arc::new(running))
            }
            Err(NotLoaded::Problems(problems)) => return Err(problems.into()),
            Err(NotLoaded::Unavailable(_)) => None,
        };
        let source = source.is_elsewhere().then_some((source, environment));
        Self::of(running, source)
    }

    fn of(
        running: Option<Arc<Running>>,
        source: Option<(Source, Environment)>,
    ) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let mut key = [0; 32];
        SystemRandom::new()
            .fill(&mut key)
            .map_err(|_| "the system has no randomness")?;
        Ok(Self {
            reading: Mutex::new(Reading {
                due: running.as_ref().map(|running| Instant::now() + running.lifetime),
                trouble: None,
            }),
            running: RwLock::new(running),
            source,
            guard: Guard::new(&key),
            warm: AtomicBool::new(false),
        })
    }

    /// Opens the connection to the old directory before the first event comes.
    pub async fn warm(&self) {
        if let Some(running) = self.in_force() {
            running.directory.warm().await;
        }
    }

    /// Answers one event, and logs the decision.
    ///
    /// # Errors
    /// A refusal: an answer of the function, not a failure of it.
    pub async fn handle(&self, payload: Payload) -> Result<Payload, FunctionError> {
        self.handle_as(&payload, &Invocation::default()).await
    }

    /// Answers one event that came so, and logs the decision.
    ///
    /// # Errors
    /// A refusal: an answer of the function, not a failure of it.
    pub async fn handle_as(
        &self,
        payload: &Payload,
        invocation: &Invocation,
    ) -> Result<Payload, FunctionError> {
        let (answer, record) = self.invoke(payload, invocation).await;
        record.trace();
        answer
    }

    /// Answers one event, and hands over the log line instead of writing it. `left` is the time until whoever invokes the
    /// function ends it; it cuts the budget where it is shorter.
    pub async fn answer(
        &self,
        payload: &Payload,
        left: Duration,
    ) -> (Result<Payload, FunctionError>, Record) {
        self.invoke(payload, &Invocation { left, trace: None }).await
    }

    /// Answers one event that came so, and hands over the log line instead of writing it.
    pub async fn invoke(
        &self,
        payload: &Payload,
        invocation: &Invocation,
    ) -> (Result<Payload, FunctionError>, Record) {
        let started = Instant::now();
        let (answer, mut record) = if let Some(kind) = Kind::of(payload) {
            self.accompany(kind, payload, invocation).await
        } else {
            match Event::<MigrateUser>::parse(payload) {
                Ok(event) => self.decide(&event, invocation).await,
                Err(error) => {
                    let mut record = told::not_an_event(error);
                    record.with_metrics = self.in_force().is_none_or(|running| running.with_metrics);
                    (Err(error.into()), record)
                }
            }
        };
        record.cold = !self.warm.swap(true, Ordering::Relaxed);
        record.milliseconds = told::milliseconds(started.elapsed());
        (answer, record)
    }

    /// Answers an event of another trigger.
    async fn accompany(
        &self,
        kind: Kind,
        payload: &Payload,
        invocation: &Invocation,
    ) -> (Result<Payload, FunctionError>, Record) {
        let ready = self.ready().await;
        let (Some(running), Some(standing)) = (&ready.running, &ready.standing) else {
            let refuses = kind == Kind::PreSignUp;
            let record = Record {
                outcome: if refuses { "refused" } else { "unchanged" },
                cause: Some(Cause::NoConfiguration.name()),
                of: Trigger::Other,
                ..Record::default()
            };
            let answer = if refuses {
                Err(no_configuration())
            } else {
                Ok(payload.clone())
            };
            return (answer, ready.complete(record, invocation));
        };
        let mut terms = running.terms.clone();
        terms.budget = terms.budget.saturating_sub(ready.took);
        let around = Surroundings {
            directory: &running.directory,
            terms: &terms,
            levers: &standing.levers,
            key: standing.key.as_ref(),
            guard: &self.guard,
            invocation,
        };
        let Told { answer, record } = running.companions.answer(kind, payload, &around).await;
        (answer, ready.complete(record, invocation))
    }

    async fn decide(
        &self,
        event: &Event<MigrateUser>,
        invocation: &Invocation,
    ) -> (Result<Payload, FunctionError>, Record) {
        let ready = self.ready().await;
        let outcome = match (&ready.running, &ready.standing) {
            (Some(running), Some(standing)) => {
                let mut terms = running.terms.clone();
                // What reading settings has taken is part of the one budget.
                terms.budget = terms.budget.min(invocation.left).saturating_sub(ready.took);
                let call = Call {
                    directory: &running.directory,
                    terms: &terms,
                    levers: &standing.levers,
                    key: standing.key.as_ref(),
                    guard: &self.guard,
                    now: wall_clock(),
                    trace: invocation.trace.as_deref(),
                };
                migrate(event, &call).await
            }
            _ => Outcome::could_not_ask(CouldNotAsk::new(Cause::NoConfiguration, "configuration")),
        };
        let record = ready.record(event, &outcome, invocation);
        (answer(event, &outcome), record)
    }

    /// Settings and levers that count now.
    async fn ready(&self) -> Ready {
        let started = Instant::now();
        let (running, trouble) = self.current().await;
        let (standing, levers_trouble) = match &running {
            Some(running) => match running.board.current().await {
                (Ok(standing), trouble) => (Some(standing), trouble),
                (Err(trouble), _) => (None, Some(trouble.to_string())),
            },
            None => (None, None),
        };
        Ready {
            took: started.elapsed(),
            trouble: trouble.or(levers_trouble),
            running,
            standing,
        }
    }

    /// The configuration that counts now, and why it is older than it should be.
    async fn current(&self) -> (Option<Arc<Running>>, Option<String>) {
        let Some((source, environment)) = &self.source else {
            return (self.in_force(), None);
        };
        let mut reading = self.reading.lock().await;
        if reading.due.is_some_and(|due| Instant::now() < due) {
            return (self.in_force(), reading.trouble.clone());
        }
        let old = self.in_force();
        let pause = match renewed(source, environment, old.as_deref()).await {
            Ok(new) => {
                reading.trouble = None;
                let running = new.map(Arc::new).or(old);
                let lifetime = running.as_ref().map_or(PAUSE, |running| running.lifetime);
                *self.running.write().unwrap_or_else(PoisonError::into_inner) = running;
                lifetime
            }
            Err(trouble) => {
                let stays = if old.is_some() {
                    "the last good configuration stays: "
                } else {
                    ""
                };
                reading.trouble = Some(format!("{stays}{trouble}").replace('\n', "; "));
                if old.is_some() { PAUSE } else { SHORT_PAUSE }
            }
        };
        reading.due = Some(Instant::now() + pause);
        (self.in_force(), reading.trouble.clone())
    }

    fn in_force(&self) -> Option<Arc<Running>> {
        self.running
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// What the configuration comes to by now; `None` where it is the same.
async fn renewed(
    source: &Source,
    environment: &Environment,
    old: Option<&Running>,
) -> Result<Option<Running>, String> {
    let settings = match source.load(environment, Deadline::after(LONGEST_RENEWAL)).await {
        Ok(settings) => settings,
        Err(NotLoaded::Problems(problems)) => return Err(problems.to_string()),
        Err(NotLoaded::Unavailable(error)) => return Err(error.to_string()),
    };
    if old.is_some_and(|old| old.version == settings.version) {
        return Ok(None);
    }
    let running = Running::new(settings).map_err(|error| error.to_string())?;
    let mistakes = running.check(Deadline::after(LONGEST_RENEWAL)).await;
    mistakes.map_err(|problems| problems.to_string())?;
    Ok(Some(running))
}

/// Settings and levers of one event.
struct Ready {
    running: Option<Arc<Running>>,
    standing: Option<Arc<Standing>>,
    /// What could not be read.
    trouble: Option<String>,
    /// What reading has taken.
    took: Duration,
}

impl Ready {
    fn record(&self, event: &Event<MigrateUser>, outcome: &Outcome, invocation: &Invocation) -> Record {
        let running = self.running.as_deref();
        let key = self
            .standing
            .as_deref()
            .and_then(|standing| standing.key.as_ref());
        let mut record = self.complete(told::record(event, outcome, key), invocation);
        record.with_metrics = running.is_none_or(|running| running.with_metrics);
        record.audit = running.and_then(|running| told::audit(&record, outcome, &running.from_user_pool_id));
        record
    }

    /// With what is told of every event: the trace, and which settings counted.
    fn complete(&self, record: Record, invocation: &Invocation) -> Record {
        let running = self.running.as_deref();
        let standing = self.standing.as_deref();
        Record {
            trace_id: invocation.trace.as_deref().and_then(told::trace_id),
            milliseconds_configuration: Some(told::milliseconds(self.took)).filter(|took| *took > 0),
            configuration_version: running.and_then(|running| running.version.clone()),
            levers_version: standing.and_then(|standing| standing.version.clone()),
            configuration_trouble: self
                .trouble
                .clone()
                .or_else(|| running.and_then(|running| running.directory.trouble())),
            ..record
        }
    }
}

/// Nobody signs up whose name was not held against the old directory. Other triggers go on: a token without the old groups
/// lets nobody in anywhere.
fn no_configuration() -> FunctionError {
    FunctionError {
        error_type: Refusal::CouldNotAsk.name().to_owned(),
        error_message: Refusal::CouldNotAsk.text().to_owned(),
    }
}

fn answer(event: &Event<MigrateUser>, outcome: &Outcome) -> Result<Payload, FunctionError> {
    match &outcome.decision {
        Decision::Respond(response) => Ok(event.respond(response)),
        Decision::Unchanged => Ok(event.unchanged()),
        Decision::Refuse(refusal) => Err(thrown(*refusal, outcome)),
    }
}

fn thrown(refusal: Refusal, outcome: &Outcome) -> FunctionError {
    FunctionError {
        error_type: refusal.name().to_owned(),
        error_message: outcome.refusal_text(refusal).to_owned(),
    }
}

impl From<NotAnEvent> for FunctionError {
    fn from(error: NotAnEvent) -> Self {
        Self {
            error_type: "NotAnEvent".to_owned(),
            error_message: error.to_string(),
        }
    }
}
