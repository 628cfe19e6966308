//! The AWS access keys whose signatures count.
//!
//! ```toml
//! [access_keys]
//! AKIAIOSFODNN7EXAMPLE = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
//! ```

use std::path::Path;

use server::{AccessKey, AccessKeys, SecretAccessKey};

use crate::problem::Problem;
use crate::section::{self, Section};

/// What stands in the place of a missing id or secret.
const FORM: &str = "write id:secret, several with commas between";

/// Reads keys from a file, or from the variable's value. `None` when something is wrong with them.
pub(super) fn read(
    file: Option<&Path>,
    variable: Option<String>,
    problems: &mut Vec<Problem>,
) -> Option<AccessKeys> {
    match (file, variable) {
        (None, None) => Some(AccessKeys::AnySignature),
        (Some(file), None) => {
            let text = super::read(file, "--access-keys-file", problems)?;
            from_file(&file.display().to_string(), &text, problems)
        }
        (None, Some(text)) => from_variable(&text, problems),
        (Some(_), Some(_)) => {
            let mend = format!(
                "is set beside {}; leave one of the two out",
                super::ACCESS_KEYS_VARIABLE
            );
            problems.push(Problem::new("--access-keys-file", mend));
            None
        }
    }
}

fn from_file(file: &str, text: &str, problems: &mut Vec<Problem>) -> Option<AccessKeys> {
    let before = problems.len();
    let table = section::parse(file, text, problems)?;
    let mut root = Section::new(format!("{file}: "), table, problems);
    let mut keys = Vec::new();
    for (id, secret) in root.table("access_keys").unwrap_or_default() {
        match secret {
            toml::Value::String(secret) if is_id(&id) && !secret.is_empty() => {
                keys.push(AccessKey {
                    id,
                    secret: SecretAccessKey::new(secret),
                });
            }
            _ => root.wrong(
                "access_keys",
                "has a line that is no access key; write ID = \"secret\"",
            ),
        }
    }
    if keys.is_empty() {
        root.wrong(
            "access_keys",
            "names no key; write a line ID = \"secret\" under [access_keys]",
        );
    }
    root.refuse_the_rest();
    (problems.len() == before).then_some(AccessKeys::Known(keys))
}

fn from_variable(text: &str, problems: &mut Vec<Problem>) -> Option<AccessKeys> {
    let key = |pair: &str| {
        let (id, secret) = pair.trim().split_once(':')?;
        let sound = is_id(id) && !secret.is_empty();
        sound.then(|| AccessKey {
            id: id.to_owned(),
            secret: SecretAccessKey::new(secret.to_owned()),
        })
    };
    let keys: Option<Vec<_>> = text.split(',').map(key).collect();
    if keys.is_none() {
        problems.push(Problem::new(
            super::ACCESS_KEYS_VARIABLE,
            format!("is no list of access keys; {FORM}"),
        ));
    }
    keys.map(AccessKeys::Known)
}

/// Ids are word characters; a secret that was put in an id's place is not.
fn is_id(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(keys: Option<AccessKeys>) -> Vec<String> {
        match keys {
            Some(AccessKeys::Known(keys)) => keys.into_iter().map(|key| key.id).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn keys_come_from_the_file_or_the_variable() {
        let mut problems = Vec::new();
        let file = "[access_keys]\nAKIA1 = \"s/e+c\"\nAKIA2 = \"t\"";
        assert_eq!(
            ids(from_file("keys.toml", file, &mut problems)),
            ["AKIA1", "AKIA2"]
        );
        assert_eq!(
            ids(from_variable("AKIA1:s/e:c,AKIA2:t", &mut problems)),
            ["AKIA1", "AKIA2"]
        );
        assert_eq!(problems, []);
    }

    #[test]
    fn a_wrong_list_is_refused_without_quoting_it() {
        for text in ["canary", "canary:", ":canary", "a:b,canary", "no id:canary"] {
            let mut problems = Vec::new();
            assert!(from_variable(text, &mut problems).is_none(), "{text}");
            assert!(!problems[0].to_string().contains("canary"));
        }
        for text in [
            "",
            "[access_keys]",
            "[access_keys]\nAKIA = 7",
            "canary",
            "[keys]\nA = \"canary\"",
        ] {
            let mut problems = Vec::new();
            assert!(from_file("keys.toml", text, &mut problems).is_none(), "{text}");
            assert!(
                !problems
                    .iter()
                    .any(|problem| problem.to_string().contains("canary")),
                "{problems:?}"
            );
        }
    }
}
