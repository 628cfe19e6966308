//! What came of an invocation, told in text or JSON. The password of the event is never part of it.

use function::{FunctionError, Record};
use serde_json::{Value, json};
use trigger::{Event, MigrateUser, Password, Payload};

use crate::exit::Exit;
use crate::terminal::{Style, Terminal};

/// What stands in the place of a password.
const HIDDEN: &str = "(not shown)";

/// What came of an invocation.
pub(super) struct Report {
    record: Record,
    /// The event as returned, its password hidden; or what the function threw.
    answer: Result<Value, FunctionError>,
}

impl Report {
    pub(super) fn new(event: &Payload, answer: Result<Payload, FunctionError>, record: Record) -> Self {
        let answer = answer.map(|payload| {
            let mut returned = serde_json::from_slice(payload.as_bytes()).unwrap_or(Value::Null);
            hide(&mut returned, password_of(event).as_ref());
            returned
        });
        Self { record, answer }
    }

    pub(super) fn exit(&self) -> Exit {
        match (self.record.outcome, self.record.cause) {
            (_, Some(_)) => Exit::CouldNotAsk,
            ("moved", None) => Exit::Done,
            ("not_an_event", None) => Exit::WrongSettings,
            _ => Exit::NotMoved,
        }
    }

    pub(super) fn print_json(&self, terminal: &mut Terminal) -> std::io::Result<()> {
        let mut told = json!({
            "outcome": self.record.outcome,
            "standing": self.record.standing,
            "refusal": self.record.refusal,
            "cause": self.record.cause,
            "error": self.record.error,
            "milliseconds": self.record.milliseconds,
        });
        match &self.answer {
            Ok(event) => told["event"] = event.clone(),
            Err(thrown) => {
                told["thrown"] =
                    json!({ "errorType": thrown.error_type, "errorMessage": thrown.error_message });
            }
        }
        terminal.line(&format!("{told:#}"))
    }

    pub(super) fn print(&self, terminal: &mut Terminal) -> std::io::Result<()> {
        let (mark, style) = match self.exit() {
            Exit::Done => ("✓", Style::Good),
            _ => ("✗", Style::Bad),
        };
        let mark = terminal.styled(style, mark);
        let headline = terminal.styled(Style::Bold, self.headline());
        terminal.line(&format!("{mark} {headline}"))?;
        let standing = self.record.standing.unwrap_or("not asked, or no answer");
        field(terminal, "standing", standing)?;
        if let Some(error) = &self.record.error {
            field(terminal, "trouble", error)?;
        }
        match &self.answer {
            Ok(event) => print_response(terminal, &event["response"])?,
            Err(thrown) => {
                field(
                    terminal,
                    "thrown",
                    &format!("{} \"{}\"", thrown.error_type, thrown.error_message),
                )?;
                let seen = format!("UserMigration failed with error {}.", thrown.error_message);
                field(
                    terminal,
                    "client sees",
                    &format!("UserNotFoundException \"{seen}\""),
                )?;
                let hidden = "or NotAuthorizedException \"Incorrect username or password.\", where PreventUserExistenceErrors \
                              is ENABLED";
                field(terminal, "", hidden)?;
            }
        }
        field(terminal, "took", &format!("{} ms", self.record.milliseconds))
    }

    fn headline(&self) -> &'static str {
        match (self.record.outcome, self.record.cause) {
            (_, Some(_)) => "The old directory could not be asked; the person is told to try again later",
            ("moved", None) => "The user would move",
            ("unchanged", None) => {
                "The user would not move, and nothing is disclosed: the event goes back as it came"
            }
            ("not_an_event", None) => "This is no event of the trigger",
            _ => "The user would not move",
        }
    }
}

/// Members of the response that say something, attributes one a line.
fn print_response(terminal: &mut Terminal, response: &Value) -> std::io::Result<()> {
    let Some(members) = response.as_object() else {
        return Ok(());
    };
    for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
        match value.as_object() {
            Some(attributes) => {
                let widest = attributes
                    .keys()
                    .map(|name| name.chars().count())
                    .max()
                    .unwrap_or(0);
                for (n, (attribute, value)) in attributes.iter().enumerate() {
                    let label = if n == 0 { name.as_str() } else { "" };
                    field(
                        terminal,
                        label,
                        &format!("{attribute:<widest$}  {}", plain(value)),
                    )?;
                }
            }
            None => field(terminal, name, &plain(value))?,
        }
    }
    Ok(())
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), ToOwned::to_owned)
}

fn field(terminal: &mut Terminal, label: &str, value: &str) -> std::io::Result<()> {
    let label = terminal.styled(Style::Dim, &format!("{label:<20}"));
    terminal.line(&format!("  {label}{value}"))
}

/// The password of the event; a function that echoes it elsewhere is not to show it there either.
fn password_of(event: &Payload) -> Option<Password> {
    let event = Event::<MigrateUser>::parse(event).ok()?;
    event
        .request()
        .password
        .clone()
        .filter(|password| !password.is_empty())
}

/// Hides `request.password`, and every other text that is the password.
fn hide(value: &mut Value, password: Option<&Password>) {
    match value {
        Value::String(text) if password.is_some_and(|password| password.expose() == text) => {
            HIDDEN.clone_into(text);
        }
        Value::Array(items) => items.iter_mut().for_each(|item| hide(item, password)),
        Value::Object(members) => {
            for (name, member) in members {
                if name == "password" && member.is_string() {
                    *member = Value::from(HIDDEN);
                } else {
                    hide(member, password);
                }
            }
        }
        _ => {}
    }
}
