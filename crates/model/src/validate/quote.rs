//! How a message quotes a value: as Java prints it, and not at all when it is sensitive.

use serde_json::{Map, Value};

use super::scalar::is_scalar;
use crate::shape::{Kind, Shape};
use crate::violation::Shown;

/// The value as a message shows it.
pub(super) fn shown(shape: &'static Shape, value: &Value, hidden: bool) -> Shown {
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
pub(super) fn scalars(list: &Shape, elements: &[Value], hidden: bool) -> Shown {
    if hidden || list.sensitive {
        return Shown::Hidden;
    }
    Shown::Text(format!(
        "[{}]",
        elements.iter().map(plain).collect::<Vec<_>>().join(", ")
    ))
}

/// `{k=v, l=w}`, as Java prints a map.
pub(super) fn pairs(entries: &Map<String, Value>, hidden: bool) -> Shown {
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
