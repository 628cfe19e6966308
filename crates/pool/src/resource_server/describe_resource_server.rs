//! `DescribeResourceServer`, and finding the resource server that a request names.

use super::ResourceServer;
use crate::error::{Error, text};
use crate::service::Service;
use crate::user_pool::{UserPool, read_user_pool};

/// The resource server of this identifier.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool, or such a resource server in it.
pub async fn describe_resource_server(
    service: &Service,
    user_pool_id: &str,
    identifier: &str,
) -> Result<ResourceServer, Error> {
    let mut pool = read_user_pool(service, user_pool_id).await?;
    let place = place(&pool, identifier)?;
    Ok(pool.resource_servers.swap_remove(place))
}

/// Where in the pool's list it stands.
///
/// # Errors
/// [`Error::ResourceNotFound`].
pub(super) fn place(pool: &UserPool, identifier: &str) -> Result<usize, Error> {
    pool.resource_servers
        .iter()
        .position(|server| server.identifier == identifier)
        .ok_or_else(|| Error::ResourceNotFound(text::resource_server_unknown(identifier)))
}
