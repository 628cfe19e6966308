//! `CreateResourceServer`.

use super::{MOST_OF_A_POOL, ResourceServer};
use crate::error::{Error, text};
use crate::service::Service;
use crate::user_pool::change_user_pool;

/// Adds a resource server to a pool.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool; [`Error::InvalidParameter`] when the identifier is taken or a scope is
/// named twice; [`Error::LimitExceeded`] for one more than a pool may have.
pub async fn create_resource_server(
    service: &Service,
    user_pool_id: &str,
    new: ResourceServer,
) -> Result<ResourceServer, Error> {
    new.check()?;
    change_user_pool(service, user_pool_id, |pool| {
        let servers = &mut pool.resource_servers;
        match servers.binary_search_by(|server| server.identifier.cmp(&new.identifier)) {
            Ok(_) => Err(Error::InvalidParameter(text::resource_server_exists(
                &new.identifier,
                &pool.id,
            ))),
            Err(_) if servers.len() >= MOST_OF_A_POOL => {
                Err(Error::LimitExceeded(text::TOO_MANY_RESOURCE_SERVERS.into()))
            }
            Err(place) => {
                servers.insert(place, new.clone());
                Ok(())
            }
        }
    })
    .await?;
    Ok(new)
}
