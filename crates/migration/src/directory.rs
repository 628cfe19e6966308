//! The port to an old directory: two questions, a standing each; not being able to ask is the error.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::Instant;
use trigger::Password;

use crate::profile::Login;
use crate::standing::Standing;

/// An old directory. Every call ends before its deadline, retries included.
#[async_trait]
pub trait Directory: Send + Sync {
    /// How does somebody stand who shows this login and this password? The password is never empty.
    ///
    /// # Errors
    /// [`CouldNotAsk`] when there is no answer, or none that is understood: never for a wrong password.
    async fn verify(
        &self,
        login: &Login,
        password: &Password,
        deadline: Deadline,
    ) -> Result<Standing, CouldNotAsk>;

    /// How does the user of this login stand, no password being shown?
    ///
    /// # Errors
    /// [`CouldNotAsk`] when there is no answer, or none that is understood.
    async fn find(&self, login: &Login, deadline: Deadline) -> Result<Standing, CouldNotAsk>;
}

/// The moment when an answer comes too late. On tokio's clock, which tests can move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline(Instant);

impl Deadline {
    /// That long from now.
    #[must_use]
    pub fn after(span: Duration) -> Self {
        Self(Instant::now() + span)
    }

    /// The moment, for `tokio::time::timeout_at`.
    #[must_use]
    pub fn instant(self) -> Instant {
        self.0
    }

    /// How long there is; zero when it is over.
    #[must_use]
    pub fn remaining(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }
}

/// The old directory could not be asked. Its text names the operation and the cause, nothing of the person.
#[derive(Debug)]
pub struct CouldNotAsk {
    /// What kind of trouble.
    pub cause: Cause,
    /// What was being done, like `AdminInitiateAuth`.
    pub operation: &'static str,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// Why there was no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// It asked for fewer calls.
    Throttled,
    /// No connection: refused, no such name, TLS.
    Unreachable,
    /// No answer inside the budget.
    TooSlow,
    /// It failed by its own account.
    Broken,
    /// An answer, but not one that can be understood.
    NotUnderstood,
    /// It does not let the function ask: credentials, permissions, a setting on either side.
    NotAllowed,
    /// A trigger of the old pool refused or broke.
    TriggerFailed,
}

impl Cause {
    /// The name for logs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Throttled => "throttled",
            Self::Unreachable => "unreachable",
            Self::TooSlow => "too_slow",
            Self::Broken => "broken",
            Self::NotUnderstood => "not_understood",
            Self::NotAllowed => "not_allowed",
            Self::TriggerFailed => "trigger_failed",
        }
    }
}

impl CouldNotAsk {
    /// Without more to say.
    #[must_use]
    pub fn new(cause: Cause, operation: &'static str) -> Self {
        Self {
            cause,
            operation,
            source: None,
        }
    }

    /// With what lies below; it must quote nothing of the person and no secret.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl fmt::Display for CouldNotAsk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "could not ask the old directory: {} ({})",
            self.operation,
            self.cause.name()
        )
    }
}

impl Error for CouldNotAsk {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn Error + 'static))
    }
}
