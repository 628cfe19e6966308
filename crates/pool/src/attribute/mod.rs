//! Attributes of a user: their values and the schema that they keep to.

mod change;
mod format;
mod schema;
mod schema_request;
mod value;

use serde::{Deserialize, Serialize};

pub use change::Writer;
pub use format::{is_email, is_phone_number};
pub use schema::{AttributeType, Schema, SchemaAttribute};
pub use schema_request::SchemaRequest;

/// Whether no user may ever write the attribute, whatever the schema and the app client say.
#[must_use]
pub fn is_never_written(name: &str) -> bool {
    is_ours(name) || matches!(name, "email_verified" | "phone_number_verified")
}

/// Whether the pool alone writes the attribute; not even an administrator or a function may.
#[must_use]
pub fn is_ours(name: &str) -> bool {
    matches!(name, "sub" | "identities") || name.starts_with("cognito:")
}

/// A user's attributes but `sub`, by name. Standard ones stand first in the schema's order, then custom ones in the
/// order in which they came: that is how the API lists them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Attributes(Vec<(String, String)>);

impl Attributes {
    /// The value of `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }

    /// True when `name` has the value `true`, as `email_verified` does once proven.
    #[must_use]
    pub fn is_true(&self, name: &str) -> bool {
        self.get(name) == Some("true")
    }

    /// Sets `name` to `value`.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        if let Some(slot) = self.0.iter_mut().find(|(n, _)| n == name) {
            slot.1 = value;
            return;
        }
        let rank = schema::rank(name);
        let place = self
            .0
            .iter()
            .position(|(n, _)| schema::rank(n) > rank)
            .unwrap_or(self.0.len());
        self.0.insert(place, (name.to_owned(), value));
    }

    /// Takes `name` away.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(n, _)| n != name);
    }

    /// Names and values in listing order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// True without any attribute.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<N: AsRef<str>, V: Into<String>> FromIterator<(N, V)> for Attributes {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut attributes = Self::default();
        for (name, value) in pairs {
            attributes.set(name.as_ref(), value);
        }
        attributes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standard_attributes_stand_in_the_schemas_order_before_custom_ones() {
        let mut attributes = Attributes::default();
        for name in [
            "custom:b",
            "phone_number",
            "custom:a",
            "email_verified",
            "name",
            "email",
        ] {
            attributes.set(name, "x");
        }
        let names: Vec<&str> = attributes.iter().map(|(name, _)| name).collect();
        assert_eq!(
            names,
            [
                "name",
                "email",
                "email_verified",
                "phone_number",
                "custom:b",
                "custom:a"
            ]
        );
    }

    #[test]
    fn setting_again_replaces() {
        let mut attributes: Attributes = [("email", "a@b.c"), ("email", "d@e.f")].into_iter().collect();
        assert_eq!(attributes.get("email"), Some("d@e.f"));
        attributes.remove("email");
        assert!(attributes.is_empty());
    }
}
