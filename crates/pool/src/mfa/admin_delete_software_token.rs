//! `AdminDeleteSoftwareToken`: the user's authenticator app goes, and the factor with it.

use crate::error::Error;
use crate::service::Service;
use crate::user::{MfaMethod, SoftwareTokens, admin_get_user, update_user};

/// Deletes it. In a pool that insists on a second factor the next sign-in asks for a new one.
///
/// # Errors
/// [`Error::ResourceNotFound`], [`Error::UserNotFound`].
pub async fn admin_delete_software_token(
    service: &Service,
    user_pool_id: &str,
    username: &str,
) -> Result<(), Error> {
    let user = admin_get_user(service, user_pool_id, username).await?;
    let pool = service.user_pool(user_pool_id).await?;
    let now = service.now();
    update_user(service, &pool.pool, user, |user| {
        user.software_tokens = SoftwareTokens::default();
        user.mfa.enabled.remove(&MfaMethod::SoftwareTokenMfa);
        if user.mfa.preferred == Some(MfaMethod::SoftwareTokenMfa) {
            user.mfa.preferred = None;
        }
        user.modified_at = now;
        Ok(())
    })
    .await?;
    Ok(())
}
