//! The one validator: holds a request's JSON against the constraint tables.
//!
//! Conventions of AWS's framework, observed on Cognito and on its sisters: all violations are told together, in the
//! model's order; elements of a list of structures are `list.1.member.name`; a list of scalars or a map is one
//! violation that quotes the whole value and every constraint of the element, key or value.

use serde_json::{Map, Value};

use crate::Operation;
use crate::blob::Blob;
use crate::shape::{Bounds, Kind, Member, Shape};
use crate::violation::{Constraint, Invalid, Mismatch, Shown, Violation};

/// How many violations are told at most: the answer to a hostile body stays small.
const MOST: usize = 100;
/// How deep shapes may nest, for safety; the model's deepest request stays far below.
const DEEPEST: usize = 16;

/// Holds `body`, the parsed JSON of a request, against the model. `null` counts as absent; unknown members are
/// ignored. What passes deserialises into the operation's typed request.
///
/// # Errors
///
/// [`Invalid::Serialization`] when a member is the wrong kind of JSON, else [`Invalid::Constraints`] with every broken
/// constraint. The `Display` of both is the message that Cognito answers.
pub fn validate(operation: Operation, body: &Value) -> Result<(), Invalid> {
    let input = operation.input();
    let (Kind::Structure(members), Value::Object(body)) = (&input.kind, body) else {
        return Err(Invalid::Serialization(Mismatch::Body));
    };
    let mut check = Check {
        path: Vec::new(),
        violations: Vec::new(),
    };
    check
        .structure(members, body, input.sensitive)
        .map_err(Invalid::Serialization)?;
    if check.violations.is_empty() {
        Ok(())
    } else {
        Err(Invalid::Constraints(check.violations))
    }
}

/// A walk through a request.
struct Check {
    /// Where the walk stands. Joined only when something is wrong: the usual request is right.
    path: Vec<Step>,
    violations: Vec<Violation>,
}

/// One step of a path.
enum Step {
    Member(&'static str),
    /// An element of a list, from 1.
    Element(usize),
    /// A value of a map, by its key.
    Entry(String),
}

impl Check {
    fn structure(
        &mut self,
        members: &'static [Member],
        object: &Map<String, Value>,
        hidden: bool,
    ) -> Result<(), Mismatch> {
        for member in members {
            self.path.push(Step::Member(member.path));
            match object.get(member.name) {
                None | Some(Value::Null) if member.required => self.tell(Shown::Null, Constraint::NotNull),
                None | Some(Value::Null) => {}
                Some(value) => self.value(member.shape, value, hidden)?,
            }
            self.path.pop();
        }
        Ok(())
    }

    fn value(&mut self, shape: &'static Shape, value: &Value, hidden: bool) -> Result<(), Mismatch> {
        let hidden = hidden || shape.sensitive;
        if self.path.len() > DEEPEST {
            return Err(Mismatch::Unexpected);
        }
        match (&shape.kind, value) {
            (Kind::Structure(members), Value::Object(object)) => self.structure(members, object, hidden),
            (Kind::List { member, length }, Value::Array(elements)) => {
                self.count(*length, elements.len(), || shown(shape, value, hidden));
                self.elements(member, elements, shape, hidden)
            }
            (Kind::Map { length, .. }, Value::Object(entries)) => {
                self.count(*length, entries.len(), || shown(shape, value, hidden));
                self.entries(shape, entries, hidden)
            }
            _ => {
                for constraint in broken(shape, value)? {
                    self.tell(shown(shape, value, hidden), constraint);
                }
                Ok(())
            }
        }
    }

    /// The elements of a list: each a path of its own if it has members, else all in one.
    fn elements(
        &mut self,
        member: &'static Shape,
        elements: &[Value],
        list: &'static Shape,
        hidden: bool,
    ) -> Result<(), Mismatch> {
        if is_scalar(member) {
            let mut wrong = Wrong::default();
            for element in elements {
                wrong.add(member, element)?;
            }
            if let Some(all) = wrong.constraints(member) {
                let hidden = hidden || member.sensitive;
                self.tell(scalars(list, elements, hidden), Constraint::EachElement(all));
            }
            return Ok(());
        }
        for (index, element) in elements.iter().enumerate() {
            self.path.push(Step::Element(index + 1));
            if element.is_null() {
                self.tell(Shown::Null, Constraint::NotNull);
            } else {
                self.value(member, element, hidden)?;
            }
            self.path.pop();
        }
        Ok(())
    }

    /// The entries of a map: keys in one, scalar values in one, structures each by its key.
    fn entries(
        &mut self,
        map: &'static Shape,
        entries: &Map<String, Value>,
        hidden: bool,
    ) -> Result<(), Mismatch> {
        let Kind::Map { key, value, .. } = &map.kind else {
            return Ok(());
        };
        let quoted = || {
            pairs(
                entries,
                hidden || key.sensitive || value.sensitive || !is_scalar(value),
            )
        };
        if entries.keys().any(|name| !fits(key, name)) {
            self.tell(quoted(), Constraint::EachKey(declared(key)));
        }
        if is_scalar(value) {
            let mut wrong = Wrong::default();
            for entry in entries.values() {
                wrong.add(value, entry)?;
            }
            if let Some(all) = wrong.constraints(value) {
                self.tell(quoted(), Constraint::EachValue(all));
            }
            return Ok(());
        }
        for (name, entry) in entries {
            self.path.push(Step::Entry(name.clone()));
            if entry.is_null() {
                self.tell(Shown::Null, Constraint::NotNull);
            } else {
                self.value(value, entry, hidden)?;
            }
            self.path.pop();
        }
        Ok(())
    }

    fn count(&mut self, length: Bounds, count: usize, quoted: impl Fn() -> Shown) {
        for constraint in outside(length, count, Constraint::MinLength, Constraint::MaxLength) {
            self.tell(quoted(), constraint);
        }
    }

    fn tell(&mut self, value: Shown, constraint: Constraint) {
        if self.violations.len() < MOST {
            self.violations
                .push(Violation::new(self.joined(), value, constraint));
        }
    }

    fn joined(&self) -> String {
        let mut text = String::new();
        for step in &self.path {
            if !text.is_empty() {
                text.push('.');
            }
            match step {
                Step::Member(name) => text.push_str(name),
                Step::Element(index) => text.extend([&index.to_string(), ".member"]),
                Step::Entry(key) => text.extend([key, ".member"]),
            }
        }
        text
    }
}

/// What the scalars of a list or map break together.
#[derive(Default)]
struct Wrong {
    null: bool,
    constraint: bool,
}

impl Wrong {
    fn add(&mut self, shape: &'static Shape, value: &Value) -> Result<(), Mismatch> {
        if value.is_null() {
            self.null = true;
        } else {
            self.constraint |= !broken(shape, value)?.is_empty();
        }
        Ok(())
    }

    fn constraints(&self, shape: &Shape) -> Option<Vec<Constraint>> {
        if !self.null && !self.constraint {
            return None;
        }
        let mut all = declared(shape);
        if self.null {
            all.push(Constraint::NotNull);
        }
        Some(all)
    }
}

/// The constraints that a scalar breaks, the pattern first (observed on an empty confirmation code).
fn broken(shape: &'static Shape, value: &Value) -> Result<Vec<Constraint>, Mismatch> {
    let (minimum, maximum) = (Constraint::MinLength, Constraint::MaxLength);
    Ok(match (&shape.kind, value) {
        (Kind::Text { length, pattern }, Value::String(text)) => {
            let mut all = Vec::new();
            if let Some(pattern) = pattern
                && !pattern.matches(text)
            {
                all.push(Constraint::Pattern(pattern.as_str()));
            }
            all.extend(outside(*length, characters(text), minimum, maximum));
            all
        }
        (Kind::Enumeration(names), Value::String(text)) => {
            if names.contains(&text.as_str()) {
                Vec::new()
            } else {
                vec![Constraint::Enumeration(names)]
            }
        }
        (Kind::Integer { range }, Value::Number(number)) => {
            let number = number.as_i64().and_then(|number| i32::try_from(number).ok());
            within(
                *range,
                i64::from(number.ok_or(Mismatch::Scalar("NUMBER_VALUE", "Integer"))?),
            )
        }
        (Kind::Long { range }, Value::Number(number)) => within(
            *range,
            number.as_i64().ok_or(Mismatch::Scalar("NUMBER_VALUE", "Long"))?,
        ),
        (Kind::Boolean, Value::Bool(_)) | (Kind::Document, _) => Vec::new(),
        (Kind::Timestamp, Value::Number(number)) => {
            // Whatever fits in milliseconds; the API takes no moments from callers today.
            let fits = number.as_f64().is_some_and(|seconds| seconds.abs() < 9.0e15);
            if fits {
                Vec::new()
            } else {
                return Err(Mismatch::Scalar("NUMBER_VALUE", "Timestamp"));
            }
        }
        (Kind::Blob { length }, Value::String(text)) => {
            let bytes = Blob::parse(text).ok_or(Mismatch::Base64)?;
            outside(*length, bytes.0.len(), minimum, maximum).collect()
        }
        _ => return Err(mismatch(shape, value)),
    })
}

fn outside(
    bounds: Bounds,
    count: usize,
    minimum: fn(i64) -> Constraint,
    maximum: fn(i64) -> Constraint,
) -> impl Iterator<Item = Constraint> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let low = bounds.min.filter(|&min| count < min).map(minimum);
    let high = bounds.max.filter(|&max| count > max).map(maximum);
    low.into_iter().chain(high)
}

fn within(bounds: Bounds, number: i64) -> Vec<Constraint> {
    let low = bounds.min.filter(|&min| number < min).map(Constraint::MinValue);
    let high = bounds.max.filter(|&max| number > max).map(Constraint::MaxValue);
    low.into_iter().chain(high).collect()
}

/// Length in characters; text that is all ASCII is counted at once.
fn characters(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.chars().count()
    }
}

fn fits(key: &'static Shape, name: &str) -> bool {
    match &key.kind {
        Kind::Text { length, pattern } => {
            pattern.as_ref().is_none_or(|pattern| pattern.matches(name))
                && outside(
                    *length,
                    characters(name),
                    Constraint::MinLength,
                    Constraint::MaxLength,
                )
                .next()
                .is_none()
        }
        Kind::Enumeration(names) => names.contains(&name),
        _ => true,
    }
}

/// Every constraint of a scalar, in the order that AWS lists them for elements, keys and values.
fn declared(shape: &Shape) -> Vec<Constraint> {
    match &shape.kind {
        Kind::Text { length, pattern } => {
            let max = length.max.map(Constraint::MaxLength);
            let min = length.min.map(Constraint::MinLength);
            let pattern = pattern
                .as_ref()
                .map(|pattern| Constraint::Pattern(pattern.as_str()));
            [max, min, pattern].into_iter().flatten().collect()
        }
        Kind::Enumeration(names) => vec![Constraint::Enumeration(names)],
        Kind::Integer { range } | Kind::Long { range } => [
            range.max.map(Constraint::MaxValue),
            range.min.map(Constraint::MinValue),
        ]
        .into_iter()
        .flatten()
        .collect(),
        _ => Vec::new(),
    }
}

fn is_scalar(shape: &Shape) -> bool {
    !matches!(
        shape.kind,
        Kind::Structure(_) | Kind::List { .. } | Kind::Map { .. } | Kind::Document
    )
}

/// The value as a message shows it.
fn shown(shape: &'static Shape, value: &Value, hidden: bool) -> Shown {
    if hidden {
        return Shown::Hidden;
    }
    match (&shape.kind, value) {
        (Kind::List { member, .. }, Value::Array(elements)) => scalars(
            shape,
            elements,
            member.sensitive || (!is_scalar(member) && !elements.is_empty()),
        ),
        (Kind::Map { key, value, .. }, Value::Object(entries)) => {
            pairs(entries, key.sensitive || value.sensitive || !is_scalar(value))
        }
        (Kind::Blob { .. }, _) => Shown::Hidden,
        _ => Shown::Text(plain(value)),
    }
}

/// `[a, b]`, as Java prints a list.
fn scalars(list: &Shape, elements: &[Value], hidden: bool) -> Shown {
    if hidden || list.sensitive {
        return Shown::Hidden;
    }
    Shown::Text(format!(
        "[{}]",
        elements.iter().map(plain).collect::<Vec<_>>().join(", ")
    ))
}

/// `{k=v, l=w}`, as Java prints a map.
fn pairs(entries: &Map<String, Value>, hidden: bool) -> Shown {
    if hidden {
        return Shown::Hidden;
    }
    let pairs: Vec<String> = entries
        .iter()
        .map(|(key, value)| format!("{key}={}", plain(value)))
        .collect();
    Shown::Text(format!("{{{}}}", pairs.join(", ")))
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn mismatch(shape: &Shape, value: &Value) -> Mismatch {
    let wanted = match shape.kind {
        Kind::Structure(_) | Kind::List { .. } | Kind::Map { .. } | Kind::Document => "",
        Kind::Text { .. } | Kind::Enumeration(_) => "String",
        Kind::Integer { .. } => "Integer",
        Kind::Long { .. } => "Long",
        Kind::Boolean => "Boolean",
        Kind::Timestamp => "Timestamp",
        Kind::Blob { .. } => "Blob",
    };
    match value {
        Value::Array(_) => Mismatch::List,
        Value::Object(_) => Mismatch::Structure,
        _ if wanted.is_empty() => Mismatch::Unexpected,
        Value::Bool(true) => Mismatch::Scalar("TRUE_VALUE", wanted),
        Value::Bool(false) => Mismatch::Scalar("FALSE_VALUE", wanted),
        Value::Number(_) => Mismatch::Scalar("NUMBER_VALUE", wanted),
        Value::String(_) => Mismatch::Scalar("STRING_VALUE", wanted),
        Value::Null => Mismatch::Unexpected,
    }
}

#[cfg(test)]
mod tests;
