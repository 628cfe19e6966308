//! `AdminUpdateUserAttributes`.

use super::admin_get_user::get;
use super::{names, update_user};
use crate::attribute::Writer;
use crate::error::Error;
use crate::service::Service;

/// Attributes that an administrator sets.
#[derive(Clone, Debug)]
pub struct AdminUpdateUserAttributes {
    /// The pool.
    pub user_pool_id: String,
    /// The user, by any name that signs in.
    pub username: String,
    /// Names and values; an empty value deletes.
    pub attributes: Vec<(String, String)>,
}

/// Changes attributes, all or none; see [`crate::attribute::Schema::update`]. Names that sign the user in follow.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool; [`Error::UserNotFound`]; [`Error::InvalidParameter`] for attributes
/// that cannot be set so; [`Error::AliasExists`] when a name now belongs to somebody else.
pub async fn admin_update_user_attributes(
    service: &Service,
    request: AdminUpdateUserAttributes,
) -> Result<(), Error> {
    let loaded = service.user_pool(&request.user_pool_id).await?;
    let pool = &loaded.pool;
    let (user, now) = (get(service, pool, &request.username).await?, service.now());
    update_user(service, pool, user, |user| {
        let attributes = pool
            .schema
            .update(&user.attributes, &request.attributes, Writer::Administrator)?;
        names::check_aliases(pool, &attributes)?;
        user.attributes = attributes;
        user.modified_at = now;
        Ok(())
    })
    .await?;
    Ok(())
}
