//! `rehome invoke --canary`: secrets that nobody else has go through the function on the user's own configuration, then
//! everything that it said is searched for them.

use std::fmt::Write as _;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use function::metrics::Metrics;
use function::{Environment, Function, Settings};
use pool::ports::{Entropy as _, FunctionArn, Functions as _, SystemClock, SystemEntropy};
use serde_json::{Value, json};
use server::functions::settings::FunctionsFile;
use server::functions::{FunctionRoutes, Machine};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use trigger::Payload;

use crate::exit::Exit;
use crate::logging::OURS;
use crate::terminal::{Style, Terminal};
use crate::wiring;

/// What stands in the environment and is secret, where it is no reference.
const SECRET_VARIABLES: [&str; 5] = [
    "OLD_CLIENT_SECRET",
    "OLD_EXTERNAL_ID",
    "REHOME_DIGEST_KEY",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
];

/// What the bootstrap is told, where it is set: all that the function reads.
const VARIABLES: [&str; 17] = [
    "OLD_USER_POOL_ID",
    "OLD_CLIENT_ID",
    "OLD_CLIENT_SECRET",
    "OLD_REGION",
    "OLD_ROLE_ARN",
    "OLD_EXTERNAL_ID",
    "REHOME_CONFIG",
    "REHOME_DIGEST_KEY",
    "AWS_REGION",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER",
    "AWS_ENDPOINT_URL_STS",
    "AWS_ENDPOINT_URL_SSM",
    "AWS_ENDPOINT_URL_SECRETS_MANAGER",
];

/// A text that may stand nowhere.
struct Canary {
    /// What it is, in words.
    what: &'static str,
    /// Itself, and what it looks like when somebody has encoded it.
    forms: Vec<(&'static str, String)>,
}

impl Canary {
    fn new(what: &'static str, text: &str) -> Self {
        let mut forms = vec![("as it is", text.to_owned())];
        forms.push(("in hexadecimal", hexadecimal(text.as_bytes())));
        let percent: String = text
            .bytes()
            .map(|byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            })
            .collect();
        if percent != text {
            forms.push(("percent-encoded", percent));
        }
        // Inside a longer text it may begin at any of three places of a group.
        for before in 0..3 {
            let mut bytes = vec![0; before];
            bytes.extend_from_slice(text.as_bytes());
            let whole = bytes.len() / 3 * 3;
            let first = [0, 2, 3][before];
            for encoded in [
                STANDARD_NO_PAD.encode(&bytes[..whole]),
                URL_SAFE_NO_PAD.encode(&bytes[..whole]),
            ] {
                if let Some(middle) = encoded.get(first..).filter(|middle| middle.len() >= 8) {
                    forms.push(("in Base64", middle.to_owned()));
                }
            }
        }
        Self { what, forms }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into a text does not fail.
        let _written = write!(text, "{byte:02x}");
        text
    })
}

/// What was found where.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    place: &'static str,
    what: &'static str,
    form: &'static str,
}

/// All that was said, by where.
#[derive(Default)]
struct Said(Vec<(&'static str, String)>);

impl Said {
    fn add(&mut self, place: &'static str, text: impl Into<String>) {
        self.0.push((place, text.into()));
    }

    fn search(&self, canaries: &[Canary]) -> Vec<Found> {
        let mut all = Vec::new();
        for (place, text) in &self.0 {
            for canary in canaries {
                let form = canary.forms.iter().find(|(_, form)| text.contains(form));
                let found = form.map(|(form, _)| Found {
                    place,
                    what: canary.what,
                    form,
                });
                all.extend(found.filter(|found| !all.contains(found)));
            }
        }
        all
    }
}

/// Runs the canaries through the function, and through a `bootstrap` where one is named.
///
/// # Errors
/// When the function cannot start.
pub(super) async fn run(
    settings: Settings,
    environment: &Environment,
    bootstrap: Option<&Path>,
    as_json: bool,
) -> anyhow::Result<Exit> {
    let log = Log::default();
    log.start();
    let (events, mut canaries) = events();
    for name in SECRET_VARIABLES {
        let value = environment.get(name).unwrap_or_default();
        let is_reference = value.starts_with("ssm:") || value.starts_with("secretsmanager:");
        if value.len() >= 12 && !is_reference {
            canaries.push(Canary::new("a secret of the environment", &value));
        }
    }
    let mut said = Said::default();
    say(&events, settings, &mut said).await?;
    if let Some(bootstrap) = bootstrap {
        say_by(bootstrap, environment, &events, &mut said).await?;
    }
    said.add("the log at its loudest", log.taken());
    let found = said.search(&canaries);
    let bytes: usize = said.0.iter().map(|(_, text)| text.len()).sum();
    report(&found, events.len(), bytes, as_json)?;
    Ok(if found.is_empty() {
        Exit::Done
    } else {
        Exit::Failed
    })
}

/// Events with canaries at every place that holds something of a person, some of them broken.
fn events() -> (Vec<String>, Vec<Canary>) {
    let mut bytes = [0; 12];
    SystemEntropy.fill(&mut bytes);
    let chance = hexadecimal(&bytes);
    let login = format!("canary-{chance}@example.invalid");
    let password = format!("Canary-Password-{chance}-1");
    let attribute = format!("Canary attribute {chance}");
    let event = |source: &str, request: Value| {
        json!({
            "version": "1", "triggerSource": source, "region": "us-east-1", "userPoolId": "us-east-1_Canary000",
            "userName": login, "callerContext": { "awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": "1canary" },
            "request": request, "response": {},
        })
        .to_string()
    };
    let attributes = json!({ "email": login, "name": attribute, "custom:old_groups": attribute });
    let with_password = json!({ "password": password, "validationData": { "a": attribute }, "clientMetadata": { "b": attribute } });
    let sign_in = event("UserMigration_Authentication", with_password.clone());
    let mut cut = sign_in.clone();
    cut.truncate(cut.find(&password).unwrap_or_default() + password.len());
    let events = vec![
        sign_in,
        event(
            "UserMigration_ForgotPassword",
            json!({ "validationData": { "a": attribute } }),
        ),
        event("UserMigration_Whatever", with_password),
        event("UserMigration_Authentication", json!({ "password": [password] })),
        event("UserMigration_Authentication", json!(password)),
        event(
            "TokenGeneration_Authentication",
            json!({ "userAttributes": attributes }),
        ),
        event(
            "PreSignUp_SignUp",
            json!({ "userAttributes": attributes, "validationData": { "a": attribute } }),
        ),
        json!({ "password": password, "userName": login }).to_string(),
        cut,
        password.clone(),
    ];
    let canaries = vec![
        Canary::new("the login", &login),
        Canary::new("the password", &password),
        Canary::new("an attribute", &attribute),
    ];
    (events, canaries)
}

/// What the function says in this process: the lines that it would write, and what it throws.
async fn say(events: &[String], settings: Settings, said: &mut Said) -> anyhow::Result<()> {
    let function = Function::new(settings)
        .map_err(|error| anyhow!(error))
        .context("the function cannot start")?;
    for event in events {
        let payload = Payload::from_bytes(event.clone().into_bytes());
        let (answer, record) = function.answer(&payload, Duration::MAX).await;
        said.add("a log line", serde_json::to_string(&record)?);
        said.add("a log line", format!("{record:?}"));
        said.add("a metric", serde_json::to_string(&Metrics::of(&record))?);
        if let Some(audit) = &record.audit {
            said.add("an audit line", serde_json::to_string(audit)?);
        }
        if let Err(thrown) = answer {
            said.add("an error", format!("{} {thrown:?}", thrown.error_message));
        }
        // The same again in the way of a server, whose log is searched.
        let _refused = function.handle(payload).await;
    }
    Ok(())
}

/// What the very `bootstrap` of a zip says: its standard output and error are in our log, what it throws is here.
async fn say_by(
    bootstrap: &Path,
    environment: &Environment,
    events: &[String],
    said: &mut Said,
) -> anyhow::Result<()> {
    const ARN: &str = "arn:aws:lambda:us-east-1:000000000000:function:canary";
    let program = std::path::absolute(bootstrap)?;
    anyhow::ensure!(
        program.is_file(),
        "{} is no file: name a bootstrap",
        program.display()
    );
    let set = VARIABLES
        .into_iter()
        .filter_map(|name| Some((name, environment.get(name)?)));
    let variables: toml::Table = set
        .map(|(name, value)| (name.to_owned(), toml::Value::String(value)))
        .collect();
    let mut function = toml::Table::new();
    function.insert("spawn".to_owned(), vec![program.display().to_string()].into());
    function.insert("env".to_owned(), variables.into());
    let functions = toml::Table::from_iter([(ARN.to_owned(), toml::Value::Table(function))]);
    let file = toml::Table::from_iter([("functions".to_owned(), toml::Value::Table(functions))]);
    let routes: FunctionRoutes = wiring::function_routes(
        FunctionsFile::parse(&file.to_string(), wiring::BUILTINS)?,
        Machine {
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            credentials: None,
        },
    )?;
    let arn = FunctionArn(ARN.to_owned());
    for event in events {
        let payload = Payload::from_bytes(event.clone().into_bytes());
        if let Err(error) = routes.invoke(&arn, &payload, Duration::from_secs(10)).await {
            said.add("an error of the bootstrap", format!("{error} {error:?}"));
        }
    }
    routes.shutdown().await;
    Ok(())
}

/// The log, kept instead of written.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// From here on. The libraries that carry the bytes are left out as they are in every log of this software.
    fn start(&self) {
        let ours = OURS.iter().map(|name| format!("{name}=trace"));
        let filter = std::iter::once("warn,function=trace".to_owned()).chain(ours);
        let filter = EnvFilter::new(filter.collect::<Vec<_>>().join(","));
        let builder = tracing_subscriber::fmt().with_env_filter(filter);
        let _already = builder.with_writer(self.clone()).with_ansi(false).try_init();
    }

    fn taken(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn report(found: &[Found], events: usize, bytes: usize, as_json: bool) -> anyhow::Result<()> {
    let mut terminal = Terminal::stdout();
    if as_json {
        let found: Vec<_> = found
            .iter()
            .map(|found| json!({ "in": found.place, "what": found.what, "form": found.form }))
            .collect();
        let told = json!({ "events": events, "bytes": bytes, "found": found });
        return Ok(terminal.line(&format!("{told:#}"))?);
    }
    let (mark, style, headline) = if found.is_empty() {
        (
            "✓",
            Style::Good,
            "Nothing of a person and no secret stands anywhere",
        )
    } else {
        ("✗", Style::Bad, "Something stands where it must not")
    };
    let mark = terminal.styled(style, mark);
    let headline = terminal.styled(Style::Bold, headline);
    terminal.line(&format!("{mark} {headline}"))?;
    terminal.line(&format!(
        "  {events} events, {bytes} bytes of log lines, metrics and errors searched: as they are, in Base64, in hexadecimal, \
         percent-encoded"
    ))?;
    for found in found {
        terminal.line(&format!("  {} {} in {}", found.what, found.form, found.place))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found_in(text: &str) -> Vec<&'static str> {
        let mut said = Said::default();
        said.add("here", text);
        let found = said.search(&[Canary::new("it", "Canary-Secret/42+more")]);
        found.iter().map(|found| found.form).collect()
    }

    #[test]
    fn a_canary_is_found_in_every_form() {
        assert_eq!(found_in("x Canary-Secret/42+more y"), ["as it is"]);
        assert_eq!(found_in("p=Canary%2DSecret%2F42%2Bmore"), ["percent-encoded"]);
        assert_eq!(
            found_in("43616e6172792d5365637265742f34322b6d6f7265"),
            ["in hexadecimal"]
        );
        for before in ["", "a", "ab", "abc"] {
            let text = STANDARD_NO_PAD.encode(format!("{before}Canary-Secret/42+more, and on"));
            assert_eq!(found_in(&text), ["in Base64"], "{before:?}");
        }
        assert!(found_in("nothing of the kind").is_empty());
    }
}
