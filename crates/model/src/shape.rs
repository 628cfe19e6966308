//! What a constraint table says of a shape. The tables themselves are generated, one static a shape that a request
//! can contain; [`crate::validate`] reads them.

use crate::pattern::Pattern;

/// A shape of the API model: its kind with its constraints.
#[derive(Debug)]
pub struct Shape {
    /// AWS's name.
    pub name: &'static str,
    /// Whether messages leave its values out.
    pub sensitive: bool,
    /// What it is.
    pub kind: Kind,
}

/// The kinds of shape, with their constraints.
#[derive(Debug)]
pub enum Kind {
    /// A JSON object with these members, in the model's order; others are ignored.
    Structure(&'static [Member]),
    /// A JSON array.
    List {
        /// Shape of each element.
        member: &'static Shape,
        /// Number of elements.
        length: Bounds,
    },
    /// A JSON object with free names.
    Map {
        /// Shape of each name.
        key: &'static Shape,
        /// Shape of each value.
        value: &'static Shape,
        /// Number of entries.
        length: Bounds,
    },
    /// A JSON string.
    Text {
        /// Number of characters.
        length: Bounds,
        /// Regular expression for the whole text.
        pattern: Option<Pattern>,
    },
    /// A JSON string out of these.
    Enumeration(&'static [&'static str]),
    /// A JSON number, whole, 32 bits.
    Integer {
        /// Least and greatest value.
        range: Bounds,
    },
    /// A JSON number, whole, 64 bits.
    Long {
        /// Least and greatest value.
        range: Bounds,
    },
    /// `true` or `false`.
    Boolean,
    /// Epoch seconds.
    Timestamp,
    /// Standard Base64 in a JSON string.
    Blob {
        /// Number of bytes.
        length: Bounds,
    },
    /// Any JSON.
    Document,
}

/// A member of a structure.
#[derive(Debug)]
pub struct Member {
    /// Its name on the wire, `UserPoolId`.
    pub name: &'static str,
    /// Its name in a message's path, `userPoolId`.
    pub path: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// Its shape.
    pub shape: &'static Shape,
}

impl Member {
    pub(crate) const fn required(name: &'static str, path: &'static str, shape: &'static Shape) -> Member {
        Member {
            name,
            path,
            required: true,
            shape,
        }
    }

    pub(crate) const fn optional(name: &'static str, path: &'static str, shape: &'static Shape) -> Member {
        Member {
            name,
            path,
            required: false,
            shape,
        }
    }
}

/// Least and greatest length or value, both inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The least.
    pub min: Option<i64>,
    /// The greatest.
    pub max: Option<i64>,
}

impl Bounds {
    pub(crate) const NONE: Bounds = Bounds { min: None, max: None };

    pub(crate) const fn at_least(min: i64) -> Bounds {
        Bounds {
            min: Some(min),
            max: None,
        }
    }

    pub(crate) const fn at_most(max: i64) -> Bounds {
        Bounds {
            min: None,
            max: Some(max),
        }
    }

    pub(crate) const fn between(min: i64, max: i64) -> Bounds {
        Bounds {
            min: Some(min),
            max: Some(max),
        }
    }
}
