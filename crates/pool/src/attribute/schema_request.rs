//! What a request says of an attribute, and the schema that comes of it.

use super::{AttributeType, Schema, SchemaAttribute, is_ours};
use crate::error::{Error, text};

/// Most custom attributes of a pool. Source: quotas.
const MOST_CUSTOM_ATTRIBUTES: usize = 50;
/// Most characters of a custom attribute's name.
const LONGEST_NAME: usize = 20;
/// Most characters of a value.
const LONGEST_VALUE: u32 = 2048;

/// One attribute of `Schema` or `CustomAttributes`, as asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SchemaRequest {
    /// A standard attribute's name to change it, or a new one's without `custom:`. A prefix that is there already, as
    /// in what `DescribeUserPool` answers, is not put twice.
    pub name: String,
    /// Its type; a new attribute without one is a `String`.
    pub attribute_type: Option<AttributeType>,
    /// Whether self sign-up must give it.
    pub required: Option<bool>,
    /// Whether it may change once set; true for new ones unless given.
    pub mutable: Option<bool>,
    /// Whether only developers may write it.
    pub developer_only: bool,
    /// `MinLength` or `MinValue`.
    pub minimum: Option<String>,
    /// `MaxLength` or `MaxValue`.
    pub maximum: Option<String>,
}

impl SchemaRequest {
    /// A request that asks for nothing special.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }
}

impl Schema {
    /// This schema with standard attributes changed and custom ones added, as `CreateUserPool` asks. What is said of
    /// `sub` and `identities`, which nobody can change, is passed over: the schema of another pool's description will do.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`].
    pub fn with(mut self, requests: Vec<SchemaRequest>) -> Result<Self, Error> {
        let mut custom = Vec::new();
        for request in requests.into_iter().filter(|request| !is_ours(&request.name)) {
            match self
                .0
                .iter_mut()
                .find(|attribute| attribute.name == request.name && !attribute.is_custom())
            {
                Some(standard) => change_standard(standard, request)?,
                None => custom.push(request),
            }
        }
        self.with_custom(custom)
    }

    /// This schema with custom attributes added.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`].
    pub fn with_custom(mut self, requests: Vec<SchemaRequest>) -> Result<Self, Error> {
        for request in requests {
            let attribute = custom(request)?;
            if self.get(&attribute.name).is_some() {
                return Err(Error::InvalidParameter(text::attribute_exists(&attribute.name)));
            }
            self.0.push(attribute);
        }
        if self.custom().count() > MOST_CUSTOM_ATTRIBUTES {
            return Err(Error::invalid_parameter(text::TOO_MANY_CUSTOM_ATTRIBUTES));
        }
        Ok(self)
    }
}

/// A standard attribute keeps its type; its flags and limits may be others.
fn change_standard(standard: &mut SchemaAttribute, request: SchemaRequest) -> Result<(), Error> {
    let other_type = request
        .attribute_type
        .is_some_and(|other| other != standard.attribute_type);
    if other_type || request.developer_only {
        return Err(Error::InvalidParameter(text::standard_attribute_fixed(
            &standard.name,
        )));
    }
    standard.required = request.required.unwrap_or(standard.required);
    standard.mutable = request.mutable.unwrap_or(standard.mutable);
    standard.minimum = request.minimum.or(standard.minimum.take());
    standard.maximum = request.maximum.or(standard.maximum.take());
    check_limits(standard)
}

fn custom(request: SchemaRequest) -> Result<SchemaAttribute, Error> {
    let bare = request.name.strip_prefix("dev:").unwrap_or(&request.name);
    let bare = bare.strip_prefix("custom:").unwrap_or(bare);
    let sound = (1..=LONGEST_NAME).contains(&bare.chars().count())
        && !bare.chars().any(|c| c.is_whitespace() || c.is_control());
    if !sound {
        return Err(Error::InvalidParameter(text::attribute_name_form(bare)));
    }
    if request.required == Some(true) {
        return Err(Error::invalid_parameter(text::REQUIRED_CUSTOM_ATTRIBUTE));
    }
    let developer_only = request.developer_only || request.name.starts_with("dev:");
    let attribute = SchemaAttribute {
        name: if developer_only {
            format!("dev:custom:{bare}")
        } else {
            format!("custom:{bare}")
        },
        attribute_type: request.attribute_type.unwrap_or(AttributeType::String),
        required: false,
        mutable: request.mutable.unwrap_or(true),
        developer_only,
        minimum: request.minimum,
        maximum: request.maximum,
    };
    check_limits(&attribute)?;
    Ok(attribute)
}

/// Limits are numbers, the lesser one first; lengths go up to 2048.
fn check_limits(attribute: &SchemaAttribute) -> Result<(), Error> {
    let refused = || Error::InvalidParameter(text::attribute_limits(&attribute.name));
    let number = |limit: &Option<String>| -> Result<Option<f64>, Error> {
        let Some(limit) = limit else { return Ok(None) };
        if attribute.attribute_type == AttributeType::String {
            let length: u32 = limit.parse().map_err(|_| refused())?;
            return if length <= LONGEST_VALUE {
                Ok(Some(length.into()))
            } else {
                Err(refused())
            };
        }
        let value: f64 = limit.parse().map_err(|_| refused())?;
        if value.is_finite() {
            Ok(Some(value))
        } else {
            Err(refused())
        }
    };
    match (number(&attribute.minimum)?, number(&attribute.maximum)?) {
        (Some(least), Some(greatest)) if least > greatest => Err(refused()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(request: SchemaRequest) -> Result<Schema, Error> {
        Schema::standard().with(vec![request])
    }

    #[test]
    fn a_custom_attribute_gets_its_prefix_once() {
        for (asked, made) in [
            ("tier", "custom:tier"),
            ("custom:tier", "custom:tier"),
            ("dev:custom:tier", "dev:custom:tier"),
        ] {
            let schema = with(SchemaRequest::named(asked)).unwrap();
            let attribute = schema.get(made).unwrap();
            assert!(attribute.mutable && !attribute.required, "{asked}");
            assert_eq!(attribute.attribute_type, AttributeType::String);
        }
    }

    #[test]
    fn a_developers_attribute_has_a_prefix_of_its_own() {
        let schema = with(SchemaRequest {
            developer_only: true,
            ..SchemaRequest::named("level")
        })
        .unwrap();
        assert!(schema.get("dev:custom:level").unwrap().developer_only);
    }

    #[test]
    fn a_standard_attribute_can_be_made_required_and_immutable_but_keeps_its_type() {
        let request = SchemaRequest {
            required: Some(true),
            mutable: Some(false),
            attribute_type: Some(AttributeType::String),
            ..SchemaRequest::named("email")
        };
        let schema = with(request.clone()).unwrap();
        let email = schema.get("email").unwrap();
        assert!(email.required && !email.mutable);
        assert_eq!(email.maximum.as_deref(), Some("2048"));
        assert!(
            with(SchemaRequest {
                attribute_type: Some(AttributeType::Number),
                ..request
            })
            .is_err()
        );
    }

    #[test]
    fn the_schema_of_another_pools_description_makes_the_same_schema() {
        let sub = SchemaRequest {
            required: Some(false),
            mutable: Some(true),
            ..SchemaRequest::named("sub")
        };
        let schema = Schema::standard()
            .with(vec![sub, SchemaRequest::named("identities")])
            .unwrap();
        assert_eq!(schema, Schema::standard());
    }

    #[test]
    fn custom_names_have_one_to_twenty_characters_and_come_once() {
        assert!(with(SchemaRequest::named("")).is_err());
        assert!(with(SchemaRequest::named(&"x".repeat(20))).is_ok());
        assert!(with(SchemaRequest::named(&"x".repeat(21))).is_err());
        let twice = vec![SchemaRequest::named("tier"), SchemaRequest::named("tier")];
        assert!(Schema::standard().with(twice).is_err());
    }

    #[test]
    fn a_custom_attribute_is_never_required() {
        assert!(
            with(SchemaRequest {
                required: Some(true),
                ..SchemaRequest::named("tier")
            })
            .is_err()
        );
    }

    #[test]
    fn a_pool_has_at_most_fifty_custom_attributes() {
        let many = |n: usize| (0..n).map(|i| SchemaRequest::named(&format!("a{i}"))).collect();
        let full = Schema::standard().with(many(50)).unwrap();
        assert!(full.with_custom(vec![SchemaRequest::named("one-more")]).is_err());
        assert!(Schema::standard().with(many(51)).is_err());
    }

    #[test]
    fn limits_are_numbers_in_order() {
        let limited = |minimum: &str, maximum: &str| {
            with(SchemaRequest {
                minimum: Some(minimum.to_owned()),
                maximum: Some(maximum.to_owned()),
                ..SchemaRequest::named("tier")
            })
        };
        assert!(limited("1", "2048").is_ok());
        for (minimum, maximum) in [("2", "1"), ("x", "1"), ("0", "2049"), ("-1", "5"), ("0", "1.5")] {
            assert!(limited(minimum, maximum).is_err(), "{minimum} to {maximum}");
        }
    }
}
