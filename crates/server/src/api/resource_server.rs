//! A resource server on the wire.

use model::{ResourceServerScopeType, ResourceServerType};
use pool::resource_server::{ResourceServer, ResourceServerScope};

/// The scopes of a request; none when it has none.
pub(super) fn scopes(given: Option<Vec<ResourceServerScopeType>>) -> Vec<ResourceServerScope> {
    let read = |scope: ResourceServerScopeType| ResourceServerScope {
        name: scope.scope_name,
        description: scope.scope_description,
    };
    given.into_iter().flatten().map(read).collect()
}

/// A resource server as every operation shows it.
pub(super) fn written(server: ResourceServer, user_pool_id: &str) -> ResourceServerType {
    let write = |scope: ResourceServerScope| ResourceServerScopeType {
        scope_name: scope.name,
        scope_description: scope.description,
    };
    ResourceServerType {
        user_pool_id: Some(user_pool_id.to_owned()),
        identifier: Some(server.identifier),
        name: Some(server.name),
        scopes: Some(server.scopes.into_iter().map(write).collect()),
        managed_by: None,
    }
}
