//! One event in, one answer or error out.

use std::error::Error;
use std::time::Duration;

use directory::cognito::Cognito;
use migration::{CouldNotAsk, Decision, Outcome, Refusal, Terms, migrate};
use tokio::time::Instant;
use trigger::migrate_user::Source;
use trigger::{Event, MigrateUser, NotAnEvent, Payload};

use crate::record::Record;
use crate::settings::Settings;

/// The migration function: one old directory, one set of terms.
pub struct Function {
    directory: Cognito,
    terms: Terms,
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

impl Function {
    /// Nothing is sent yet.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn new(settings: Settings) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self {
            directory: Cognito::new(settings.from)?,
            terms: settings.terms,
        })
    }

    /// Opens the connection to the old directory before the first event comes.
    pub async fn warm(&self) {
        self.directory.warm().await;
    }

    /// Answers one event, and logs the decision.
    ///
    /// # Errors
    /// A refusal: an answer of the function, not a failure of it.
    pub async fn handle(&self, payload: Payload) -> Result<Payload, FunctionError> {
        let (answer, record) = self.answer(&payload, Duration::MAX).await;
        tracing::info!(
            trigger.source = record.trigger_source,
            user_pool.id = record.user_pool_id,
            standing = record.standing,
            outcome = record.outcome,
            refusal = record.refusal,
            cause = record.cause,
            error = record.error,
            milliseconds = record.milliseconds,
            "migration"
        );
        answer
    }

    /// Answers one event, and hands over the log line instead of writing it. `left` is the time until whoever invokes the
    /// function ends it; it cuts the budget where it is shorter.
    pub async fn answer(
        &self,
        payload: &Payload,
        left: Duration,
    ) -> (Result<Payload, FunctionError>, Record) {
        let started = Instant::now();
        let (answer, mut record) = match Event::<MigrateUser>::parse(payload) {
            Ok(event) => {
                let mut terms = self.terms.clone();
                terms.budget = terms.budget.min(left);
                let outcome = migrate(&event, &self.directory, &terms).await;
                (answer(&event, &outcome.decision), record(&event, &outcome))
            }
            Err(error) => (Err(error.into()), not_an_event(error)),
        };
        record.milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        (answer, record)
    }
}

fn answer(event: &Event<MigrateUser>, decision: &Decision) -> Result<Payload, FunctionError> {
    match decision {
        Decision::Respond(response) => Ok(event.respond(response)),
        Decision::Unchanged => Ok(event.unchanged()),
        Decision::Refuse(refusal) => Err((*refusal).into()),
    }
}

fn record(event: &Event<MigrateUser>, outcome: &Outcome) -> Record {
    let (name, refusal) = match &outcome.decision {
        Decision::Respond(_) => ("moved", None),
        Decision::Unchanged => ("unchanged", None),
        Decision::Refuse(refusal) => ("refused", Some(refusal.name())),
    };
    Record {
        trigger_source: Some(match event.source() {
            Source::Authentication => "UserMigration_Authentication",
            Source::ForgotPassword => "UserMigration_ForgotPassword",
            Source::Other(_) => "other",
        }),
        user_pool_id: Some(event.header().user_pool_id.clone()),
        standing: outcome.standing,
        outcome: name,
        refusal,
        cause: outcome.could_not_ask.as_ref().map(|error| error.cause.name()),
        error: outcome.could_not_ask.as_ref().map(chain),
        milliseconds: 0,
    }
}

fn not_an_event(error: NotAnEvent) -> Record {
    Record {
        outcome: "not_an_event",
        error: Some(error.to_string()),
        ..Record::default()
    }
}

/// The error and its sources, each once.
fn chain(error: &CouldNotAsk) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

impl std::convert::From<Refusal> for FunctionError {
    fn from(refusal: Refusal) -> Self {
        Self {
            error_type: refusal.name().to_owned(),
            error_message: refusal.text().to_owned(),
        }
    }
}

impl std::convert::From<NotAnEvent> for FunctionError {
    fn from(error: NotAnEvent) -> Self {
        Self {
            error_type: "NotAnEvent".to_owned(),
            error_message: error.to_string(),
        }
    }
}
