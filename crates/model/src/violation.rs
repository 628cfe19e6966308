//! What is wrong with a request, in Cognito's words.
//!
//! Cognito answers [`Invalid::Constraints`] as `InvalidParameterException` and [`Invalid::Serialization`] as
//! `SerializationException`, both with the `Display` of the value as message.

use std::fmt;

/// Why a request does not fit its operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invalid {
    /// A member is another kind of JSON than the model says.
    Serialization(Mismatch),
    /// Members break constraints of the model; never empty, in the model's order.
    Constraints(Vec<Violation>),
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let violations = match self {
            Invalid::Serialization(mismatch) => return mismatch.fmt(f),
            Invalid::Constraints(violations) => violations,
        };
        let plural = if violations.len() == 1 { "" } else { "s" };
        write!(f, "{} validation error{plural} detected: ", violations.len())?;
        for (index, violation) in violations.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{violation}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Invalid {}

/// The wrong kind of JSON. Texts as other AWS services with JSON protocols write them; Cognito's own are not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// A scalar of the wrong kind: what was found (`NUMBER_VALUE`), what was wanted (`String`).
    Scalar(&'static str, &'static str),
    /// An array where there should be none.
    List,
    /// An object where there should be none.
    Structure,
    /// A scalar where an array or object should be.
    Unexpected,
    /// Text that is no Base64.
    Base64,
    /// The body itself is no object.
    Body,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Mismatch::Scalar(found, wanted) => {
                write!(f, "{found} can not be converted to {} {wanted}", article(wanted))
            }
            Mismatch::List => f.write_str("Start of list found where not expected"),
            Mismatch::Structure => f.write_str("Start of structure or map found where not expected."),
            Mismatch::Unexpected => f.write_str("Unexpected field type"),
            Mismatch::Base64 => f.write_str("Base64 encoded length is expected a multiple of 4 bytes"),
            Mismatch::Body => f.write_str("Unexpected value type in payload"),
        }
    }
}

fn article(word: &str) -> &'static str {
    if word.starts_with('I') { "an" } else { "a" }
}

/// One broken constraint of one member.
#[derive(Clone, PartialEq, Eq)]
pub struct Violation {
    path: String,
    value: Shown,
    constraint: Constraint,
}

/// How a message shows the value.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Shown {
    /// There is none.
    Null,
    /// Sensitive, or too rich to print.
    Hidden,
    /// In quotation marks.
    Text(String),
}

impl Violation {
    pub(crate) fn new(path: String, value: Shown, constraint: Constraint) -> Violation {
        Violation {
            path,
            value,
            constraint,
        }
    }

    /// Which member, in lower camel case, nested as `userAttributes.1.member.value`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What it breaks.
    #[must_use]
    pub fn constraint(&self) -> &Constraint {
        &self.constraint
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Shown::Null => f.write_str("Value null at "),
            Shown::Hidden => f.write_str("Value at "),
            Shown::Text(text) => write!(f, "Value '{text}' at "),
        }?;
        write!(
            f,
            "'{}' failed to satisfy constraint: {}",
            self.path, self.constraint
        )
    }
}

/// Without the value: a confirmation code is shown to its owner, not to a log.
impl fmt::Debug for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.constraint)
    }
}

/// A constraint of the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// Must be there.
    NotNull,
    /// Must match the regular expression.
    Pattern(&'static str),
    /// At least so many characters, elements, entries or bytes.
    MinLength(i64),
    /// At most so many.
    MaxLength(i64),
    /// At least this number.
    MinValue(i64),
    /// At most this number.
    MaxValue(i64),
    /// One of these words.
    Enumeration(&'static [&'static str]),
    /// All of these, by every element of a list of scalars.
    EachElement(Vec<Constraint>),
    /// All of these, by every key of a map.
    EachKey(Vec<Constraint>),
    /// All of these, by every value of a map.
    EachValue(Vec<Constraint>),
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Constraint::NotNull => f.write_str("Member must not be null"),
            Constraint::Pattern(text) => write!(f, "Member must satisfy regular expression pattern: {text}"),
            Constraint::MinLength(min) => write!(f, "Member must have length greater than or equal to {min}"),
            Constraint::MaxLength(max) => write!(f, "Member must have length less than or equal to {max}"),
            Constraint::MinValue(min) => write!(f, "Member must have value greater than or equal to {min}"),
            Constraint::MaxValue(max) => write!(f, "Member must have value less than or equal to {max}"),
            Constraint::Enumeration(names) => {
                write!(f, "Member must satisfy enum value set: [{}]", names.join(", "))
            }
            Constraint::EachElement(all) => write!(f, "Member must satisfy constraint: [{}]", joined(all)),
            Constraint::EachKey(all) => write!(f, "Map keys must satisfy constraint: [{}]", joined(all)),
            Constraint::EachValue(all) => write!(f, "Map value must satisfy constraint: [{}]", joined(all)),
        }
    }
}

fn joined(constraints: &[Constraint]) -> String {
    constraints
        .iter()
        .map(Constraint::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}
