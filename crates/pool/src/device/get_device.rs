//! `GetDevice` and `AdminGetDevice`.

use super::{Device, key};
use crate::error::Error;
use crate::secret::AccessToken;
use crate::service::Service;
use crate::token::authorize;
use crate::user::{User, admin_get_user};

/// A device of the bearer's.
///
/// # Errors
/// Those of [`authorize`]; [`Error::ResourceNotFound`] without such a device.
pub async fn get_device(
    service: &Service,
    access_token: &AccessToken,
    device_key: &str,
) -> Result<Device, Error> {
    let bearer = authorize(service, access_token).await?;
    find(service, &bearer.user, device_key).await
}

/// A device of a user's.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool or device; [`Error::UserNotFound`].
pub async fn admin_get_device(
    service: &Service,
    user_pool_id: &str,
    username: &str,
    device_key: &str,
) -> Result<Device, Error> {
    let user = admin_get_user(service, user_pool_id, username).await?;
    find(service, &user, device_key).await
}

/// The device of this key.
pub(crate) async fn find(service: &Service, user: &User, device_key: &str) -> Result<Device, Error> {
    let key = key::parse(device_key)?;
    service
        .store()
        .find_device(&user.user_pool_id, &user.sub, &key)
        .await?
        .ok_or_else(key::unknown)
}
