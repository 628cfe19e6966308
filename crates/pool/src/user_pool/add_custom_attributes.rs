//! `AddCustomAttributes`.

use super::update_user_pool::change_user_pool;
use crate::attribute::SchemaRequest;
use crate::error::Error;
use crate::service::Service;

/// Attributes that a pool is to have from now on, for good.
#[derive(Clone, Debug)]
pub struct AddCustomAttributes {
    /// The pool.
    pub user_pool_id: String,
    /// The attributes, names without `custom:`.
    pub custom_attributes: Vec<SchemaRequest>,
}

/// Adds custom attributes to a pool's schema.
///
/// # Errors
/// [`Error::ResourceNotFound`]; [`Error::InvalidParameter`] for a name that is there, a fifty-first attribute, a
/// required one.
pub async fn add_custom_attributes(service: &Service, request: AddCustomAttributes) -> Result<(), Error> {
    change_user_pool(service, &request.user_pool_id, |pool| {
        pool.schema = pool
            .schema
            .clone()
            .with_custom(request.custom_attributes.clone())?;
        Ok(())
    })
    .await
}
