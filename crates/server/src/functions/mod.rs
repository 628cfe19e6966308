//! The ways out to Lambda functions: the pool's port [`Functions`], routed by ARN.
//!
//! A function is reached in one of three ways: [`builtin`] in this process, [`endpoint`] through Lambda's Invoke API
//! (AWS's own included), [`spawn`] as a child process to which we are the Lambda service. [`settings`] reads the file
//! that says which. A new way is a module here, a variant of [`settings::WaySettings`] and a test on a real peer.
//!
//! Nothing here knows what an event means: payloads go through as bytes, since they hold passwords.

mod arn;
pub mod builtin;
pub mod endpoint;
mod error_document;
pub mod settings;
pub mod spawn;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use pool::ports::{Clock, Entropy, FunctionArn, Functions, InvokeError};
use pool::telemetry::TRACES;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};
use tracing::field::Empty;
use tracing::{Instrument as _, Span};
use trigger::Payload;

pub use arn::ArnParts;
pub use builtin::{Builtin, BuiltinFailure};
pub use endpoint::{CredentialSource, Credentials, CredentialsUnavailable};

use endpoint::{Endpoint, NotAnEndpoint};
use settings::{EndpointSettings, SpawnSettings};
use spawn::Spawn;

use crate::telemetry;

/// The largest answer that Lambda carries synchronously: 6 MB and some room for what surrounds it.
/// Observed: the figure stands in the text of Lambda's `Function.ResponseSizeTooLarge`.
const MAX_ANSWER_BYTES: usize = 6_291_556;

/// How long a function may work on an event that was handed over: Lambda's longest time-out.
/// Source: "Lambda quotas" in Lambda's guide.
const LONGEST: Duration = Duration::from_mins(15);

/// How long Lambda may take to accept an event that is handed over, before nobody waits for that either.
const ACCEPTANCE: Duration = Duration::from_secs(5);

/// How long the end waits for events that were handed over.
const GRACE: Duration = Duration::from_secs(5);

/// Every function that the pools' triggers may name, and the way to each.
pub struct FunctionRoutes {
    ways: HashMap<FunctionArn, Arc<Way>>,
    machine: Machine,
    handed_over: Mutex<JoinSet<()>>,
}

/// What the ways need from the machine.
#[derive(Clone)]
pub struct Machine {
    /// The true time: AWS checks it in signatures, and children compare deadlines with a clock of their own. So this
    /// is the machine's clock even where a test moves the pool's by hand.
    pub clock: Arc<dyn Clock>,
    /// Chance for request ids.
    pub entropy: Arc<dyn Entropy>,
    /// Signs calls of Lambda's Invoke API; without it they go unsigned, which AWS refuses and emulators do not mind.
    pub credentials: Option<Arc<dyn CredentialSource>>,
}

enum Way {
    Builtin {
        function: Arc<dyn Builtin>,
        timeout: Option<Duration>,
    },
    Endpoint(Endpoint),
    Spawn(Spawn),
}

impl FunctionRoutes {
    /// No functions yet.
    #[must_use]
    pub fn new(machine: Machine) -> Self {
        Self {
            ways: HashMap::new(),
            machine,
            handed_over: Mutex::default(),
        }
    }

    /// Reaches `arn` in this process. `timeout` is the function's own time-out, as Lambda has one for each function;
    /// without it only the caller's limit counts.
    pub fn add_builtin(&mut self, arn: FunctionArn, function: Arc<dyn Builtin>, timeout: Option<Duration>) {
        self.ways
            .insert(arn, Arc::new(Way::Builtin { function, timeout }));
    }

    /// Reaches `arn` through Lambda's Invoke API.
    ///
    /// # Errors
    /// When no HTTP client can be made for the settings; the text says why.
    pub fn add_endpoint(
        &mut self,
        arn: FunctionArn,
        settings: &EndpointSettings,
    ) -> Result<(), NotAnEndpoint> {
        let endpoint = Endpoint::new(&arn, settings, self.machine.clone())?;
        self.ways.insert(arn, Arc::new(Way::Endpoint(endpoint)));
        Ok(())
    }

    /// Reaches `arn` as a child process of ours, started with the first invocation. Needs a tokio runtime around it.
    pub fn add_spawn(&mut self, arn: FunctionArn, settings: SpawnSettings) {
        let way = Spawn::new(&arn, settings, self.machine.clone());
        self.ways.insert(arn, Arc::new(Way::Spawn(way)));
    }

    /// Waits a few seconds for events that were handed over, then kills every child process and waits until they are gone;
    /// invocations under way fail. Later ones fail too.
    pub async fn shutdown(&self) {
        let mut handed_over = std::mem::take(&mut *self.handed_over());
        let all = async { while handed_over.join_next().await.is_some() {} };
        if timeout(GRACE, all).await.is_err() {
            tracing::warn!("functions were still at work on events that nobody waits for");
        }
        for way in self.ways.values() {
            if let Way::Spawn(spawn) = &**way {
                spawn.shutdown().await;
            }
        }
    }

    /// The way to `arn` as it is, or else without its alias or version.
    ///
    /// # Errors
    /// When the functions file has neither.
    fn find(&self, arn: &FunctionArn) -> Result<(&FunctionArn, &Arc<Way>), InvokeError> {
        let found = self.ways.get_key_value(arn).or_else(|| {
            let unqualified = ArnParts::of(arn)?.unqualified();
            self.ways.get_key_value(&unqualified)
        });
        found.ok_or_else(|| {
            tracing::warn!(function.arn = %arn, "a trigger names a function that the functions file does not have");
            telemetry::unrouted();
            InvokeError::NotInvoked {
                code: "ResourceNotFoundException".to_owned(),
            }
        })
    }

    /// The set of tasks is whole whoever panicked over it.
    fn handed_over(&self) -> MutexGuard<'_, JoinSet<()>> {
        self.handed_over.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Way {
    /// As the functions file calls it.
    fn name(&self) -> &'static str {
        match self {
            Self::Builtin { .. } => "builtin",
            Self::Endpoint(_) => "endpoint",
            Self::Spawn(_) => "spawn",
        }
    }

    async fn invoke(
        &self,
        function: &FunctionArn,
        payload: &Payload,
        limit: Duration,
    ) -> Result<Payload, InvokeError> {
        match self {
            Self::Builtin { function, timeout } => {
                builtin::invoke(&**function, payload, limit, *timeout).await
            }
            Self::Endpoint(endpoint) => endpoint.invoke(function, payload, limit).await,
            Self::Spawn(spawn) => spawn.invoke(function, payload, limit).await,
        }
    }

    /// Ends when the event is accepted where there is a queue for it, and elsewhere with the function.
    async fn hand_over(&self, function: &FunctionArn, payload: &Payload) -> Result<(), InvokeError> {
        match self {
            Self::Endpoint(endpoint) => endpoint.hand_over(function, payload, LONGEST).await,
            Self::Builtin { .. } | Self::Spawn(_) => self.invoke(function, payload, LONGEST).await.map(drop),
        }
    }
}

#[async_trait]
impl Functions for FunctionRoutes {
    async fn invoke(
        &self,
        function: &FunctionArn,
        payload: &Payload,
        limit: Duration,
    ) -> Result<Payload, InvokeError> {
        let (route, way) = self.find(function)?;
        let started = Instant::now();
        let span = span(route, way);
        let invoked = way.invoke(function, payload, limit);
        let answer = invoked.instrument(span.clone()).await;
        observe(route, &answer, started.elapsed(), &span);
        answer
    }

    /// A task of ours stands in for Lambda's queue. Lambda would try a function that failed twice more, minutes later; we do
    /// not: by then a person has asked for another code.
    async fn hand_over(&self, function: &FunctionArn, payload: &Payload) -> Result<(), InvokeError> {
        let (route, way) = self.find(function)?;
        let may_refuse = matches!(&**way, Way::Endpoint(_));
        let (route, way, function, payload) =
            (route.clone(), Arc::clone(way), function.clone(), payload.clone());
        let span = span(&route, &way);
        let (told, outcome) = oneshot::channel();
        let work = async move {
            let started = Instant::now();
            let handed_over = way.hand_over(&function, &payload);
            let outcome = handed_over.instrument(span.clone()).await;
            observe(&route, &outcome, started.elapsed(), &span);
            // Nobody may be waiting any more.
            let _ = told.send(outcome);
        };
        {
            let mut handed_over = self.handed_over();
            while handed_over.try_join_next().is_some() {}
            handed_over.spawn(work);
        }
        if !may_refuse {
            return Ok(());
        }
        match timeout(ACCEPTANCE, outcome).await {
            Ok(Ok(Err(refused @ InvokeError::NotInvoked { .. }))) => Err(refused),
            _ => Ok(()),
        }
    }
}

/// The span of one invocation.
fn span(route: &FunctionArn, way: &Way) -> Span {
    tracing::info_span!(
        target: TRACES,
        "invoke function",
        otel.kind = "client",
        otel.status_code = Empty,
        "error.type" = Empty,
        faas.invoked_name = ArnParts::of(route).map(|parts| parts.name),
        aws.lambda.invoked_arn = %route,
        function.way = way.name(),
    )
}

/// Counts and times one invocation, notes in its span what came of it, and logs one that failed by its kind only: the message is
/// the function's own text and may quote what the person typed.
fn observe<T>(route: &FunctionArn, answer: &Result<T, InvokeError>, took: Duration, span: &Span) {
    let outcome = match answer {
        Ok(_) => "answered",
        Err(InvokeError::Failed { .. }) => "failed",
        Err(InvokeError::TimedOut) => "timed_out",
        Err(InvokeError::NotInvoked { .. }) => "not_invoked",
    };
    let milliseconds = took.as_secs_f64() * 1000.0;
    telemetry::function(&route.0, outcome, took);
    if answer.is_err() {
        span.record("error.type", outcome);
    }
    // A function that fails may have refused, as it should.
    if matches!(outcome, "timed_out" | "not_invoked") {
        span.record("otel.status_code", "ERROR");
    }
    match answer {
        Ok(_) => tracing::debug!(function.arn = %route, milliseconds, "the function answered"),
        Err(InvokeError::Failed { error_type, .. }) => {
            tracing::warn!(function.arn = %route, milliseconds, error.r#type = error_type, "the function failed");
        }
        Err(error) => {
            tracing::warn!(function.arn = %route, milliseconds, %error, "the function gave no answer");
        }
    }
}
