//! `DeleteUserPool`.

use super::describe_user_pool::read;
use crate::error::{Error, text};
use crate::ports::{Change, Conflict, StoreError};
use crate::service::Service;

/// Deletes a pool, its app clients and its users.
///
/// # Errors
/// [`Error::ResourceNotFound`]; [`Error::InvalidParameter`] while deletion protection is on, or the pool has a domain.
pub async fn delete_user_pool(service: &Service, id: &str) -> Result<(), Error> {
    let pool = read(service, id).await?;
    if pool.settings.deletion_protection {
        return Err(Error::invalid_parameter(text::DELETION_PROTECTED));
    }
    if pool.domains.names().next().is_some() {
        return Err(Error::invalid_parameter(text::POOL_HAS_A_DOMAIN));
    }
    service
        .commit(vec![Change::DeleteUserPool(pool.id)])
        .await
        .map_err(|error| match error {
            // Somebody else has deleted the pool meanwhile.
            StoreError::Conflict(Conflict::Changed) => Error::ResourceNotFound(text::pool_unknown(id)),
            other => other.into(),
        })
}
