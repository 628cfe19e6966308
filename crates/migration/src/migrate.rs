//! One event, one question to the old directory, one decision, inside one time budget.

use std::time::Duration;

use tokio::time::timeout_at;
use trigger::migrate_user::Source;
use trigger::{Event, MigrateUser, Password};

use crate::decide::{Decision, Occasion, decide};
use crate::directory::{Cause, CouldNotAsk, Deadline, Directory};
use crate::mapping::Mapping;
use crate::profile::Login;
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::standing::Standing;

/// Ends before Cognito's five seconds with room for the way there and back: Cognito's second and third try would
/// count as wrong passwords at the old directory.
pub const DEFAULT_BUDGET: Duration = Duration::from_millis(4200);

/// On which terms people move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The cells of the table that have a choice.
    pub rules: Rules,
    /// Which attributes go over.
    pub mapping: Mapping,
    /// For everything that one event costs.
    pub budget: Duration,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            rules: Rules::default(),
            mapping: Mapping::default(),
            budget: DEFAULT_BUDGET,
        }
    }
}

/// The decision, and how it came about.
#[derive(Debug)]
pub struct Outcome {
    /// What the function answers.
    pub decision: Decision,
    /// The standing's name, where the old directory answered.
    pub standing: Option<&'static str>,
    /// Why it did not.
    pub could_not_ask: Option<CouldNotAsk>,
}

impl Outcome {
    fn without_asking(decision: Decision) -> Self {
        Self {
            decision,
            standing: None,
            could_not_ask: None,
        }
    }
}

/// Decides about an event. The old directory is not asked for an empty login, an empty password, or on an occasion
/// that this version does not know.
pub async fn migrate(event: &Event<MigrateUser>, directory: &dyn Directory, terms: &Terms) -> Outcome {
    let login = Login::new(event.header().user_name.as_str());
    let password = event
        .request()
        .password
        .as_ref()
        .filter(|password| !password.is_empty());
    let (occasion, question) = match (event.source(), password) {
        (Source::Other(_), _) => return Outcome::without_asking(Decision::Unchanged),
        (Source::ForgotPassword, _) if login.is_empty() => {
            return Outcome::without_asking(Decision::Unchanged);
        }
        (Source::ForgotPassword, _) => (Occasion::ForgotPassword(login.clone()), Question::Find),
        (Source::Authentication, Some(password)) if !login.is_empty() => {
            (Occasion::SignIn(login.clone()), Question::Verify(password))
        }
        (Source::Authentication, Some(_)) => {
            return Outcome::without_asking(Decision::Refuse(Refusal::Unknown));
        }
        (Source::Authentication, None) => {
            return Outcome::without_asking(Decision::Refuse(Refusal::EmptyPassword));
        }
    };
    match ask(directory, &login, question, terms.budget).await {
        Ok(standing) => {
            let name = standing.name();
            let decision = decide(&occasion, standing, terms.rules, &terms.mapping);
            Outcome {
                decision,
                standing: Some(name),
                could_not_ask: None,
            }
        }
        Err(error) => {
            let decision = Decision::Refuse(Refusal::CouldNotAsk);
            Outcome {
                decision,
                standing: None,
                could_not_ask: Some(error),
            }
        }
    }
}

enum Question<'a> {
    Verify(&'a Password),
    Find,
}

/// Holds the budget whatever the directory does.
async fn ask(
    directory: &dyn Directory,
    login: &Login,
    question: Question<'_>,
    budget: Duration,
) -> Result<Standing, CouldNotAsk> {
    let deadline = Deadline::after(budget);
    let (operation, answer) = match question {
        Question::Verify(password) => ("verify", directory.verify(login, password, deadline)),
        Question::Find => ("find", directory.find(login, deadline)),
    };
    match timeout_at(deadline.instant(), answer).await {
        Ok(answer) => answer,
        Err(_) => Err(CouldNotAsk::new(Cause::TooSlow, operation)),
    }
}
