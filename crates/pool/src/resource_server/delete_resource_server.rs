//! `DeleteResourceServer`.

use super::describe_resource_server::place;
use crate::error::Error;
use crate::service::Service;
use crate::user_pool::change_user_pool;

/// Takes a resource server off a pool. App clients keep its scopes in their settings; nobody is granted them any more.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool, or such a resource server in it.
pub async fn delete_resource_server(
    service: &Service,
    user_pool_id: &str,
    identifier: &str,
) -> Result<(), Error> {
    change_user_pool(service, user_pool_id, |pool| {
        let place = place(pool, identifier)?;
        pool.resource_servers.remove(place);
        Ok(())
    })
    .await
}
