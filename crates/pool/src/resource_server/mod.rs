//! Resource servers: the APIs that access tokens of a pool open, each with scopes of its own.
//!
//! Source: *Scopes, M2M, and resource servers*. They rest in their pool's record: a pool has few, and every request for a scope
//! needs pool and scopes together.

mod create_resource_server;
mod delete_resource_server;
mod describe_resource_server;
mod list_resource_servers;
mod update_resource_server;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::error::{Error, text};

pub use create_resource_server::create_resource_server;
pub use delete_resource_server::delete_resource_server;
pub use describe_resource_server::describe_resource_server;
pub use list_resource_servers::{ListResourceServers, ListedResourceServers, list_resource_servers};
pub use update_resource_server::update_resource_server;

/// Most resource servers of a pool. Source: *Quotas in Amazon Cognito*.
const MOST_OF_A_POOL: usize = 25;

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

impl ResourceServer {
    /// Whether each scope has a name of its own.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`].
    fn check(&self) -> Result<(), Error> {
        let mut names = BTreeSet::new();
        if self.scopes.iter().all(|scope| names.insert(&scope.name)) {
            Ok(())
        } else {
            Err(Error::invalid_parameter(text::SCOPE_NAMED_TWICE))
        }
    }
}

/// Puts resource servers in the order of their identifiers, if each has one of its own and a pool may have so many.
///
/// # Errors
/// [`Error::InvalidParameter`], [`Error::LimitExceeded`].
pub(crate) fn in_order(mut servers: Vec<ResourceServer>) -> Result<Vec<ResourceServer>, Error> {
    servers.sort_by(|a, b| a.identifier.cmp(&b.identifier));
    servers.iter().try_for_each(ResourceServer::check)?;
    if let Some(twins) = servers
        .windows(2)
        .find(|pair| pair[0].identifier == pair[1].identifier)
    {
        return Err(Error::InvalidParameter(text::resource_server_twice(
            &twins[0].identifier,
        )));
    }
    if servers.len() > MOST_OF_A_POOL {
        return Err(Error::LimitExceeded(text::TOO_MANY_RESOURCE_SERVERS.into()));
    }
    Ok(servers)
}
