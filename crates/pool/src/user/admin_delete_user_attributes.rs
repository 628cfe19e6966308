//! `AdminDeleteUserAttributes`.

use super::admin_get_user::get;
use super::update_user;
use crate::attribute::Writer;
use crate::error::Error;
use crate::service::Service;

/// Attributes that an administrator takes away.
#[derive(Clone, Debug)]
pub struct AdminDeleteUserAttributes {
    /// The pool.
    pub user_pool_id: String,
    /// The user, by any name that signs in.
    pub username: String,
    /// The attributes' names.
    pub attribute_names: Vec<String>,
}

/// Takes attributes away, all or none. Those that the user does not have are no error.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool; [`Error::UserNotFound`]; [`Error::InvalidParameter`] for unknown,
/// required and immutable ones.
pub async fn admin_delete_user_attributes(
    service: &Service,
    request: AdminDeleteUserAttributes,
) -> Result<(), Error> {
    let loaded = service.user_pool(&request.user_pool_id).await?;
    let pool = &loaded.pool;
    let (user, now) = (get(service, pool, &request.username).await?, service.now());
    update_user(service, pool, user, |user| {
        user.attributes =
            pool.schema
                .delete(&user.attributes, &request.attribute_names, Writer::Administrator)?;
        user.modified_at = now;
        Ok(())
    })
    .await?;
    Ok(())
}
