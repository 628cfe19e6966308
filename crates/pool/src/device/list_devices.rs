//! `ListDevices` and `AdminListDevices`: a user's devices, page by page.

use super::Device;
use crate::error::Error;
use crate::id::DeviceKey;
use crate::page;
use crate::secret::AccessToken;
use crate::service::Service;
use crate::token::authorize;
use crate::user::{User, admin_get_user};

/// Which page.
#[derive(Clone, Debug, Default)]
pub struct DevicePage {
    /// At most so many; 60 at most and when nothing is asked for.
    pub limit: Option<u32>,
    /// Where the page before ended.
    pub pagination_token: Option<String>,
}

/// A page of devices, in the order of their keys.
#[derive(Clone, Debug)]
pub struct ListedDevices {
    /// The devices.
    pub devices: Vec<Device>,
    /// The next page, when there is one.
    pub pagination_token: Option<String>,
}

/// The bearer's devices.
///
/// # Errors
/// Those of [`authorize`]; [`Error::InvalidParameter`] for a token that this listing has not given.
pub async fn list_devices(
    service: &Service,
    access_token: &AccessToken,
    page: DevicePage,
) -> Result<ListedDevices, Error> {
    let bearer = authorize(service, access_token).await?;
    list(service, &bearer.user, page).await
}

/// A user's devices.
///
/// # Errors
/// [`Error::ResourceNotFound`], [`Error::UserNotFound`]; [`Error::InvalidParameter`] as above.
pub async fn admin_list_devices(
    service: &Service,
    user_pool_id: &str,
    username: &str,
    page: DevicePage,
) -> Result<ListedDevices, Error> {
    let user = admin_get_user(service, user_pool_id, username).await?;
    list(service, &user, page).await
}

async fn list(service: &Service, user: &User, page: DevicePage) -> Result<ListedDevices, Error> {
    let (pool, sub) = (&user.user_pool_id, &user.sub);
    let listing = ["ListDevices", pool.as_str(), sub.as_str()];
    let after: Option<DeviceKey> = page::open_token(service, &listing, page.pagination_token.as_deref())?;
    let limit = page
        .limit
        .filter(|limit| *limit > 0)
        .unwrap_or(page::LARGEST)
        .min(page::LARGEST);
    let mut devices = service
        .store()
        .list_devices(pool, sub, after.as_ref(), limit + 1)
        .await?;
    let more = devices.len() > limit as usize;
    devices.truncate(limit as usize);
    let last = devices.last().filter(|_| more).map(|device| &device.key);
    let pagination_token = page::token(service, &listing, last)?;
    Ok(ListedDevices {
        devices,
        pagination_token,
    })
}
