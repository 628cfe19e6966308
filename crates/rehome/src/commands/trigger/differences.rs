//! Where two JSON objects differ, member by member.

use std::fmt;

use serde_json::{Map, Value, json};

/// A member that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// `LambdaConfig.UserMigration`.
    pub(super) path: String,
    pub(super) before: Option<Value>,
    pub(super) after: Option<Value>,
}

/// All differences, in the order of `before` with what is new behind.
pub(super) fn differences(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<Difference> {
    let mut found = Vec::new();
    compare("", before, after, &mut found);
    found
}

fn compare(
    prefix: &str,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    found: &mut Vec<Difference>,
) {
    let new = after.keys().filter(|name| !before.contains_key(*name));
    for name in before.keys().chain(new) {
        let path = format!("{prefix}{name}");
        match (before.get(name), after.get(name)) {
            (Some(Value::Object(before)), Some(Value::Object(after))) => {
                compare(&format!("{path}."), before, after, found);
            }
            (before, after) if before == after || is_nothing(before) && is_nothing(after) => {}
            (before, after) => found.push(Difference {
                path,
                before: before.cloned(),
                after: after.cloned(),
            }),
        }
    }
}

/// An object without members says no more than no object.
fn is_nothing(value: Option<&Value>) -> bool {
    value.is_none_or(|value| value.is_null() || value.as_object().is_some_and(Map::is_empty))
}

impl Difference {
    pub(super) fn in_json(&self) -> Value {
        json!({ "setting": self.path, "before": self.before, "after": self.after })
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |value: &Option<Value>| match value {
            None | Some(Value::Null) => "none".to_owned(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        write!(f, "{}: {} → {}", self.path, text(&self.before), text(&self.after))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(before: &Value, after: &Value) -> Vec<String> {
        let object = |value: &Value| value.as_object().unwrap().clone();
        let found = differences(&object(before), &object(after));
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn members_are_compared_to_the_innermost() {
        let before = json!({ "A": { "B": 1, "C": [1, 2] }, "D": "x", "E": {} });
        let after = json!({ "A": { "B": 2, "C": [1, 2], "F": true }, "G": {} });
        assert_eq!(
            told(&before, &after),
            ["A.B: 1 → 2", "A.F: none → true", "D: x → none"]
        );
        assert!(told(&before, &before).is_empty());
    }
}
