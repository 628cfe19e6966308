//! `DeleteWebAuthnCredential`.

use crate::error::{Error, text};
use crate::secret::AccessToken;
use crate::service::Service;
use crate::token::authorize;
use crate::user::update_user;

/// Deletes a passkey of a user. Tokens of sign-ins with it stay good.
///
/// # Errors
/// Those of [`authorize`]; [`Error::ResourceNotFound`] when the user has no such passkey.
pub async fn delete_web_authn_credential(
    service: &Service,
    access_token: &AccessToken,
    credential_id: &str,
) -> Result<(), Error> {
    let bearer = authorize(service, access_token).await?;
    let now = service.now();
    update_user(service, &bearer.pool.pool, bearer.user, |user| {
        let before = user.passkeys.len();
        user.passkeys
            .retain(|passkey| passkey.credential_id != credential_id);
        if user.passkeys.len() == before {
            return Err(Error::ResourceNotFound(text::PASSKEY_NOT_FOUND.into()));
        }
        user.modified_at = now;
        Ok(())
    })
    .await?;
    Ok(())
}
