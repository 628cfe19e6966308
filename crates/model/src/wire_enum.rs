//! Enums that are words on the wire.

use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// Declares an enum with its exact wire names: `as_str`, `parse`, `FromStr`, `Display` and serde.
macro_rules! wire_enum {
    ($(#[$about:meta])* pub enum $name:ident { $($variant:ident = $wire:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $(#[doc = concat!("`", $wire, "`")] $variant,)+ }

        impl $name {
            /// Every value, in the model's order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// Every wire name, in the model's order.
            pub const NAMES: &'static [&'static str] = &[$($wire),+];

            /// The name on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                $name::NAMES[self as usize]
            }

            /// The value with this exact name.
            #[must_use]
            pub fn parse(name: &str) -> Option<$name> {
                match name { $($wire => Some($name::$variant),)+ _ => None }
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::wire_enum::UnknownName;

            fn from_str(name: &str) -> Result<$name, crate::wire_enum::UnknownName> {
                $name::parse(name).ok_or(crate::wire_enum::UnknownName(stringify!($name)))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                crate::wire_enum::read(deserializer)
            }
        }
    };
}
pub(crate) use wire_enum;

/// A word that is no value of the enum; holds the enum's name, not the word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownName(pub(crate) &'static str);

impl Display for UnknownName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "not a value of {}", self.0)
    }
}

impl std::error::Error for UnknownName {}

/// Reads a word of `T`.
pub(crate) fn read<'de, D: Deserializer<'de>, T: FromStr<Err = UnknownName>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Cow::<str>::deserialize(deserializer)?
        .parse()
        .map_err(D::Error::custom)
}
