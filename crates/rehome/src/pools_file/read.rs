//! Reading the file: every table by its keys, every problem told.

mod app_client;
mod ui_customization;
mod user;
mod user_pool;

use std::collections::BTreeSet;
use std::path::Path;

use super::{PoolEntry, PoolsFile};
use crate::problem::Problem;
use crate::section::{self, Section};

pub(super) fn file(name: &str, text: &str, problems: &mut Vec<Problem>) -> Option<PoolsFile> {
    let before = problems.len();
    let table = section::parse(name, text, problems)?;
    let mut root = Section::new(format!("{name}: "), table, problems);
    let tables = root.tables("user_pools");
    let mut user_pools = Vec::new();
    for (n, table) in tables.into_iter().enumerate() {
        let pool = user_pool::user_pool(root.inner(&format!("user_pools[{n}]"), table));
        user_pools.extend(pool);
    }
    refuse_twins(&mut root, &user_pools);
    root.refuse_the_rest();
    (problems.len() == before).then(|| PoolsFile {
        name: name.to_owned(),
        user_pools,
    })
}

/// Two entries of one id would be made once and differ ever after.
fn refuse_twins(root: &mut Section<'_>, pools: &[PoolEntry]) {
    let mut seen = BTreeSet::new();
    for id in pools.iter().map(|pool| &pool.id) {
        if !seen.insert(id) {
            root.wrong("user_pools", format!("the id {id} is given twice"));
        }
    }
    let mut seen = BTreeSet::new();
    for id in pools
        .iter()
        .flat_map(|pool| &pool.app_clients)
        .filter_map(|entry| entry.client.id.as_ref())
    {
        if !seen.insert(id) {
            root.wrong("user_pools", format!("the app client id {id} is given twice"));
        }
    }
}

/// Reads each table of a list with `read`.
fn tables<T>(
    section: &mut Section<'_>,
    key: &'static str,
    read: impl Fn(Section<'_>) -> Option<T>,
) -> Vec<T> {
    let tables = section.tables(key);
    let mut entries = Vec::with_capacity(tables.len());
    for (n, table) in tables.into_iter().enumerate() {
        entries.extend(read(section.inner(&format!("{key}[{n}]"), table)));
    }
    entries
}

/// A text that may be secret or long, in the file or in a file of its own; the last line break of that one does not count.
fn text_or_file(section: &mut Section<'_>, key: &'static str, file_key: &'static str) -> Option<String> {
    let (inline, file) = (section.text(key), section.text(file_key));
    match (inline, file) {
        (Some(_), Some(_)) => {
            section.refuse(file_key, format!("stands beside {key}; leave one of the two out"))
        }
        (Some(text), None) => Some(text),
        (None, Some(file)) => match std::fs::read_to_string(Path::new(&file)) {
            Ok(mut text) => {
                let end = text.trim_end_matches(['\r', '\n']).len();
                text.truncate(end);
                Some(text)
            }
            Err(error) => section.refuse(file_key, format!("{file} cannot be read: {error}")),
        },
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../../../examples/pools.toml");

    fn problems_of(text: &str) -> Vec<String> {
        let mut problems = Vec::new();
        assert_eq!(
            PoolsFile::parse("p.toml", text, &mut problems).is_none(),
            !problems.is_empty()
        );
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_example_is_sound() {
        assert_eq!(problems_of(EXAMPLE), Vec::<String>::new());
    }

    #[test]
    fn an_empty_file_asks_for_nothing() {
        assert!(
            PoolsFile::parse("p.toml", "", &mut Vec::new())
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn every_problem_is_told_with_its_place() {
        let told = problems_of(
            r#"
            [[user_pools]]
            id = "nonsense"
            mfa_configuration = "MAYBE"
            [[user_pools]]
            id = "us-east-1_A"
            [[user_pools.app_clients]]
            id = "web"
            explicit_auth_flows = ["PASSWORD"]
            [[user_pools.users]]
            username = "ann"
            pasword = "canary"
            [[user_pools.users]]
            password = "canary"
            sub = "1"
            attributes = { email = [] }
            "#,
        );
        let expected = [
            "p.toml: user_pools[0].id: is no pool id; write <region>_<letters and digits>, like us-east-1_AbCdEf123",
            "p.toml: user_pools[0].mfa_configuration: write one of OFF, OPTIONAL, ON",
            "p.toml: user_pools[1].app_clients[0].explicit_auth_flows: is no list of flows; write names like ALLOW_USER_PASSWORD_AUTH",
            "p.toml: user_pools[1].users[0].password: is missing; only a user with status RESET_REQUIRED or UNCONFIRMED can be without",
        ];
        assert_eq!(told[..4], expected);
        assert!(
            told[4].starts_with("p.toml: user_pools[1].users[0].pasword: is not a key of this table"),
            "{told:?}"
        );
        assert_eq!(told.len(), 8, "{told:?}");
        assert!(!told.iter().any(|line| line.contains("canary")));
    }

    #[test]
    fn an_id_stands_once() {
        let told = problems_of("[[user_pools]]\nid = \"us-east-1_A\"\n[[user_pools]]\nid = \"us-east-1_A\"");
        assert_eq!(told, ["p.toml: user_pools: the id us-east-1_A is given twice"]);
    }

    #[test]
    fn a_secret_may_stand_in_a_file_of_its_own() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "Secret-1\n").unwrap();
        let text = format!(
            "[[user_pools]]\nid = \"us-east-1_A\"\n[[user_pools.users]]\nusername = \"ann\"\npassword_file = {:?}",
            file.path().display().to_string()
        );
        let parsed = PoolsFile::parse("p.toml", &text, &mut Vec::new()).unwrap();
        assert_eq!(
            parsed.user_pools[0].users[0].password.as_ref().unwrap().expose(),
            "Secret-1"
        );
    }
}
