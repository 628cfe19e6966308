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
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use pool::ports::{Clock, Entropy, FunctionArn, Functions, InvokeError};
use tokio::time::Instant;
use trigger::Payload;

pub use arn::ArnParts;
pub use builtin::{Builtin, BuiltinFailure};
pub use endpoint::{CredentialSource, Credentials, CredentialsUnavailable};

use endpoint::{Endpoint, NotAnEndpoint};
use settings::{EndpointSettings, SpawnSettings};
use spawn::Spawn;

/// The largest answer that Lambda carries synchronously: 6 MB and some room for what surrounds it.
/// Observed: the figure stands in the text of Lambda's `Function.ResponseSizeTooLarge`.
const MAX_ANSWER_BYTES: usize = 6_291_556;

/// Every function that the pools' triggers may name, and the way to each.
pub struct FunctionRoutes {
    ways: HashMap<FunctionArn, Way>,
    machine: Machine,
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
        }
    }

    /// Reaches `arn` in this process. `timeout` is the function's own time-out, as Lambda has one for each function;
    /// without it only the caller's limit counts.
    pub fn add_builtin(&mut self, arn: FunctionArn, function: Arc<dyn Builtin>, timeout: Option<Duration>) {
        self.ways.insert(arn, Way::Builtin { function, timeout });
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
        self.ways.insert(arn, Way::Endpoint(endpoint));
        Ok(())
    }

    /// Reaches `arn` as a child process of ours, started with the first invocation. Needs a tokio runtime around it.
    pub fn add_spawn(&mut self, arn: FunctionArn, settings: SpawnSettings) {
        let way = Spawn::new(&arn, settings, self.machine.clone());
        self.ways.insert(arn, Way::Spawn(way));
    }

    /// Kills every child process and waits until they are gone; invocations under way fail. Later ones fail too.
    pub async fn shutdown(&self) {
        for way in self.ways.values() {
            if let Way::Spawn(spawn) = way {
                spawn.shutdown().await;
            }
        }
    }

    /// The way to `arn` as it is, or else without its alias or version.
    fn find(&self, arn: &FunctionArn) -> Option<(&FunctionArn, &Way)> {
        self.ways.get_key_value(arn).or_else(|| {
            let unqualified = ArnParts::of(arn)?.unqualified();
            self.ways.get_key_value(&unqualified)
        })
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
        let Some((route, way)) = self.find(function) else {
            tracing::warn!(function.arn = %function, "a trigger names a function that the functions file does not have");
            metrics::counter!("rehome_function_invocations_total", "function" => "", "outcome" => "unrouted")
                .increment(1);
            return Err(InvokeError::NotInvoked {
                code: "ResourceNotFoundException".to_owned(),
            });
        };
        let started = Instant::now();
        let answer = match way {
            Way::Builtin { function, timeout } => {
                builtin::invoke(&**function, payload, limit, *timeout).await
            }
            Way::Endpoint(endpoint) => endpoint.invoke(function, payload, limit).await,
            Way::Spawn(spawn) => spawn.invoke(function, payload, limit).await,
        };
        observe(route, &answer, started.elapsed());
        answer
    }
}

/// Counts and times one invocation, and logs one that failed by its kind only: the message is the function's own text
/// and may quote what the person typed.
fn observe(route: &FunctionArn, answer: &Result<Payload, InvokeError>, took: Duration) {
    let outcome = match answer {
        Ok(_) => "answered",
        Err(InvokeError::Failed { .. }) => "failed",
        Err(InvokeError::TimedOut) => "timed_out",
        Err(InvokeError::NotInvoked { .. }) => "not_invoked",
    };
    let milliseconds = took.as_secs_f64() * 1000.0;
    metrics::counter!("rehome_function_invocations_total", "function" => route.0.clone(), "outcome" => outcome)
        .increment(1);
    metrics::histogram!("rehome_function_milliseconds", "function" => route.0.clone()).record(milliseconds);
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
