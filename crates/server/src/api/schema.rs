//! A schema's attributes on the wire.

use model::{
    AttributeDataType, NumberAttributeConstraintsType, SchemaAttributeType, StringAttributeConstraintsType,
};
use pool::attribute::{AttributeType, SchemaAttribute, SchemaRequest};

/// What a request says of attributes.
pub(super) fn requests(given: Vec<SchemaAttributeType>) -> Vec<SchemaRequest> {
    given.into_iter().map(request).collect()
}

fn request(given: SchemaAttributeType) -> SchemaRequest {
    let lengths = given
        .string_attribute_constraints
        .map(|limits| (limits.min_length, limits.max_length));
    let values = given
        .number_attribute_constraints
        .map(|limits| (limits.min_value, limits.max_value));
    let (minimum, maximum) = lengths.or(values).unwrap_or_default();
    SchemaRequest {
        name: given.name.unwrap_or_default(),
        attribute_type: given.attribute_data_type.map(|kind| match kind {
            AttributeDataType::String => AttributeType::String,
            AttributeDataType::Number => AttributeType::Number,
            AttributeDataType::DateTime => AttributeType::DateTime,
            AttributeDataType::Boolean => AttributeType::Boolean,
        }),
        required: given.required,
        mutable: given.mutable,
        developer_only: given.developer_only_attribute.unwrap_or_default(),
        minimum,
        maximum,
    }
}

/// An attribute of a pool. Texts always have constraints, if empty ones; numbers too; others never (observed).
pub(super) fn attribute(attribute: &SchemaAttribute) -> SchemaAttributeType {
    let (minimum, maximum) = (attribute.minimum.clone(), attribute.maximum.clone());
    let mut written = SchemaAttributeType {
        name: Some(attribute.name.clone()),
        developer_only_attribute: Some(attribute.developer_only),
        mutable: Some(attribute.mutable),
        required: Some(attribute.required),
        ..SchemaAttributeType::default()
    };
    written.attribute_data_type = Some(match attribute.attribute_type {
        AttributeType::String => {
            written.string_attribute_constraints = Some(StringAttributeConstraintsType {
                min_length: minimum,
                max_length: maximum,
            });
            AttributeDataType::String
        }
        AttributeType::Number => {
            written.number_attribute_constraints = Some(NumberAttributeConstraintsType {
                min_value: minimum,
                max_value: maximum,
            });
            AttributeDataType::Number
        }
        AttributeType::DateTime => AttributeDataType::DateTime,
        AttributeType::Boolean => AttributeDataType::Boolean,
    });
    written
}

/// The attribute that `DescribeUserPool` lists beyond those of `CreateUserPool` (observed).
pub(super) fn identities() -> SchemaAttributeType {
    SchemaAttributeType {
        name: Some("identities".to_owned()),
        attribute_data_type: Some(AttributeDataType::String),
        developer_only_attribute: Some(false),
        mutable: Some(true),
        required: Some(false),
        string_attribute_constraints: Some(StringAttributeConstraintsType::default()),
        ..SchemaAttributeType::default()
    }
}
