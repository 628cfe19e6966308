//! `UpdateDeviceStatus`: a device is remembered, or no longer.

use model::{UpdateDeviceStatusRequest, UpdateDeviceStatusResponse};
use pool::device;
use pool::error::Error;

use super::call::Call;
use super::device::is_remembered;

pub(super) async fn update_device_status(
    call: &Call<'_>,
    request: UpdateDeviceStatusRequest,
) -> Result<UpdateDeviceStatusResponse, Error> {
    let token = request.access_token.into_inner().into();
    let remembered = is_remembered(request.device_remembered_status);
    device::update_device_status(call.service, &token, &request.device_key, remembered).await?;
    Ok(UpdateDeviceStatusResponse {})
}
