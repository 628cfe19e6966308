//! Typed structs and enums, as serde reads and writes them.

use std::fmt::Write as _;

use anyhow::bail;

use super::api::{Api, Kind, Member};
use super::names;

/// Secrets that the model does not mark, so their values do appear in validation messages (confirmation codes do, by
/// observation) but never in a log: member by structure and name, or `*` for a whole shape.
const ALSO_SECRET: &[(&str, &str)] = &[
    ("ConfirmationCodeType", "*"),
    ("ChallengeParametersType", "*"),
    ("ProviderDetailsType", "*"),
    ("DeviceSecretVerifierConfigType", "PasswordVerifier"),
    ("DeviceSecretVerifierConfigType", "Salt"),
    ("UserImportJobType", "PreSignedUrl"),
];

/// The Rust type of `shape`, if it is a struct or an enum; the others have no type of their own.
pub(super) fn render(api: &Api, name: &str, out: &mut String) -> anyhow::Result<()> {
    match &api.shape(name)?.kind {
        Kind::Structure(members) => structure(api, name, members, out),
        Kind::Enumeration(values) => {
            writeln!(
                out,
                "wire_enum! {{\n    /// Values of `{name}`.\n    pub enum {name} {{"
            )?;
            for value in values {
                writeln!(out, "        {} = {value:?},", names::variant(value))?;
            }
            writeln!(out, "    }}\n}}\n")?;
            Ok(())
        }
        _ => Ok(()),
    }
}

fn structure(api: &Api, name: &str, members: &[Member], out: &mut String) -> anyhow::Result<()> {
    let default = if has_default(api, name)? { ", Default" } else { "" };
    // Observed: Cognito writes members in alphabetical order (CreateUserPool, AuthenticationResult).
    let mut sorted: Vec<&Member> = members.iter().collect();
    sorted.sort_by(|one, other| one.name.cmp(&other.name));

    writeln!(out, "/// {}", title(api, name))?;
    writeln!(
        out,
        "#[derive(Clone, Debug{default}, PartialEq, Serialize, Deserialize)]"
    )?;
    if !members.is_empty() {
        writeln!(out, "#[serde(rename_all = \"PascalCase\")]")?;
    }
    writeln!(out, "pub struct {name} {{")?;
    for member in sorted {
        let field = names::snake(&member.name);
        writeln!(out, "    /// `{}`: `{}`.", member.name, member.shape)?;
        if names::pascal(&field) != member.name {
            writeln!(out, "    #[serde(rename = {:?})]", member.name)?;
        }
        let secret = api.shape(name)?.sensitive || also_secret(name, &member.name);
        let rust = rust_type(api, &member.shape, secret)?;
        if member.required {
            writeln!(out, "    pub {field}: {rust},")?;
        } else {
            writeln!(out, "    #[serde(skip_serializing_if = \"Option::is_none\")]")?;
            writeln!(out, "    pub {field}: Option<{rust}>,")?;
        }
    }
    writeln!(out, "}}\n")?;
    Ok(())
}

fn title(api: &Api, name: &str) -> String {
    for operation in &api.operations {
        if operation.input == name {
            return format!("`{}` request.", operation.name);
        }
        if operation.output.as_deref() == Some(name) {
            return format!("`{}` response.", operation.name);
        }
    }
    format!("`{name}`.")
}

fn rust_type(api: &Api, name: &str, secret: bool) -> anyhow::Result<String> {
    let shape = api.shape(name)?;
    let secret = secret || shape.sensitive || also_secret(name, "*");
    Ok(match &shape.kind {
        Kind::Structure(_) | Kind::Enumeration(_) => name.to_owned(),
        Kind::Exception { .. } => bail!("{name} is an exception inside a message"),
        Kind::Document => "Value".to_owned(),
        Kind::List { member, .. } => format!("Vec<{}>", rust_type(api, member, secret)?),
        Kind::Map { key, value, .. } => {
            // A key names what its value is: it is no secret, and enums order badly as keys.
            let key = if matches!(api.shape(key)?.kind, Kind::Text { .. }) {
                "String"
            } else {
                bail!("key {key}")
            };
            format!("BTreeMap<{key}, {}>", rust_type(api, value, secret)?)
        }
        Kind::Text { .. } if secret => "Sensitive".to_owned(),
        Kind::Text { .. } => "String".to_owned(),
        Kind::Integer(_) => "i32".to_owned(),
        Kind::Long(_) => "i64".to_owned(),
        Kind::Boolean => "bool".to_owned(),
        Kind::Timestamp => "Timestamp".to_owned(),
        Kind::Blob(_) => "Blob".to_owned(),
    })
}

fn also_secret(shape: &str, member: &str) -> bool {
    ALSO_SECRET.contains(&(shape, member))
}

/// Whether a value can be made from nothing: an enum cannot, nor can what requires one.
fn has_default(api: &Api, name: &str) -> anyhow::Result<bool> {
    let Kind::Structure(members) = &api.shape(name)?.kind else {
        return Ok(!matches!(api.shape(name)?.kind, Kind::Enumeration(_)));
    };
    for member in members.iter().filter(|member| member.required) {
        if !has_default(api, &member.shape)? {
            return Ok(false);
        }
    }
    Ok(true)
}
