//! `AdminUpdateDeviceStatus`: a user's device is remembered, or no longer.

use model::{AdminUpdateDeviceStatusRequest, AdminUpdateDeviceStatusResponse};
use pool::device;
use pool::error::Error;

use super::call::Call;
use super::device::is_remembered;

pub(super) async fn admin_update_device_status(
    call: &Call<'_>,
    request: AdminUpdateDeviceStatusRequest,
) -> Result<AdminUpdateDeviceStatusResponse, Error> {
    device::admin_update_device_status(
        call.service,
        &request.user_pool_id,
        request.username.expose(),
        &request.device_key,
        is_remembered(request.device_remembered_status),
    )
    .await?;
    Ok(AdminUpdateDeviceStatusResponse {})
}
