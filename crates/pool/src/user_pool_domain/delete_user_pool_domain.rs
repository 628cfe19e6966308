//! `DeleteUserPoolDomain`.

use super::change_domains::change_domains;
use crate::error::{Error, text};
use crate::service::Service;

/// Takes a domain off a pool.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool; [`Error::InvalidParameter`] when the domain is not the pool's.
pub async fn delete_user_pool_domain(
    service: &Service,
    user_pool_id: &str,
    domain: &str,
) -> Result<(), Error> {
    change_domains(service, user_pool_id, |domains| {
        let Some(found) = domains.named(domain) else {
            return Err(Error::invalid_parameter(text::NO_SUCH_DOMAIN));
        };
        let is_custom = found.custom.is_some();
        *domains.place(is_custom) = None;
        Ok(())
    })
    .await
}
