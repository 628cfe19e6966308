//! Settings: the environment of a Lambda, `rehome.toml`, a server's functions file.
//!
//! | variable | means |
//! | --- | --- |
//! | `OLD_USER_POOL_ID`, `OLD_CLIENT_ID` | the old pool and an app client of it |
//! | `OLD_CLIENT_SECRET` | the app client's secret |
//! | `OLD_REGION` | its Region; by default the one in the pool's id, then `AWS_REGION` |
//! | `OLD_ROLE_ARN`, `OLD_EXTERNAL_ID` | the role to take on when the pool is in another account |
//! | `AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER`, `AWS_ENDPOINT_URL_STS`, `AWS_ENDPOINT_URL` | other endpoints |
//! | `REHOME_CONFIG` | a `rehome.toml`; the variables above go before what it says |

mod environment;
mod from;
mod problem;

use std::time::Duration;

use directory::cognito;
use migration::{DEFAULT_BUDGET, Mapping, Rules, Terms};

pub use environment::Environment;
pub use from::{CognitoFrom, From};
pub use problem::{Problem, Problems};

/// What the function runs on, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The old directory.
    pub from: cognito::Settings,
    /// On which terms people move.
    pub terms: Terms,
}

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
