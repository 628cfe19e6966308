//! A pool's schema: the attributes its users may have.
//!
//! Source of names, order and constraints: fresh pools of the real service.

use serde::{Deserialize, Serialize};

/// The schema of a pool: the standard attributes, then the custom ones in the order of their addition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Schema(pub Vec<SchemaAttribute>);

/// One attribute of a schema.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SchemaAttribute {
    /// `email`, or `custom:tier` with its prefix.
    pub name: String,
    /// What its text must read as.
    pub attribute_type: AttributeType,
    /// Whether self sign-up must give it.
    pub required: bool,
    /// Whether it may change once set.
    pub mutable: bool,
    /// Whether only developers may write it (`dev:custom:`).
    #[serde(default)]
    pub developer_only: bool,
    /// Least length, or least value of a number; as text, since the API answers text.
    #[serde(default)]
    pub minimum: Option<String>,
    /// Greatest length, or greatest value.
    #[serde(default)]
    pub maximum: Option<String>,
}

/// `AttributeDataType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AttributeType {
    /// Any text.
    String,
    /// A number.
    Number,
    /// A date and time.
    DateTime,
    /// `true` or `false`.
    Boolean,
}

/// The standard attributes in Cognito's order.
const STANDARD: [&str; 20] = [
    "sub",
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "email",
    "email_verified",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "phone_number",
    "phone_number_verified",
    "address",
    "updated_at",
];

/// Where an attribute stands in a listing: standard ones by the schema's order, all others after them.
pub(super) fn rank(name: &str) -> usize {
    STANDARD
        .iter()
        .position(|standard| *standard == name)
        .unwrap_or(STANDARD.len())
}

impl Schema {
    /// The standard attributes with the constraints of a fresh pool.
    #[must_use]
    pub fn standard() -> Self {
        Self(STANDARD.into_iter().map(standard).collect())
    }

    /// The schema entry of `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&SchemaAttribute> {
        self.0.iter().find(|attribute| attribute.name == name)
    }

    /// The attributes that self sign-up must give; `sub` is not among them, since the pool gives it.
    pub fn required(&self) -> impl Iterator<Item = &SchemaAttribute> {
        self.0
            .iter()
            .filter(|attribute| attribute.required && attribute.name != "sub")
    }

    /// The custom attributes.
    pub fn custom(&self) -> impl Iterator<Item = &SchemaAttribute> {
        self.0.iter().filter(|attribute| attribute.is_custom())
    }
}

impl SchemaAttribute {
    /// Whether it is none of the standard attributes.
    #[must_use]
    pub fn is_custom(&self) -> bool {
        self.name.contains(':')
    }
}

fn standard(name: &str) -> SchemaAttribute {
    let (attribute_type, minimum, maximum) = match name {
        "sub" => (AttributeType::String, Some("1"), Some("2048")),
        "birthdate" => (AttributeType::String, Some("10"), Some("10")),
        "email_verified" | "phone_number_verified" => (AttributeType::Boolean, None, None),
        "updated_at" => (AttributeType::Number, Some("0"), None),
        _ => (AttributeType::String, Some("0"), Some("2048")),
    };
    SchemaAttribute {
        name: name.to_owned(),
        attribute_type,
        required: name == "sub",
        mutable: name != "sub",
        developer_only: false,
        minimum: minimum.map(str::to_owned),
        maximum: maximum.map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_schema_has_the_twenty_standard_attributes() {
        let schema = Schema::standard();
        assert_eq!(schema.0.len(), 20);
        assert_eq!(schema.required().count(), 0);
        assert_eq!(schema.custom().count(), 0);
        let birthdate = schema.get("birthdate").unwrap();
        assert_eq!(
            (birthdate.minimum.as_deref(), birthdate.maximum.as_deref()),
            (Some("10"), Some("10"))
        );
        let sub = schema.get("sub").unwrap();
        assert!(sub.required && !sub.mutable);
    }
}
