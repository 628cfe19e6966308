//! The port to an old directory: two questions, a standing each; not being able to ask is the error.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::Instant;
use trigger::Password;

use crate::inquiry::Inquiry;
use crate::profile::Login;
use crate::standing::Standing;

/// An old directory. Every call ends inside the time of its inquiry, retries included, and notes there what its steps took.
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
        inquiry: &Inquiry,
    ) -> Result<Standing, CouldNotAsk>;

    /// How does the user of this login stand, no password being shown?
    ///
    /// # Errors
    /// [`CouldNotAsk`] when there is no answer, or none that is understood.
    async fn find(&self, login: &Login, inquiry: &Inquiry) -> Result<Standing, CouldNotAsk>;
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

    /// At that moment.
    #[must_use]
    pub fn at(moment: Instant) -> Self {
        Self(moment)
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
    /// Not asked: so many questions are on their way already.
    Busy,
    /// Not asked: so many questions a second have gone out already.
    OverRate,
    /// Not asked: it failed several times in a row and is left alone for a while.
    CircuitOpen,
    /// Not asked: nearly every login of late was one that nobody has.
    Flood,
    /// Not asked: the function's own settings could not be read yet.
    NoConfiguration,
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
            Self::Busy => "busy",
            Self::OverRate => "over_rate",
            Self::CircuitOpen => "circuit_open",
            Self::Flood => "flood",
            Self::NoConfiguration => "no_configuration",
        }
    }

    /// Whether it was the shield that kept the question back.
    #[must_use]
    pub fn is_shield(self) -> bool {
        matches!(
            self,
            Self::Busy | Self::OverRate | Self::CircuitOpen | Self::Flood
        )
    }

    /// Whether the old directory is in trouble, rather than this question.
    #[must_use]
    pub fn is_outage(self) -> bool {
        matches!(
            self,
            Self::Throttled | Self::Unreachable | Self::TooSlow | Self::Broken
        )
    }

    /// Whether the old directory may have looked at the password although it gave no answer.
    #[must_use]
    pub fn may_have_counted(self) -> bool {
        matches!(
            self,
            Self::TooSlow | Self::Broken | Self::NotUnderstood | Self::TriggerFailed
        )
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
