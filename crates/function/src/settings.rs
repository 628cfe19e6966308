//! Settings: the environment of a Lambda, `rehome.toml`, a server's functions file. The one place here that reads the
//! environment and files.
//!
//! | variable | means |
//! | --- | --- |
//! | `OLD_USER_POOL_ID`, `OLD_CLIENT_ID` | the old pool and an app client of it |
//! | `OLD_CLIENT_SECRET` | the app client's secret |
//! | `OLD_REGION` | its Region; by default the one in the pool's id, then `AWS_REGION` |
//! | `OLD_ROLE_ARN`, `OLD_EXTERNAL_ID` | the role to take on when the pool is in another account |
//! | `AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER`, `AWS_ENDPOINT_URL_STS`, `AWS_ENDPOINT_URL` | other endpoints |
//! | `REHOME_CONFIG` | a `rehome.toml`; the variables above go before what it says |

use std::fmt;
use std::path::Path;
use std::time::Duration;

use directory::cognito::{self, ClientSecret, Credentials, Role};
use migration::{DEFAULT_BUDGET, Mapping, Rules, Terms};
use serde::Deserialize;

/// What the function runs on, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The old directory.
    pub from: cognito::Settings,
    /// On which terms people move.
    pub terms: Terms,
}

/// `[from]`: the old directory, one variant a kind.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum From {
    /// A Cognito user pool.
    Cognito(CognitoFrom),
}

/// `[from]` with `kind = "cognito"`, as written.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CognitoFrom {
    /// `http://` or `https://`, without a path.
    pub endpoint: Option<String>,
    /// The pool's Region; by default the one in its id.
    pub region: Option<String>,
    /// The pool.
    pub user_pool_id: Option<String>,
    /// An app client of it.
    pub client_id: Option<String>,
    /// The app client's secret.
    pub client_secret: Option<String>,
    /// A file that holds it.
    pub client_secret_file: Option<String>,
    /// The role to take on.
    pub role_arn: Option<String>,
    /// The external id that the role asks for.
    pub external_id: Option<String>,
}

/// A mistake: the key, and what to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// A variable, or a key of the file like `from.client_id`.
    pub key: String,
    /// What is wrong and what to write instead.
    pub advice: String,
}

/// Every mistake at once.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Problems(pub Vec<Problem>);

/// A view of environment variables; empty ones count as absent.
pub struct Environment(Box<LookUp>);

type LookUp = dyn Fn(&str) -> Option<String> + Send + Sync;

/// `rehome.toml`, as far as it concerns the function.
#[derive(Default)]
struct File {
    from: Option<From>,
    attributes: Mapping,
    rules: Rules,
    budget_ms: Option<u64>,
}

impl Settings {
    /// From the process's environment, and the file that `REHOME_CONFIG` names.
    ///
    /// # Errors
    /// [`Problems`], all of them.
    pub fn load() -> Result<Self, Problems> {
        Self::read(&Environment::of_the_process())
    }

    /// From that environment, and the file that it names.
    ///
    /// # Errors
    /// [`Problems`], all of them.
    pub fn read(environment: &Environment) -> Result<Self, Problems> {
        match environment.get("REHOME_CONFIG") {
            Some(path) => {
                let text = std::fs::read_to_string(&path).map_err(|error| {
                    Problems::one("REHOME_CONFIG", format!("{path} cannot be read: {error}"))
                })?;
                Self::parse(&text, environment)
            }
            None => Self::check(File::default(), environment),
        }
    }

    /// From the text of a `rehome.toml`, and that environment.
    ///
    /// # Errors
    /// [`Problems`], all of them.
    pub fn parse(toml: &str, environment: &Environment) -> Result<Self, Problems> {
        let table = toml
            .parse::<toml::Table>()
            .map_err(|error| Problems::one("rehome.toml", error.message()))?;
        Self::check(sections(table)?, environment)
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
            File {
                from: Some(from),
                ..File::default()
            },
            &credentials_only,
        )
    }

    fn check(file: File, environment: &Environment) -> Result<Self, Problems> {
        let mut problems = Problems(Vec::new());
        let written = match file.from {
            Some(From::Cognito(written)) => written,
            None => CognitoFrom::default(),
        };
        let from = written.over(environment).check(environment, &mut problems);
        for problem in file.attributes.problems() {
            problems.add(&format!("attributes.{}", problem.key), problem.advice);
        }
        let budget = file.budget_ms.map_or(DEFAULT_BUDGET, Duration::from_millis);
        if !(Duration::from_millis(500)..=Duration::from_millis(4800)).contains(&budget) {
            let advice = "must be from 500 to 4800, so that it ends before Cognito's five seconds; 4200 is the default";
            problems.add("budget_ms", advice);
        }
        match from {
            Some(from) if problems.0.is_empty() => Ok(Self {
                from,
                terms: Terms {
                    rules: file.rules,
                    mapping: file.attributes,
                    budget,
                },
            }),
            _ => Err(problems),
        }
    }
}

/// Reads section by section, so that a mistake in one does not hide those in another.
fn sections(table: toml::Table) -> Result<File, Problems> {
    let mut file = File::default();
    let mut problems = Problems(Vec::new());
    for (key, value) in table {
        let read = match key.as_str() {
            "from" => value.try_into().map(|from| file.from = Some(from)),
            // For the programme's commands.
            "to" => value.try_into::<toml::Table>().map(drop),
            "attributes" => value.try_into().map(|attributes| file.attributes = attributes),
            "rules" => value.try_into().map(|rules| file.rules = rules),
            "budget_ms" => value.try_into().map(|budget| file.budget_ms = Some(budget)),
            _ => {
                problems.add(
                    &key,
                    "unknown; write [from], [to], [attributes], [rules] or budget_ms",
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

impl CognitoFrom {
    /// The variables of a Lambda go before the file.
    fn over(mut self, environment: &Environment) -> Self {
        let endpoint = "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER";
        let fields = [
            (&mut self.user_pool_id, environment.get("OLD_USER_POOL_ID")),
            (&mut self.client_id, environment.get("OLD_CLIENT_ID")),
            (&mut self.client_secret, environment.get("OLD_CLIENT_SECRET")),
            (&mut self.region, environment.get("OLD_REGION")),
            (&mut self.role_arn, environment.get("OLD_ROLE_ARN")),
            (&mut self.external_id, environment.get("OLD_EXTERNAL_ID")),
        ];
        for (field, variable) in fields {
            *field = variable.or_else(|| field.take());
        }
        let anybody = || {
            environment
                .get(endpoint)
                .or_else(|| environment.get("AWS_ENDPOINT_URL"))
        };
        self.endpoint = self.endpoint.or_else(anybody);
        self
    }

    fn check(self, environment: &Environment, problems: &mut Problems) -> Option<cognito::Settings> {
        let client_secret = self.client_secret(problems);
        if self.user_pool_id.is_none() {
            let advice =
                "missing; write the old pool's id, like \"eu-west-1_AbCdEf123\", or set OLD_USER_POOL_ID";
            problems.add("from.user_pool_id", advice);
        }
        if self.client_id.is_none() {
            problems.add(
                "from.client_id",
                "missing; write an app client of the old pool, or set OLD_CLIENT_ID",
            );
        }
        let in_the_id = || {
            self.user_pool_id
                .as_ref()?
                .split_once('_')
                .map(|(region, _)| region.to_owned())
        };
        let region = self
            .region
            .clone()
            .or_else(in_the_id)
            .or_else(|| environment.get("AWS_REGION"));
        let Some(region) = region else {
            problems.add(
                "from.region",
                "missing; write the old pool's Region, or set OLD_REGION",
            );
            return None;
        };
        check_endpoint("from.endpoint", self.endpoint.as_deref(), problems);
        let sts = environment
            .get("AWS_ENDPOINT_URL_STS")
            .or_else(|| environment.get("AWS_ENDPOINT_URL"));
        check_endpoint("AWS_ENDPOINT_URL_STS", sts.as_deref(), problems);
        if self.external_id.is_some() && self.role_arn.is_none() {
            problems.add(
                "from.external_id",
                "there is no role_arn that would ask for it; write one, or take it out",
            );
        }
        if self.role_arn.as_ref().is_some_and(|arn| !arn.starts_with("arn:")) {
            let advice = "is no ARN; write one like \"arn:aws:iam::111122223333:role/rehome\"";
            problems.add("from.role_arn", advice);
        }
        let credentials = environment.credentials();
        if credentials.is_none() && (self.endpoint.is_none() || self.role_arn.is_some() && sts.is_none()) {
            let advice = "missing; Lambda sets it and AWS_SECRET_ACCESS_KEY: elsewhere export both";
            problems.add("AWS_ACCESS_KEY_ID", advice);
        }
        let role = self.role_arn.map(|arn| Role {
            arn,
            external_id: self.external_id,
            endpoint: sts,
        });
        Some(cognito::Settings {
            region,
            user_pool_id: self.user_pool_id?,
            client_id: self.client_id?,
            client_secret,
            endpoint: self.endpoint,
            role,
            credentials,
        })
    }

    fn client_secret(&self, problems: &mut Problems) -> Option<ClientSecret> {
        match (&self.client_secret, &self.client_secret_file) {
            (Some(_), Some(_)) => {
                problems.add(
                    "from.client_secret_file",
                    "client_secret is there too; write one of them",
                );
                None
            }
            (Some(secret), None) => Some(ClientSecret::new(secret.as_str())),
            (None, Some(path)) => match std::fs::read_to_string(Path::new(path)) {
                Ok(secret) => Some(ClientSecret::new(secret.trim_end())),
                Err(error) => {
                    problems.add(
                        "from.client_secret_file",
                        format!("{path} cannot be read: {error}"),
                    );
                    None
                }
            },
            (None, None) => None,
        }
    }
}

fn check_endpoint(key: &str, endpoint: Option<&str>, problems: &mut Problems) {
    let Some(endpoint) = endpoint else { return };
    let host = endpoint
        .strip_prefix("http://")
        .or_else(|| endpoint.strip_prefix("https://"));
    let plain = |host: &str| !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']);
    if !host.is_some_and(|host| plain(host.trim_end_matches('/'))) {
        problems.add(
            key,
            "is no endpoint; write one like \"http://127.0.0.1:9229\", without a path",
        );
    }
}

impl Environment {
    /// Of that look-up.
    pub fn new(look_up: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self(Box::new(look_up))
    }

    /// Of this process.
    #[must_use]
    pub fn of_the_process() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place of this crate that reads the environment"
        )]
        Self::new(|name| std::env::var(name).ok())
    }

    /// A variable that is set and not empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        (self.0)(name).filter(|value| !value.is_empty())
    }

    fn credentials(&self) -> Option<Credentials> {
        let secret_access_key = self.get("AWS_SECRET_ACCESS_KEY")?;
        Some(Credentials::new(
            self.get("AWS_ACCESS_KEY_ID")?,
            secret_access_key,
            self.get("AWS_SESSION_TOKEN"),
        ))
    }
}

impl Problems {
    fn one(key: &str, advice: impl Into<String>) -> Self {
        Self(vec![Problem {
            key: key.to_owned(),
            advice: advice.into(),
        }])
    }

    fn add(&mut self, key: &str, advice: impl Into<String>) {
        self.0.push(Problem {
            key: key.to_owned(),
            advice: advice.into(),
        });
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, problem) in self.0.iter().enumerate() {
            if number > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{}: {}", problem.key, problem.advice)?;
        }
        Ok(())
    }
}

/// The secret is not shown.
impl fmt::Debug for CognitoFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CognitoFrom")
            .field("endpoint", &self.endpoint)
            .field("region", &self.region)
            .field("user_pool_id", &self.user_pool_id)
            .field("client_id", &self.client_id)
            .field("role_arn", &self.role_arn)
            .finish_non_exhaustive()
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
