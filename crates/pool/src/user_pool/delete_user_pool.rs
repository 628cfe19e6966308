//! `DeleteUserPool`.

use super::describe_user_pool::read;
use crate::error::{Error, text};
use crate::ports::Change;
use crate::service::Service;

/// Deletes a pool, its app clients and its users.
///
/// # Errors
/// [`Error::ResourceNotFound`]; [`Error::InvalidParameter`] while deletion protection is on.
pub async fn delete_user_pool(service: &Service, id: &str) -> Result<(), Error> {
    let pool = read(service, id).await?;
    if pool.settings.deletion_protection {
        return Err(Error::invalid_parameter(text::DELETION_PROTECTED));
    }
    Ok(service.commit(vec![Change::DeleteUserPool(pool.id)]).await?)
}
