//! `DeleteManagedLoginBranding`.

use super::change::change;
use super::describe_managed_login_branding::{find_style, not_found};
use crate::error::Error;
use crate::service::Service;

/// The style goes; the classic one stays.
///
/// # Errors
/// [`Error::ResourceNotFound`].
pub async fn delete_managed_login_branding(
    service: &Service,
    user_pool_id: &str,
    id: &str,
) -> Result<(), Error> {
    let found = find_style(service, user_pool_id, id).await?;
    change(
        service,
        &found.user_pool_id,
        found.client_id.as_ref(),
        |branding| {
            let is_it = branding
                .managed_login
                .as_ref()
                .is_some_and(|style| style.id == id);
            if !is_it {
                return Err(not_found());
            }
            branding.managed_login = None;
            Ok(())
        },
    )
    .await?;
    Ok(())
}
