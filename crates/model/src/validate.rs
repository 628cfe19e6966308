//! The one validator: holds a request's JSON against the constraint tables.
//!
//! Conventions of AWS's framework, observed on Cognito and on its sisters: all violations are told together, in the
//! model's order; elements of a list of structures are `list.1.member.name`; a list of scalars or a map is one
//! violation that quotes the whole value and every constraint of the element, key or value.

mod quote;
mod scalar;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

use crate::Operation;
use crate::shape::{Bounds, Kind, Member, Shape};
use crate::violation::{Constraint, Invalid, Mismatch, Shown, Violation};
use quote::{pairs, scalars, shown};
use scalar::{Wrong, broken, declared, fits, is_scalar, outside};

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
