//! The configuration on its way to Lambda: checked here, where somebody sees it, instead of at the first cold start.

use std::path::Path;

use function::{Environment, Settings};

use crate::problem::{Problem, Problems};
use crate::settings::process_environment;

/// Its name in the zip: beside the bootstrap, where the function looks for it.
pub(super) const NAME: &str = "rehome.toml";

/// What the function has from its environment, and a check must not miss here: what Lambda sets for every function, and
/// which old pool is meant where the file leaves that open.
const ON_LAMBDA: [(&str, &str); 4] = [
    ("AWS_ACCESS_KEY_ID", "set by Lambda"),
    ("AWS_SECRET_ACCESS_KEY", "set by Lambda"),
    ("OLD_USER_POOL_ID", "eu-west-1_AbCdEf123"),
    ("OLD_CLIENT_ID", "set at the function"),
];

/// A configuration without a mistake.
pub(super) struct Configuration {
    pub(super) text: String,
    /// What is no mistake and worth a thought.
    pub(super) notes: Vec<String>,
}

impl Configuration {
    /// Reads and checks it.
    ///
    /// # Errors
    /// [`Problems`], all of them.
    pub(super) fn read(file: &Path) -> Result<Self, Problems> {
        let text = std::fs::read_to_string(file).map_err(|error| {
            Problems::one("--config", format!("{} cannot be read: {error}", file.display()))
        })?;
        Settings::parse(&text, &environment()).map_err(|problems| {
            let of_the_file = |problem: function::Problem| {
                Problem::new(format!("{}: {}", file.display(), problem.key), problem.advice)
            };
            Problems(problems.0.into_iter().map(of_the_file).collect())
        })?;
        let notes = notes(&text);
        Ok(Self { text, notes })
    }
}

/// This process's environment, completed with what the function will have.
fn environment() -> Environment {
    Environment::new(|name| {
        let on_lambda = ON_LAMBDA.iter().find(|(key, _)| *key == name);
        process_environment(name).or_else(|| on_lambda.map(|(_, value)| (*value).to_owned()))
    })
}

fn notes(text: &str) -> Vec<String> {
    let table: toml::Table = text.parse().unwrap_or_default();
    let from = table.get("from").and_then(toml::Value::as_table);
    let in_from = |key: &str| from.and_then(|from| from.get(key));
    let mut notes = Vec::new();
    for (key, variable) in [
        ("user_pool_id", "OLD_USER_POOL_ID"),
        ("client_id", "OLD_CLIENT_ID"),
    ] {
        if in_from(key).is_none() {
            notes.push(format!(
                "from.{key} is not in the file: the function needs {variable} in its environment"
            ));
        }
    }
    let secrets = [
        ("from.client_secret", in_from("client_secret")),
        ("digest_key", table.get("digest_key")),
    ];
    for (key, value) in secrets {
        if value.and_then(toml::Value::as_str).is_some_and(is_in_clear) {
            notes.push(format!(
                "{key} is in the zip in clear, for whoever may read the function's code; write a reference to a secret \
                 instead, like \"secretsmanager:rehome/old-client\""
            ));
        }
    }
    notes
}

/// A secret itself, not where it is.
fn is_in_clear(value: &str) -> bool {
    !["ssm:", "secretsmanager:"]
        .iter()
        .any(|scheme| value.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_clear_is_noted_and_never_quoted() {
        let told = notes(
            "digest_key = \"ssm:/rehome/key\"\n[from]\nclient_id = \"1abc\"\nclient_secret = \"Canary\"",
        );
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].contains("OLD_USER_POOL_ID"));
        assert!(told[1].contains("from.client_secret") && !told[1].contains("Canary"));
    }
}
