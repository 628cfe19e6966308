//! Reading the file: every table by its keys, every problem told.

use std::path::Path;

use pool::app_client::{AppClientSettings, CreateUserPoolClient, SecretChoice, TokenValidityUnits};
use pool::attribute::SchemaRequest;
use pool::id::{AppClientId, Sub, UserPoolId};
use pool::secret::ClientSecret;
use pool::user::{SeedUser, UserStatus};
use pool::user_pool::{CreateUserPool, LambdaConfig, Mfa, PasswordPolicy, UserPoolSettings};
use trigger::Password;

use super::{PoolEntry, PoolsFile};
use crate::problem::Problem;
use crate::section::{self, Section, read_word};

const USER_POOL_ID: &str = "is no pool id; write <region>_<letters and digits>, like us-east-1_AbCdEf123";
const CLIENT_ID: &str = "is no app client id; write letters, digits, _ or +";
const SUB: &str = "is no sub; write 36 characters like 64684428-c021-7049-51b0-d218e66ffecd";
const FLOWS: &str = "is no list of flows; write names like ALLOW_USER_PASSWORD_AUTH";

pub(super) fn file(name: &str, text: &str, problems: &mut Vec<Problem>) -> Option<PoolsFile> {
    let before = problems.len();
    let table = section::parse(name, text, problems)?;
    let mut root = Section::new(format!("{name}: "), table, problems);
    let tables = root.tables("user_pools");
    let mut user_pools = Vec::new();
    for (n, table) in tables.into_iter().enumerate() {
        let pool = user_pool(root.inner(&format!("user_pools[{n}]"), table));
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
    let mut seen = std::collections::BTreeSet::new();
    for id in pools.iter().map(|pool| &pool.id) {
        if !seen.insert(id) {
            root.wrong("user_pools", format!("the id {id} is given twice"));
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    for id in pools
        .iter()
        .flat_map(|pool| &pool.app_clients)
        .filter_map(|client| client.id.as_ref())
    {
        if !seen.insert(id) {
            root.wrong("user_pools", format!("the app client id {id} is given twice"));
        }
    }
}

fn user_pool(mut section: Section<'_>) -> Option<PoolEntry> {
    let id = section.required_text("id");
    let id = id.and_then(|id| UserPoolId::parse(&id).or_else(|| section.refuse("id", USER_POOL_ID)));
    let name = section.text("name");
    let case_sensitive = section.switch("case_sensitive");
    let alias_attributes = section.texts("alias_attributes").unwrap_or_default();
    let username_attributes = section.texts("username_attributes").unwrap_or_default();
    let schema = schema(&mut section);
    let settings = pool_settings(&mut section);
    // Without a sound id the rest is still read, for its problems.
    let id_text = id.as_ref().map(ToString::to_string).unwrap_or_default();
    let app_clients = tables(&mut section, "app_clients", |inner| app_client(inner, &id_text));
    let users = tables(&mut section, "users", |inner| user(inner, &id_text));
    section.refuse_the_rest();
    let id = id?;
    let name = name.unwrap_or_else(|| id.to_string());
    let user_pool = CreateUserPool {
        id: Some(id),
        name,
        alias_attributes,
        username_attributes,
        case_sensitive,
        schema,
        settings,
    };
    Some(PoolEntry {
        id: id_text,
        user_pool,
        app_clients,
        users,
    })
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

fn pool_settings(section: &mut Section<'_>) -> UserPoolSettings {
    let usual = UserPoolSettings::default();
    let mfa = section.parsed("mfa_configuration", mfa, "write one of OFF, OPTIONAL, ON");
    let account_recovery = section.texts("account_recovery").and_then(|words| {
        let read: Option<Vec<_>> = words.iter().map(|word| read_word(word)).collect();
        read.or_else(|| {
            section.refuse(
                "account_recovery",
                "write verified_email, verified_phone_number or admin_only",
            )
        })
    });
    UserPoolSettings {
        password_policy: password_policy(section),
        lambda_config: lambda_config(section),
        account_recovery: account_recovery.unwrap_or(usual.account_recovery),
        auto_verified_attributes: section.texts("auto_verified_attributes").unwrap_or_default(),
        mfa: mfa.unwrap_or(usual.mfa),
        allow_admin_create_user_only: section.switch("allow_admin_create_user_only").unwrap_or(false),
        deletion_protection: section.switch("deletion_protection").unwrap_or(false),
        ..UserPoolSettings::default()
    }
}

fn mfa(word: &str) -> Option<Mfa> {
    match word {
        "OFF" => Some(Mfa::Off),
        "OPTIONAL" => Some(Mfa::Optional),
        "ON" => Some(Mfa::On),
        _ => None,
    }
}

fn password_policy(section: &mut Section<'_>) -> PasswordPolicy {
    let usual = PasswordPolicy::default();
    let Some(table) = section.table("password_policy") else {
        return usual;
    };
    let mut inner = section.inner("password_policy", table);
    let policy = PasswordPolicy {
        minimum_length: inner
            .count("minimum_length", 6..=99)
            .unwrap_or(usual.minimum_length),
        require_uppercase: inner
            .switch("require_uppercase")
            .unwrap_or(usual.require_uppercase),
        require_lowercase: inner
            .switch("require_lowercase")
            .unwrap_or(usual.require_lowercase),
        require_numbers: inner.switch("require_numbers").unwrap_or(usual.require_numbers),
        require_symbols: inner.switch("require_symbols").unwrap_or(usual.require_symbols),
        temporary_password_validity_days: inner
            .count("temporary_password_validity_days", 0..=365)
            .unwrap_or(usual.temporary_password_validity_days),
        ..usual
    };
    inner.refuse_the_rest();
    policy
}

/// Triggers by the API's names, each with a function's ARN.
fn lambda_config(section: &mut Section<'_>) -> LambdaConfig {
    let mut config = LambdaConfig::default();
    for (trigger, arn) in section.table("lambda_config").unwrap_or_default() {
        match arn {
            toml::Value::String(arn) => {
                config.0.insert(trigger, arn.into());
            }
            _ => section.wrong(
                &format!("lambda_config.{trigger}"),
                "is no ARN; put quotes around it",
            ),
        }
    }
    config
}

/// Custom attributes, by name or as tables, and the standard ones that are required.
fn schema(section: &mut Section<'_>) -> Vec<SchemaRequest> {
    let mut schema: Vec<_> = section
        .texts("required_attributes")
        .unwrap_or_default()
        .iter()
        .map(|name| SchemaRequest {
            required: Some(true),
            ..SchemaRequest::named(name)
        })
        .collect();
    match section.value("custom_attributes") {
        None => {}
        Some(toml::Value::Array(values)) => {
            for (n, value) in values.into_iter().enumerate() {
                let key = format!("custom_attributes[{n}]");
                match value {
                    toml::Value::String(name) => schema.push(SchemaRequest::named(&name)),
                    toml::Value::Table(table) => schema.extend(custom_attribute(section.inner(&key, table))),
                    _ => section.wrong(&key, "write a name, or { name = \"…\", type = \"Number\" }"),
                }
            }
        }
        Some(_) => section.wrong(
            "custom_attributes",
            "is not a list; write [\"plan\", { name = \"age\", type = \"Number\" }]",
        ),
    }
    schema
}

fn custom_attribute(mut section: Section<'_>) -> Option<SchemaRequest> {
    let name = section.required_text("name");
    let attribute_type = section.word("type", "String, Number, DateTime, Boolean");
    let mutable = section.switch("mutable");
    let minimum = section.text("minimum");
    let maximum = section.text("maximum");
    section.refuse_the_rest();
    Some(SchemaRequest {
        attribute_type,
        mutable,
        minimum,
        maximum,
        ..SchemaRequest::named(&name?)
    })
}

fn app_client(mut section: Section<'_>, user_pool_id: &str) -> Option<CreateUserPoolClient> {
    let id = section.required_text("id");
    let id = id.and_then(|id| AppClientId::parse(&id).or_else(|| section.refuse("id", CLIENT_ID)));
    let name = section.text("name");
    let secret = secret_text(&mut section, "secret", "secret_file").map(ClientSecret::new);
    let usual = AppClientSettings::default();
    let flows = section.texts("explicit_auth_flows").and_then(|flows| {
        let read: Option<Vec<_>> = flows.iter().map(|flow| read_word(flow)).collect();
        read.or_else(|| section.refuse("explicit_auth_flows", FLOWS))
    });
    let settings = AppClientSettings {
        explicit_auth_flows: flows,
        prevent_user_existence_errors: section.word("prevent_user_existence_errors", "ENABLED, LEGACY"),
        access_token_validity: section.count("access_token_validity", 1..=86_400),
        id_token_validity: section.count("id_token_validity", 1..=86_400),
        refresh_token_validity: section
            .count("refresh_token_validity", 0..=315_360_000)
            .unwrap_or(usual.refresh_token_validity),
        token_validity_units: units(&mut section),
        auth_session_validity: section
            .count("auth_session_validity", 3..=15)
            .unwrap_or(usual.auth_session_validity),
        enable_token_revocation: section
            .switch("enable_token_revocation")
            .unwrap_or(usual.enable_token_revocation),
        read_attributes: section.texts("read_attributes"),
        write_attributes: section.texts("write_attributes"),
        ..AppClientSettings::default()
    };
    section.refuse_the_rest();
    let id = id?;
    Some(CreateUserPoolClient {
        user_pool_id: user_pool_id.to_owned(),
        name: name.unwrap_or_else(|| id.to_string()),
        id: Some(id),
        secret: secret.map_or(SecretChoice::None, SecretChoice::Given),
        settings,
    })
}

fn units(section: &mut Section<'_>) -> TokenValidityUnits {
    const UNITS: &str = "seconds, minutes, hours, days";
    let Some(table) = section.table("token_validity_units") else {
        return TokenValidityUnits::default();
    };
    let mut inner = section.inner("token_validity_units", table);
    let units = TokenValidityUnits {
        access_token: inner.word("access_token", UNITS),
        id_token: inner.word("id_token", UNITS),
        refresh_token: inner.word("refresh_token", UNITS),
    };
    inner.refuse_the_rest();
    units
}

fn user(mut section: Section<'_>, user_pool_id: &str) -> Option<SeedUser> {
    let username = section.required_text("username");
    let sub = section.parsed("sub", Sub::parse, SUB);
    let password = secret_text(&mut section, "password", "password_file").map(Password::new);
    let status = section.word(
        "status",
        "CONFIRMED, UNCONFIRMED, FORCE_CHANGE_PASSWORD, RESET_REQUIRED",
    );
    let status = status.unwrap_or(UserStatus::Confirmed);
    let needs_one = matches!(status, UserStatus::Confirmed | UserStatus::ForceChangePassword);
    if password.is_none() && needs_one {
        section.wrong(
            "password",
            "is missing; only a user with status RESET_REQUIRED or UNCONFIRMED can be without",
        );
    }
    let attributes = attributes(&mut section);
    let enabled = section.switch("enabled").unwrap_or(true);
    let sms_mfa_enabled = section.switch("sms_mfa").unwrap_or(false);
    section.refuse_the_rest();
    Some(SeedUser {
        user_pool_id: user_pool_id.to_owned(),
        username: username?,
        sub,
        attributes,
        status,
        enabled,
        password,
        sms_mfa_enabled,
    })
}

/// All values are texts, as in the API; `true`, `false` and numbers may stand without quotes.
fn attributes(section: &mut Section<'_>) -> Vec<(String, String)> {
    let mut attributes = Vec::new();
    for (name, value) in section.table("attributes").unwrap_or_default() {
        match value {
            toml::Value::String(text) => attributes.push((name, text)),
            toml::Value::Boolean(_) | toml::Value::Integer(_) | toml::Value::Float(_) => {
                attributes.push((name, value.to_string()));
            }
            _ => section.wrong(
                &format!("attributes.{name}"),
                "is not a text; put quotes around it",
            ),
        }
    }
    attributes
}

/// A secret, in the file or in a file of its own; the last line break of that one does not count.
fn secret_text(section: &mut Section<'_>, key: &'static str, file_key: &'static str) -> Option<String> {
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
