//! `DeleteUserAttributes`: a signed-in user takes attributes away.

use crate::error::Error;
use crate::secret::AccessToken;
use crate::service::Service;
use crate::token::authorize;
use crate::user::update_user;

/// `DeleteUserAttributes`.
#[derive(Debug)]
pub struct DeleteUserAttributes {
    /// Whose attributes.
    pub access_token: AccessToken,
    /// Their names.
    pub attribute_names: Vec<String>,
}

/// Takes attributes away, all or none. Those that the user does not have are no error.
///
/// # Errors
/// Those of [`authorize`]; [`Error::InvalidParameter`] for unknown, required and immutable ones; [`Error::NotAuthorized`] for
/// those that the app client may not write.
pub async fn delete_user_attributes(service: &Service, request: &DeleteUserAttributes) -> Result<(), Error> {
    let bearer = authorize(service, &request.access_token).await?;
    let (pool, writer) = (&bearer.pool.pool, bearer.client.client.as_writer());
    let now = service.now();
    update_user(service, pool, bearer.user, |user| {
        user.attributes = pool
            .schema
            .delete(&user.attributes, &request.attribute_names, writer)?;
        user.modified_at = now;
        Ok(())
    })
    .await?;
    Ok(())
}
