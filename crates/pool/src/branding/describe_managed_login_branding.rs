//! `DescribeManagedLoginBranding` and `DescribeManagedLoginBrandingByClient`.

use super::change::client_of;
use super::{Branding, ManagedLoginBranding};
use crate::error::{Error, text};
use crate::id::UserPoolId;
use crate::service::Service;

/// The style of this id.
///
/// # Errors
/// [`Error::ResourceNotFound`].
pub async fn describe_managed_login_branding(
    service: &Service,
    user_pool_id: &str,
    id: &str,
) -> Result<(UserPoolId, ManagedLoginBranding), Error> {
    let branding = find_style(service, user_pool_id, id).await?;
    style(branding)
}

/// The style of an app client.
///
/// # Errors
/// [`Error::ResourceNotFound`], also for an app client without one.
pub async fn describe_managed_login_branding_by_client(
    service: &Service,
    user_pool_id: &str,
    client_id: &str,
) -> Result<(UserPoolId, ManagedLoginBranding), Error> {
    let loaded = service.user_pool(user_pool_id).await?;
    let pool = &loaded.pool.id;
    let client = client_of(service, pool, Some(client_id)).await?;
    let found = service.store().find_branding(pool, client.as_ref()).await?;
    style(found.ok_or_else(not_found)?)
}

/// The branding that has the style of this id.
///
/// # Errors
/// [`Error::ResourceNotFound`].
pub(super) async fn find_style(service: &Service, user_pool_id: &str, id: &str) -> Result<Branding, Error> {
    let loaded = service.user_pool(user_pool_id).await?;
    let found = service
        .store()
        .find_branding_by_style(&loaded.pool.id, id)
        .await?;
    found.ok_or_else(not_found)
}

fn style(branding: Branding) -> Result<(UserPoolId, ManagedLoginBranding), Error> {
    let style = branding.managed_login.ok_or_else(not_found)?;
    Ok((branding.user_pool_id, style))
}

pub(super) fn not_found() -> Error {
    Error::ResourceNotFound(text::BRANDING_NOT_FOUND.into())
}
