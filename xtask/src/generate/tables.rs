//! Constraint tables: one static a shape that a request can contain. The validator of `crates/model` reads them.

use std::fmt::Write as _;

use anyhow::bail;

use super::api::{Api, Bounds, Kind, Member};
use super::names;

/// The table of `name`, if a request can contain it.
pub(super) fn render(api: &Api, name: &str, out: &mut String) -> anyhow::Result<()> {
    if !api.inputs().contains(name) {
        return Ok(());
    }
    let shape = api.shape(name)?;
    let kind = match &shape.kind {
        Kind::Structure(members) => format!("Kind::Structure(&[{}])", rows(members)),
        Kind::Exception { .. } => bail!("{name} is an exception in a request"),
        Kind::Document => "Kind::Document".to_owned(),
        Kind::List { member, bounds } => {
            format!(
                "Kind::List {{ member: &{}, length: {} }}",
                names::constant(member),
                limits(*bounds)
            )
        }
        Kind::Map { key, value, bounds } => format!(
            "Kind::Map {{ key: &{}, value: &{}, length: {} }}",
            names::constant(key),
            names::constant(value),
            limits(*bounds)
        ),
        Kind::Text { bounds, pattern } => {
            let pattern = match pattern {
                Some(text) => format!("Some(Pattern::new({name:?}, {}))", raw(corrected(name, text))),
                None => "None".to_owned(),
            };
            format!("Kind::Text {{ length: {}, pattern: {pattern} }}", limits(*bounds))
        }
        Kind::Enumeration(_) => format!("Kind::Enumeration({name}::NAMES)"),
        Kind::Integer(bounds) => format!("Kind::Integer {{ range: {} }}", limits(*bounds)),
        Kind::Long(bounds) => format!("Kind::Long {{ range: {} }}", limits(*bounds)),
        Kind::Boolean => "Kind::Boolean".to_owned(),
        Kind::Timestamp => "Kind::Timestamp".to_owned(),
        Kind::Blob(bounds) => format!("Kind::Blob {{ length: {} }}", limits(*bounds)),
    };
    writeln!(
        out,
        "pub(crate) static {}: Shape = Shape {{ name: {name:?}, sensitive: {}, kind: {kind} }};\n",
        names::constant(name),
        shape.sensitive
    )?;
    Ok(())
}

/// The pattern of a shape, for those in which the model is narrower than the service: a domain of one's own has dots, as the
/// documentation of `CreateUserPoolDomain` says and the model's pattern does not.
fn corrected<'p>(name: &str, pattern: &'p str) -> &'p str {
    match name {
        "DomainType" => r"^[a-z0-9](?:[a-z0-9\-\.]{0,61}[a-z0-9])?$",
        _ => pattern,
    }
}

fn rows(members: &[Member]) -> String {
    let row = |member: &Member| {
        let (name, path, shape) = (
            &member.name,
            names::path(&member.name),
            names::constant(&member.shape),
        );
        let make = if member.required { "required" } else { "optional" };
        format!("Member::{make}({name:?}, {path:?}, &{shape}),")
    };
    members.iter().map(row).collect()
}

fn limits(bounds: Bounds) -> String {
    match (bounds.min, bounds.max) {
        (None, None) => "Bounds::NONE".to_owned(),
        (Some(min), None) => format!("Bounds::at_least({})", grouped(min)),
        (None, Some(max)) => format!("Bounds::at_most({})", grouped(max)),
        (Some(min), Some(max)) => format!("Bounds::between({}, {})", grouped(min), grouped(max)),
    }
}

/// `131072` → `131_072`.
fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        let left = digits.len() - index;
        if index > 0 && digits.len() > 4 && left.is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    text
}

/// A raw string literal: patterns are full of back-slashes, and one contains `"#`-free quotes only.
fn raw(text: &str) -> String {
    if text.contains("\"###") {
        format!("{text:?}")
    } else {
        format!("r###\"{text}\"###")
    }
}
