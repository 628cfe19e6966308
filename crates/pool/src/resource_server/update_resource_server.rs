//! `UpdateResourceServer`.

use super::ResourceServer;
use super::describe_resource_server::place;
use crate::error::Error;
use crate::service::Service;
use crate::user_pool::change_user_pool;

/// Replaces name and scopes of a resource server; without scopes it has none any more.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool, or such a resource server in it; [`Error::InvalidParameter`] when a scope
/// is named twice.
pub async fn update_resource_server(
    service: &Service,
    user_pool_id: &str,
    new: ResourceServer,
) -> Result<ResourceServer, Error> {
    new.check()?;
    change_user_pool(service, user_pool_id, |pool| {
        let place = place(pool, &new.identifier)?;
        pool.resource_servers[place] = new.clone();
        Ok(())
    })
    .await?;
    Ok(new)
}
