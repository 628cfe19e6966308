//! `AdminListDevices`: a user's devices, page by page.

use model::{AdminListDevicesRequest, AdminListDevicesResponse};
use pool::device::{self, DevicePage};
use pool::error::Error;

use super::call::Call;
use super::device::written;
use super::user_pool::count;

pub(super) async fn admin_list_devices(
    call: &Call<'_>,
    request: AdminListDevicesRequest,
) -> Result<AdminListDevicesResponse, Error> {
    let page = DevicePage {
        limit: request.limit.map(count),
        pagination_token: request.pagination_token,
    };
    let (pool, username) = (&request.user_pool_id, request.username.expose());
    let listed = device::admin_list_devices(call.service, pool, username, page).await?;
    Ok(AdminListDevicesResponse {
        devices: Some(listed.devices.iter().map(written).collect()),
        pagination_token: listed.pagination_token,
    })
}
