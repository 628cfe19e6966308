//! `ForgetDevice` and `AdminForgetDevice`: a device is unknown again.

use super::Device;
use super::get_device::{admin_get_device, get_device};
use crate::error::Error;
use crate::ports::Change;
use crate::secret::AccessToken;
use crate::service::Service;

/// Forgets a device of the bearer's.
///
/// # Errors
/// As [`get_device`].
pub async fn forget_device(
    service: &Service,
    access_token: &AccessToken,
    device_key: &str,
) -> Result<(), Error> {
    let device = get_device(service, access_token, device_key).await?;
    forget(service, device).await
}

/// Forgets a device of a user's.
///
/// # Errors
/// As [`admin_get_device`].
pub async fn admin_forget_device(
    service: &Service,
    user_pool_id: &str,
    username: &str,
    device_key: &str,
) -> Result<(), Error> {
    let device = admin_get_device(service, user_pool_id, username, device_key).await?;
    forget(service, device).await
}

async fn forget(service: &Service, device: Device) -> Result<(), Error> {
    let gone = Change::DeleteDevice {
        user_pool_id: device.user_pool_id,
        sub: device.sub,
        key: device.key,
    };
    Ok(service.commit(vec![gone]).await?)
}
