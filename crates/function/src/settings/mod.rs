//! Settings: the environment of a Lambda, `rehome.toml`, a server's functions file.
//!
//! | variable | means |
//! | --- | --- |
//! | `OLD_USER_POOL_ID`, `OLD_CLIENT_ID` | the old pool and an app client of it |
//! | `OLD_CLIENT_SECRET` | the app client's secret, or a reference to it |
//! | `OLD_REGION` | its Region; by default the one in the pool's id, then `AWS_REGION` |
//! | `OLD_ROLE_ARN`, `OLD_EXTERNAL_ID` | the role to take on when the pool is in another account |
//! | `AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER`, `…_STS`, `…_SSM`, `…_SECRETS_MANAGER`, `AWS_ENDPOINT_URL` | other endpoints |
//! | `REHOME_CONFIG` | a `rehome.toml`, or a reference to its text; the variables above go before what it says |
//! | `REHOME_DIGEST_KEY` | `digest_key` of the file |
//!
//! A reference is `ssm:NAME` or `secretsmanager:NAME`; `docs/reference/function.md` tells every key.

mod environment;
mod from;
pub(crate) mod levers;
mod problem;
mod secrets;
mod source;

use std::sync::Arc;
use std::time::Duration;

use directory::aws::Texts;
use directory::{Secret, cognito};
use from::check_endpoint;
use migration::companion::Companion;
use migration::{DEFAULT_BUDGET, Deadline, Mapping, Rules, Shares, ShieldSettings, Terms, version_of};
use serde::Deserialize;

pub use environment::Environment;
pub use from::{CognitoFrom, From};
pub(crate) use levers::LeversSettings;
pub use problem::{Problem, Problems};
use secrets::{Secrets, Written};
pub(crate) use source::{NotLoaded, Source};

/// What the function runs on, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The old directory.
    pub from: cognito::Settings,
    /// On which terms people move.
    pub terms: Terms,
    /// How often what settings refer to is read again.
    pub refresh: Refresh,
    /// What the log lines hold.
    pub log: LogSettings,
    pub(crate) levers: LeversSettings,
    pub(crate) companion: Companion,
    /// Where the new pool answers, unless at AWS.
    pub(crate) new_pool_endpoint: Option<String>,
    pub(crate) digest_key: Option<Secret>,
    /// The first digits of the file's digest; absent when there is no file.
    pub(crate) version: Option<String>,
    /// Reads what `[levers]` refers to.
    pub(crate) texts: Option<Arc<Texts>>,
}

/// `[refresh]` of `rehome.toml`: how old what was read elsewhere may be, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Refresh {
    /// A configuration that `REHOME_CONFIG` refers to.
    pub configuration_seconds: u64,
    /// Secrets that are referred to.
    pub secrets_seconds: u64,
    /// Levers and their lists.
    pub levers_seconds: u64,
}

impl Default for Refresh {
    fn default() -> Self {
        Self {
            configuration_seconds: 300,
            secrets_seconds: 300,
            levers_seconds: 30,
        }
    }
}

/// `[log]` of `rehome.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogSettings {
    /// Whether the line of a decision is a CloudWatch metric too.
    pub metrics: bool,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { metrics: true }
    }
}

/// `rehome.toml`, as far as it concerns the function.
#[derive(Default)]
struct RehomeToml {
    from: Option<From>,
    attributes: Mapping,
    rules: Rules,
    shares: Shares,
    shield: ShieldSettings,
    levers: LeversSettings,
    refresh: Refresh,
    log: LogSettings,
    companion: Companion,
    to: To,
    budget_ms: Option<u64>,
    digest_key: Option<String>,
    digest_key_file: Option<String>,
    version: Option<String>,
}

/// `[to]` of `rehome.toml`. The new pool says itself who it is; the rest is for the programme's commands.
#[derive(Default, Deserialize)]
struct To {
    endpoint: Option<String>,
}

impl Settings {
    /// From that environment, and what it names, wherever that is.
    ///
    /// # Errors
    /// [`Problems`], all of them; among them that what is named cannot be read now.
    pub async fn load(environment: &Environment) -> Result<Self, Problems> {
        let deadline = Deadline::after(Duration::from_secs(3));
        match Source::of(environment).load(environment, deadline).await {
            Ok(settings) => Ok(settings),
            Err(NotLoaded::Problems(problems)) => Err(problems),
            Err(NotLoaded::Unavailable(error)) => Err(Problems::one("REHOME_CONFIG", error.to_string())),
        }
    }

    /// From that environment, and the file that it names.
    ///
    /// # Errors
    /// [`Problems`], all of them; among them a `REHOME_CONFIG` that is no file: [`Settings::load`] reads that.
    pub fn read(environment: &Environment) -> Result<Self, Problems> {
        Source::of(environment).read_here(environment)
    }

    /// From the text of a `rehome.toml`, and that environment.
    ///
    /// # Errors
    /// [`Problems`], all of them.
    pub fn parse(toml: &str, environment: &Environment) -> Result<Self, Problems> {
        let table = toml
            .parse::<toml::Table>()
            .map_err(|error| Problems::one("rehome.toml", error.message()))?;
        let version = Some(version_of(toml));
        let file = sections(table)?;
        Self::check(RehomeToml { version, ..file }, environment)
    }

    /// For an old directory of a server's functions file, on default terms; credentials and files as on a Lambda.
    ///
    /// # Errors
    /// [`Problems`], all of them.
    pub fn builtin(from: From) -> Result<Self, Problems> {
        let process = Environment::of_the_process();
        let credentials_only = Environment::new(move |name| {
            let wanted =
                name.starts_with("AWS_") && !name.starts_with("AWS_ENDPOINT_URL") && name != "AWS_REGION";
            wanted.then(|| process.get(name)).flatten()
        });
        Self::check(
            RehomeToml {
                from: Some(from),
                ..RehomeToml::default()
            },
            &credentials_only,
        )
    }

    fn check(file: RehomeToml, environment: &Environment) -> Result<Self, Problems> {
        let mut problems = Problems(Vec::new());
        let written = match file.from {
            Some(From::Cognito(written)) => written,
            None => CognitoFrom::default(),
        };
        let written = written.over(environment);
        let mut secrets = Secrets {
            environment,
            region: written.region(environment),
            lifetime: Duration::from_secs(file.refresh.secrets_seconds),
            texts: None,
        };
        let mut from = written.check(&mut secrets, &mut problems);
        if let Some(from) = &mut from {
            from.with_groups = file.attributes.keep_groups_as.is_some();
        }
        check_endpoint("to.endpoint", file.to.endpoint.as_deref(), &mut problems);
        for (key, advice) in file.companion.problems(&file.attributes) {
            problems.add(&format!("companion.{key}"), advice);
        }
        for problem in file.attributes.problems() {
            problems.add(&format!("attributes.{}", problem.key), problem.advice);
        }
        let budget = file.budget_ms.map_or(DEFAULT_BUDGET, Duration::from_millis);
        if !(Duration::from_millis(500)..=Duration::from_millis(4800)).contains(&budget) {
            let advice = "must be from 500 to 4800, so that it ends before Cognito's five seconds; 4200 is the default";
            problems.add("budget_ms", advice);
        }
        check_figures(&file.shares, &file.shield, file.refresh, &mut problems);
        let variable = environment.get("REHOME_DIGEST_KEY");
        let digest_key = Written {
            key: "digest_key",
            text: variable.as_deref().or(file.digest_key.as_deref()),
            file: file.digest_key_file.as_deref().filter(|_| variable.is_none()),
        };
        let digest_key = secrets.secret(&digest_key, &mut problems);
        if file.attributes.keep_groups_as.is_some() && digest_key.is_none() {
            let advice =
                "needs digest_key, or anybody who may write the attribute could put themselves into a group";
            problems.add("attributes.keep_groups_as", advice);
        }
        let texts = if needs_texts(&file.levers) {
            secrets.texts(&mut problems)
        } else {
            secrets.texts.clone()
        };
        match from {
            Some(from) if problems.0.is_empty() => Ok(Self {
                from,
                terms: Terms {
                    rules: file.rules,
                    mapping: file.attributes,
                    budget,
                    shares: file.shares,
                    shield: file.shield,
                },
                refresh: file.refresh,
                log: file.log,
                levers: file.levers,
                companion: file.companion,
                new_pool_endpoint: file.to.endpoint,
                digest_key,
                version: file.version,
                texts,
            }),
            _ => Err(problems),
        }
    }
}

fn needs_texts(levers: &LeversSettings) -> bool {
    match levers {
        LeversSettings::From(_) => true,
        LeversSettings::Written(written) => written.lists().iter().any(Option::is_some),
    }
}

fn check_figures(shares: &Shares, shield: &ShieldSettings, refresh: Refresh, problems: &mut Problems) {
    let parts = [shares.connect, shares.verify, shares.find];
    if parts.contains(&0) || parts.iter().map(|part| u64::from(*part)).sum::<u64>() != 100 {
        let advice =
            "connect, verify and find must be more than 0 and 100 together; 30, 45 and 25 are the default";
        problems.add("shares", advice);
    }
    if shield.flood_percent > 100 {
        problems.add("shield.flood_percent", "must be from 0 (off) to 100");
    }
    if shield.flood_percent > 0 && !(1..=3600).contains(&shield.flood_window_seconds) {
        problems.add("shield.flood_window_seconds", "must be from 1 to 3600");
    }
    if shield.repeat_seconds > 60 {
        let advice = "must be from 0 (off) to 60: a password may be changed in the meantime";
        problems.add("shield.repeat_seconds", advice);
    }
    if !(1..=1_000_000).contains(&shield.repeat_entries) {
        problems.add("shield.repeat_entries", "must be from 1 to 1000000");
    }
    if shield.circuit_failures > 0 && !(1..=600_000).contains(&shield.circuit_pause_ms) {
        problems.add("shield.circuit_pause_ms", "must be from 1 to 600000");
    }
    if shield.circuit_longest_pause_ms > 600_000 {
        problems.add("shield.circuit_longest_pause_ms", "must be at most 600000");
    }
    let ages = [
        ("configuration_seconds", refresh.configuration_seconds),
        ("secrets_seconds", refresh.secrets_seconds),
        ("levers_seconds", refresh.levers_seconds),
    ];
    for (key, seconds) in ages {
        if !(1..=86_400).contains(&seconds) {
            problems.add(&format!("refresh.{key}"), "must be from 1 to 86400");
        }
    }
}

/// Reads section by section, so that a mistake in one does not hide those in another.
fn sections(table: toml::Table) -> Result<RehomeToml, Problems> {
    let mut file = RehomeToml::default();
    let mut problems = Problems(Vec::new());
    for (key, value) in table {
        let read = match key.as_str() {
            "from" => value.try_into().map(|from| file.from = Some(from)),
            // For the programme's commands.
            "to" => value.try_into().map(|to| file.to = to),
            "companion" => value.try_into().map(|companion| file.companion = companion),
            "attributes" => value.try_into().map(|attributes| file.attributes = attributes),
            "rules" => value.try_into().map(|rules| file.rules = rules),
            "shares" => value.try_into().map(|shares| file.shares = shares),
            "shield" => value.try_into().map(|shield| file.shield = shield),
            "levers" => value
                .try_into()
                .map(|table| file.levers = LeversSettings::check(table, &mut problems)),
            "refresh" => value.try_into().map(|refresh| file.refresh = refresh),
            "log" => value.try_into().map(|log| file.log = log),
            "budget_ms" => value.try_into().map(|budget| file.budget_ms = Some(budget)),
            "digest_key" => value.try_into().map(|key| file.digest_key = Some(key)),
            "digest_key_file" => value.try_into().map(|path| file.digest_key_file = Some(path)),
            _ => {
                problems.add(
                    &key,
                    "unknown; write [from], [to], [attributes], [rules], [shares], [shield], [levers], [refresh], [log], \
                     [companion], \
                     budget_ms or digest_key",
                );
                Ok(())
            }
        };
        if let Err(error) = read {
            problems.add(&key, error.message());
        }
    }
    if problems.0.is_empty() {
        Ok(file)
    } else {
        Err(problems)
    }
}

#[cfg(test)]
mod tests {
    use migration::OnOtherMfa;

    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Environment::new(move |name| {
            pairs
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.clone())
        })
    }

    const KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_SECRET_ACCESS_KEY", "Canary")];

    fn keys(problems: &Problems) -> Vec<&str> {
        problems.0.iter().map(|problem| problem.key.as_str()).collect()
    }

    #[test]
    fn the_two_variables_of_the_article_are_enough_on_a_lambda() {
        let pool = [
            ("OLD_USER_POOL_ID", "eu-west-1_AbCdEf123"),
            ("OLD_CLIENT_ID", "1abc"),
        ];
        let settings = Settings::read(&environment(&[pool[0], pool[1], KEYS[0], KEYS[1]])).unwrap();
        assert_eq!(
            (settings.from.region.as_str(), settings.from.client_id.as_str()),
            ("eu-west-1", "1abc")
        );
        assert_eq!(settings.terms, Terms::default());
        assert!(!format!("{settings:?}").contains("Canary"));
    }

    #[test]
    fn what_is_missing_is_told_at_once() {
        let problems = Settings::read(&environment(&[("AWS_REGION", "us-east-1")])).unwrap_err();
        assert_eq!(
            keys(&problems),
            ["from.user_pool_id", "from.client_id", "AWS_ACCESS_KEY_ID"]
        );
    }

    #[test]
    fn a_file_says_more_and_the_variables_go_before_it() {
        let toml = r#"
            budget_ms = 3000
            [from]
            kind = "cognito"
            endpoint = "http://127.0.0.1:9229"
            region = "eu-west-1"
            user_pool_id = "eu-west-1_AbCdEf123"
            client_id = "from-the-file"
            client_secret = "Canary"
            [to]
            user_pool_id = "eu-west-1_New000000"
            [attributes]
            keep_sub_as = "custom:old_sub"
            username = "old_username"
            [rules]
            other_mfa = "reset"
        "#;
        let settings =
            Settings::parse(toml, &environment(&[("OLD_CLIENT_ID", "from-the-variable")])).unwrap();
        assert_eq!(settings.from.client_id, "from-the-variable");
        assert_eq!(settings.from.endpoint.as_deref(), Some("http://127.0.0.1:9229"));
        assert_eq!(settings.terms.budget, Duration::from_secs(3));
        assert_eq!(settings.terms.rules.other_mfa, OnOtherMfa::Reset);
        assert!(!format!("{settings:?}").contains("Canary"));
    }

    #[test]
    fn mistakes_in_every_section_are_told_together() {
        let toml = r#"
            budget = 1
            [from]
            kind = "cognito"
            user_pool = "x"
            [attributes]
            droop = []
            [rules]
            sms_mfa = "maybe"
        "#;
        let problems = Settings::parse(toml, &environment(&KEYS)).unwrap_err();
        assert_eq!(keys(&problems), ["attributes", "budget", "from", "rules"]);
        let told = problems.to_string();
        assert!(
            told.contains("user_pool") && told.contains("droop") && told.contains("maybe"),
            "{told}"
        );
    }

    #[test]
    fn values_that_cannot_be_are_told_with_what_to_write() {
        let toml = r#"
            budget_ms = 9000
            [from]
            kind = "cognito"
            endpoint = "127.0.0.1:9229"
            user_pool_id = "eu-west-1_AbCdEf123"
            client_id = "1abc"
            external_id = "x"
            client_secret_file = "/nonexistent/secret"
            [attributes]
            set = { email_verified = "true" }
        "#;
        let problems = Settings::parse(toml, &environment(&KEYS)).unwrap_err();
        let expected = [
            "from.client_secret_file",
            "from.endpoint",
            "from.external_id",
            "attributes.set.\"email_verified\"",
            "budget_ms",
        ];
        assert_eq!(keys(&problems), expected);
    }

    #[test]
    fn the_from_of_a_functions_file_is_the_same_type() {
        let from = r#"from = { kind = "cognito", endpoint = "http://127.0.0.1:1", user_pool_id = "us-east-1_A", client_id = "c" }"#;
        let file: toml::Table = from.parse().unwrap();
        let from: From = file["from"].clone().try_into().unwrap();
        assert_eq!(Settings::builtin(from).unwrap().from.region, "us-east-1");
    }
}
