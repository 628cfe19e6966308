//! Resource servers: the APIs that access tokens of a pool open, each with scopes of its own.
//!
//! Source: *Scopes, M2M, and resource servers*. They rest in their pool's record: a pool has few, and every request for a scope
//! needs pool and scopes together.

use serde::{Deserialize, Serialize};

/// An API behind a pool's tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceServer {
    /// `Identifier`, often a URL: what stands before the slash of a scope. Unique in the pool.
    pub identifier: String,
    /// `Name`, for people.
    pub name: String,
    /// Its scopes.
    pub scopes: Vec<ResourceServerScope>,
}

/// A scope of a resource server; apps ask for `<identifier>/<name>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceServerScope {
    /// `ScopeName`.
    pub name: String,
    /// `ScopeDescription`.
    pub description: String,
}
