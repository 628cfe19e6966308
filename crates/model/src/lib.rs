//! Shapes and constraints of every operation of the user pools API, as they are on the wire.
//!
//! Three things are generated from AWS's API model by `cargo xtask generate` and re-exported here, flat, under AWS's
//! names: the typed requests and responses ([`InitiateAuthRequest`]), the lists [`Operation`] and [`ErrorKind`], and
//! the constraint tables ([`Operation::input`]). Written by hand are the [`validate`]r that reads the tables and the
//! few types that members have: [`Sensitive`], [`Timestamp`], [`Blob`].
//!
//! A server parses a body to JSON, calls [`validate`], then deserialises the typed request, which cannot fail any
//! more. Nothing here knows a pool's rules.

mod blob;
#[allow(clippy::wildcard_imports, reason = "the families name each other's shapes")]
#[allow(
    clippy::struct_field_names,
    clippy::struct_excessive_bools,
    reason = "the names and types are AWS's"
)]
#[allow(
    clippy::needless_raw_string_hashes,
    reason = "one form of literal for every pattern"
)]
#[allow(
    clippy::too_many_lines,
    clippy::match_same_arms,
    reason = "tables: one row an operation"
)]
mod generated;
mod pattern;
mod sensitive;
pub mod shape;
mod timestamp;
mod validate;
mod violation;
mod wire_enum;

pub use blob::Blob;
pub use generated::*;
pub use pattern::Pattern;
pub use sensitive::Sensitive;
pub use timestamp::Timestamp;
pub use validate::validate;
pub use violation::{Constraint, Invalid, Mismatch, Violation};
pub use wire_enum::UnknownName;
