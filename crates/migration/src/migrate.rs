//! One event, one question to the old directory, one decision, inside one time budget.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use trigger::migrate_user::Source;
use trigger::{Event, MigrateUser, Password};

use crate::companion::Carrier;
use crate::decide::{Decision, Occasion, decide};
use crate::digest::DigestKey;
use crate::directory::{Cause, CouldNotAsk, Directory};
use crate::guard::{Answered, Guard, Question};
use crate::inquiry::{Inquiry, Shares, Took};
use crate::levers::{Lever, Levers};
use crate::mapping::Mapping;
use crate::profile::Login;
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::shield::{ShieldChange, ShieldSettings};
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
    /// How it is split.
    pub shares: Shares,
    /// What the old directory is spared.
    pub shield: ShieldSettings,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            rules: Rules::default(),
            mapping: Mapping::default(),
            budget: DEFAULT_BUDGET,
            shares: Shares::default(),
            shield: ShieldSettings::default(),
        }
    }
}

/// What a decision is made with, beside the event.
pub struct Call<'a> {
    /// Who is asked.
    pub directory: &'a dyn Directory,
    /// On which terms.
    pub terms: &'a Terms,
    /// What the team has moved.
    pub levers: &'a Levers,
    /// Seals the groups that people carry.
    pub key: Option<&'a DigestKey>,
    /// What is remembered.
    pub guard: &'a Guard,
    /// The time of the day, for an end date.
    pub now: SystemTime,
    /// The value of an `X-Amzn-Trace-Id` header for the calls.
    pub trace: Option<&'a str>,
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
    /// The lever that made the decision another.
    pub lever: Option<Lever>,
    /// What would have been, had the function not only looked on.
    pub observed: Option<Decision>,
    /// A text of one's own for the refusal.
    pub text: Option<Arc<str>>,
    /// The rules that had a say.
    pub rules: Vec<&'static str>,
    /// The same attempt again; the first verdict is given.
    pub repeated: bool,
    /// What has changed about the shield.
    pub shield: Option<ShieldChange>,
    /// Where the time went.
    pub took: Took,
}

impl Outcome {
    fn without_asking(decision: Decision) -> Self {
        Self {
            decision,
            standing: None,
            could_not_ask: None,
            lever: None,
            observed: None,
            text: None,
            rules: Vec::new(),
            repeated: false,
            shield: None,
            took: Took::default(),
        }
    }

    /// That nobody could be asked: *try again later*, on every occasion.
    #[must_use]
    pub fn could_not_ask(error: CouldNotAsk) -> Self {
        Self {
            could_not_ask: Some(error),
            ..Self::without_asking(Decision::Refuse(Refusal::CouldNotAsk))
        }
    }

    /// What the client sees of a refusal, without the full stop that Cognito appends.
    #[must_use]
    pub fn refusal_text(&self, refusal: Refusal) -> &str {
        self.text.as_deref().unwrap_or(refusal.text())
    }
}

/// Decides about an event. The old directory is not asked for an empty login, an empty password, on an occasion that this
/// version does not know, or when a lever has decided already.
pub async fn migrate(event: &Event<MigrateUser>, call: &Call<'_>) -> Outcome {
    let (occasion, password) = match occasion(event) {
        Ok(asked) => asked,
        Err(decision) => return Outcome::without_asking(decision),
    };
    let client = event.header().caller_context.client_id.as_deref();
    if let Some((lever, decision)) = call.levers.before_asking(&occasion, client, call.now) {
        let text = (decision == Decision::Refuse(Refusal::Ended)).then(|| call.levers.end_text());
        return Outcome {
            lever: Some(lever),
            text: text.flatten(),
            ..Outcome::without_asking(decision)
        };
    }
    let terms = call.terms;
    let inquiry = Inquiry::new(terms.budget, terms.shares, call.trace.map(str::to_owned));
    let question = Question {
        event,
        login: occasion.login(),
        password,
    };
    let answered = call
        .guard
        .ask(&question, call.directory, terms.shield, &inquiry)
        .await;
    let Answered {
        answer,
        repeated,
        change,
    } = answered;
    let outcome = match answer {
        Ok(standing) => judge(&occasion, standing, call),
        Err(error) => Outcome::could_not_ask(error),
    };
    Outcome {
        repeated,
        shield: change,
        took: inquiry.took(),
        ..outcome
    }
}

/// When and with what somebody came; or the decision, where nobody needs to be asked.
fn occasion(event: &Event<MigrateUser>) -> Result<(Occasion, Option<&Password>), Decision> {
    let login = Login::new(event.header().user_name.as_str());
    let password = event
        .request()
        .password
        .as_ref()
        .filter(|password| !password.is_empty());
    match (event.source(), password) {
        (Source::Other(_), _) => Err(Decision::Unchanged),
        (Source::ForgotPassword, _) if login.is_empty() => Err(Decision::Unchanged),
        (Source::ForgotPassword, _) => Ok((Occasion::ForgotPassword(login), None)),
        (Source::Authentication, Some(_)) if login.is_empty() => Err(Decision::Refuse(Refusal::Unknown)),
        (Source::Authentication, Some(password)) => Ok((Occasion::SignIn(login), Some(password))),
        (Source::Authentication, None) => Err(Decision::Refuse(Refusal::EmptyPassword)),
    }
}

/// The table, and the levers that come after it.
fn judge(occasion: &Occasion, standing: Standing, call: &Call<'_>) -> Outcome {
    let name = standing.name();
    let rules = call.terms.rules.applied(&standing);
    let buried = standing
        .profile()
        .is_some_and(|profile| call.levers.buries(occasion.login(), profile));
    let outcome = |lever, decision, observed| Outcome {
        standing: Some(name),
        lever,
        observed,
        rules,
        ..Outcome::without_asking(decision)
    };
    let nobody_moves = |refusal| match occasion {
        Occasion::SignIn(_) => Decision::Refuse(refusal),
        Occasion::ForgotPassword(_) => Decision::Unchanged,
    };
    if buried {
        return outcome(Some(Lever::Tombstone), nobody_moves(Refusal::Tombstone), None);
    }
    let mut decision = decide(occasion, standing, call.terms.rules, &call.terms.mapping);
    if let Decision::Respond(response) = &mut decision
        && let Some(attributes) = &mut response.user_attributes
    {
        let mapping = &call.terms.mapping;
        let carrier = Carrier {
            mapping,
            key: call.key,
        };
        if carrier.seal(attributes).is_none() {
            return Outcome::could_not_ask(CouldNotAsk::new(Cause::NoConfiguration, "digest_key"));
        }
    }
    match decision {
        Decision::Respond(_) if call.levers.observe_only => {
            let answer = nobody_moves(Refusal::ObserveOnly);
            outcome(Some(Lever::ObserveOnly), answer, Some(decision))
        }
        decision => outcome(None, decision, None),
    }
}
