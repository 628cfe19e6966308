//! `UpdateUserPoolDomain`.

use super::CustomDomain;
use super::change_domains::change_domains;
use crate::error::{Error, text};
use crate::service::Service;

/// What of a domain changes.
#[derive(Clone, Debug)]
pub struct UpdateUserPoolDomain {
    /// Its pool.
    pub user_pool_id: String,
    /// Its name, which stays.
    pub domain: String,
    /// The new `CustomDomainConfig`; `None` keeps the old. Own domains alone have one.
    pub custom: Option<CustomDomain>,
    /// The new `ManagedLoginVersion`; `None` keeps the old.
    pub managed_login_version: Option<i32>,
}

/// Changes a domain; gives the version of managed login that it has now.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool; [`Error::InvalidParameter`] when the domain is not the pool's, or a prefix is
/// to have a certificate.
pub async fn update_user_pool_domain(service: &Service, update: UpdateUserPoolDomain) -> Result<i32, Error> {
    let mut version = 1;
    change_domains(service, &update.user_pool_id, |domains| {
        let Some(found) = domains.named(&update.domain) else {
            return Err(Error::invalid_parameter(text::NO_SUCH_DOMAIN));
        };
        let mut domain = found.clone();
        if update.custom.is_some() {
            if domain.custom.is_none() {
                return Err(Error::invalid_parameter(text::DOMAIN_FORM));
            }
            domain.custom.clone_from(&update.custom);
        }
        domain.managed_login_version = update
            .managed_login_version
            .unwrap_or(domain.managed_login_version);
        version = domain.managed_login_version;
        let is_custom = domain.custom.is_some();
        *domains.place(is_custom) = Some(domain);
        Ok(())
    })
    .await?;
    Ok(version)
}
