//! `AdminGetDevice`: a device of a user.

use model::{AdminGetDeviceRequest, AdminGetDeviceResponse};
use pool::device;
use pool::error::Error;

use super::call::Call;
use super::device::written;

pub(super) async fn admin_get_device(
    call: &Call<'_>,
    request: AdminGetDeviceRequest,
) -> Result<AdminGetDeviceResponse, Error> {
    let (pool, username) = (&request.user_pool_id, request.username.expose());
    let device = device::admin_get_device(call.service, pool, username, &request.device_key).await?;
    Ok(AdminGetDeviceResponse {
        device: written(&device),
    })
}
