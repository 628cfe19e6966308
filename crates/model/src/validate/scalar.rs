//! What a scalar breaks: text, words, numbers, Base64; alone, or as one of many in a list or map.

use serde_json::Value;

use crate::blob::Blob;
use crate::shape::{Bounds, Kind, Shape};
use crate::violation::{Constraint, Mismatch};

/// The constraints that a scalar breaks, the pattern first (observed on an empty confirmation code).
pub(super) fn broken(shape: &'static Shape, value: &Value) -> Result<Vec<Constraint>, Mismatch> {
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

pub(super) fn outside(
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

pub(super) fn fits(key: &'static Shape, name: &str) -> bool {
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
pub(super) fn declared(shape: &Shape) -> Vec<Constraint> {
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

pub(super) fn is_scalar(shape: &Shape) -> bool {
    !matches!(
        shape.kind,
        Kind::Structure(_) | Kind::List { .. } | Kind::Map { .. } | Kind::Document
    )
}

/// What the scalars of a list or map break together.
#[derive(Default)]
pub(super) struct Wrong {
    null: bool,
    constraint: bool,
}

impl Wrong {
    pub(super) fn add(&mut self, shape: &'static Shape, value: &Value) -> Result<(), Mismatch> {
        if value.is_null() {
            self.null = true;
        } else {
            self.constraint |= !broken(shape, value)?.is_empty();
        }
        Ok(())
    }

    pub(super) fn constraints(&self, shape: &Shape) -> Option<Vec<Constraint>> {
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
