//! `UpdateDeviceStatus` and `AdminUpdateDeviceStatus`: whether a device is remembered.

use super::get_device::find;
use super::{Device, key};
use crate::error::{Error, text};
use crate::ports::{Change, Conflict, StoreError};
use crate::secret::AccessToken;
use crate::service::Service;
use crate::token::authorize;
use crate::user::{User, admin_get_user};

/// How often a change is tried while others change the same device.
const TRIES: u32 = 20;

/// Remembers a device of the bearer's, or no longer.
///
/// # Errors
/// Those of [`authorize`]; [`Error::ResourceNotFound`] without such a device.
pub async fn update_device_status(
    service: &Service,
    access_token: &AccessToken,
    device_key: &str,
    remembered: Option<bool>,
) -> Result<(), Error> {
    let bearer = authorize(service, access_token).await?;
    set(service, &bearer.user, device_key, remembered).await
}

/// The same by an administrator.
///
/// # Errors
/// [`Error::ResourceNotFound`] without such a pool or device; [`Error::UserNotFound`].
pub async fn admin_update_device_status(
    service: &Service,
    user_pool_id: &str,
    username: &str,
    device_key: &str,
    remembered: Option<bool>,
) -> Result<(), Error> {
    let user = admin_get_user(service, user_pool_id, username).await?;
    set(service, &user, device_key, remembered).await
}

async fn set(
    service: &Service,
    user: &User,
    device_key: &str,
    remembered: Option<bool>,
) -> Result<(), Error> {
    let device = find(service, user, device_key).await?;
    let now = service.now();
    update(service, user, device, |device| {
        if let Some(remembered) = remembered {
            device.remembered = remembered;
        }
        device.modified_at = now;
    })
    .await?;
    Ok(())
}

/// Changes a device as read; as it is by then, when somebody was faster.
///
/// # Errors
/// [`Error::ResourceNotFound`] when the device goes meanwhile.
pub(crate) async fn update(
    service: &Service,
    user: &User,
    mut device: Device,
    change: impl Fn(&mut Device) + Send + Sync,
) -> Result<Device, Error> {
    for _ in 0..TRIES {
        change(&mut device);
        let replaced = Change::ReplaceDevice(Box::new(device.clone()));
        match service.commit(vec![replaced]).await {
            Ok(()) => {
                device.version += 1;
                return Ok(device);
            }
            Err(StoreError::Conflict(Conflict::Changed)) => {
                let found = service
                    .store()
                    .find_device(&user.user_pool_id, &user.sub, &device.key)
                    .await?;
                device = found.ok_or_else(key::unknown)?;
            }
            Err(failed) => return Err(failed.into()),
        }
    }
    Err(Error::TooManyRequests(text::TRY_AGAIN.into()))
}
