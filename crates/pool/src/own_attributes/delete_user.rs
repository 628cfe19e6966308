//! `DeleteUser`: a signed-in user goes.

use crate::error::Error;
use crate::secret::AccessToken;
use crate::service::Service;
use crate::token::authorize;
use crate::user::remove;

/// Deletes the bearer of an access token. The names are free again at once.
///
/// # Errors
/// Those of [`authorize`].
pub async fn delete_user(service: &Service, access_token: &AccessToken) -> Result<(), Error> {
    let bearer = authorize(service, access_token).await?;
    remove(service, bearer.user).await
}
