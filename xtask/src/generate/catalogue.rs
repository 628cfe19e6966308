//! The lists: operations with their facts, errors with theirs, and the test's door to the typed requests.

use std::fmt::Write as _;

use super::api::{Api, Kind};
use super::names;

/// `operation.rs`: every operation, how it is authenticated, its input's table, whether it answers a body, its errors.
pub(super) fn operations(api: &Api) -> anyhow::Result<String> {
    let mut text = String::from(
        "//! The operations of the API.\n\nuse crate::shape::Shape;\nuse crate::wire_enum::wire_enum;\nuse super::*;\n\n\
         wire_enum! {\n    /// An operation of the user pools API, by AWS's name.\n    pub enum Operation {\n",
    );
    for operation in &api.operations {
        writeln!(text, "        {0} = {0:?},", Plain(&operation.name))?;
    }
    text.push_str("    }\n}\n\n/// How callers of an operation prove who they are.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub enum Auth {\n    /// No signature is asked for; an `Authorization` header is ignored.\n    Unsigned,\n    /// SigV4, service `cognito-idp`.\n    Signed,\n}\n\nimpl Operation {\n");

    text.push_str("    /// Whether the request must be signed.\n    #[must_use]\n    pub fn auth(self) -> Auth {\n        match self {\n");
    let unsigned: Vec<String> = api
        .operations
        .iter()
        .filter(|operation| !operation.signed)
        .map(|one| format!("Operation::{}", one.name))
        .collect();
    writeln!(
        text,
        "{} => Auth::Unsigned, _ => Auth::Signed,\n}}\n}}\n",
        unsigned.join(" | ")
    )?;

    text.push_str("    /// Whether an answer has a body; without an output shape it is empty, not `{}`.\n    #[must_use]\n    pub fn has_output(self) -> bool {\n");
    let silent: Vec<String> = api
        .operations
        .iter()
        .filter(|operation| operation.output.is_none())
        .map(|one| format!("Operation::{}", one.name))
        .collect();
    writeln!(text, "!matches!(self, {})\n}}\n", silent.join(" | "))?;

    text.push_str("    /// The constraints of the request.\n    #[must_use]\n    pub fn input(self) -> &'static Shape {\n        match self {\n");
    for operation in &api.operations {
        writeln!(
            text,
            "Operation::{} => &{},",
            operation.name,
            names::constant(&operation.input)
        )?;
    }
    text.push_str("}\n}\n\n    /// The errors that the model declares for the operation.\n    #[must_use]\n    #[rustfmt::skip]\n    pub fn errors(self) -> &'static [ErrorKind] {\n        use ErrorKind as E;\n        match self {\n");
    for operation in &api.operations {
        writeln!(
            text,
            "            Operation::{} => &[\n{}            ],",
            operation.name,
            wrapped(&operation.errors)
        )?;
    }
    text.push_str("        }\n    }\n}\n");
    Ok(text)
}

/// `error.rs`: every modelled exception.
pub(super) fn errors(api: &Api) -> anyhow::Result<String> {
    let mut text = String::from(
        "//! The errors of the API.\n\nuse crate::wire_enum::wire_enum;\n\n\
         wire_enum! {\n    /// A modelled exception; its name is the `__type` of the answer.\n    pub enum ErrorKind {\n",
    );
    let (mut faults, mut reasons) = (Vec::new(), Vec::new());
    for (name, shape) in &api.shapes {
        if let Kind::Exception { fault, reason_code } = shape.kind {
            writeln!(text, "        {} = {name:?},", kind(name))?;
            if fault {
                faults.push(format!("ErrorKind::{}", kind(name)));
            }
            if reason_code {
                reasons.push(format!("ErrorKind::{}", kind(name)));
            }
        }
    }
    write!(
        text,
        "    }}\n}}\n\nimpl ErrorKind {{\n    /// The HTTP status of the answer: 500 for the service's own faults, else 400.\n    #[must_use]\n    pub fn status(self) -> u16 {{\n        match self {{ {} => 500, _ => 400 }}\n    }}\n\n    /// Whether the answer may carry `reasonCode` beside `message`.\n    #[must_use]\n    pub fn has_reason_code(self) -> bool {{\n        matches!(self, {})\n    }}\n}}\n",
        faults.join(" | "),
        reasons.join(" | ")
    )?;
    Ok(text)
}

/// `typed.rs`: for tests alone, whether a value becomes the operation's typed request.
pub(super) fn typed(api: &Api) -> anyhow::Result<String> {
    let mut text = String::from(
        "//! For tests: each operation's typed request.\n\nuse serde_json::Value;\n\nuse super::*;\n\n\
         /// Whether `body` becomes the typed request of `operation`.\n\
         pub(crate) fn deserialises(operation: Operation, body: &Value) -> Result<(), serde_json::Error> {\n    use serde::Deserialize;\n    match operation {\n",
    );
    for operation in &api.operations {
        writeln!(
            text,
            "Operation::{} => {}::deserialize(body).map(drop),",
            operation.name, operation.input
        )?;
    }
    text.push_str("}\n}\n");
    Ok(text)
}

/// The errors in lines of the workspace's width: rustfmt would give each its own.
fn wrapped(errors: &[String]) -> String {
    const INDENT: &str = "                ";
    let (mut text, mut line) = (String::new(), String::new());
    for error in errors {
        let item = format!("E::{}, ", kind(error));
        if INDENT.len() + line.len() + item.len() > 110 {
            text.extend([INDENT, line.trim_end(), "\n"]);
            line.clear();
        }
        line.push_str(&item);
    }
    text.extend([INDENT, line.trim_end(), "\n"]);
    text
}

/// `UserNotFoundException` → `UserNotFound`.
fn kind(error: &str) -> &str {
    error.strip_suffix("Exception").unwrap_or(error)
}

/// A name that prints bare with `{}` and quoted with `{:?}`.
struct Plain<'a>(&'a str);

impl std::fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::fmt::Debug for Plain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.0)
    }
}
