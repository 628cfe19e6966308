//! `AdminForgetDevice`: a user's device is unknown again.

use model::AdminForgetDeviceRequest;
use pool::device;
use pool::error::Error;

use super::call::Call;

pub(super) async fn admin_forget_device(
    call: &Call<'_>,
    request: AdminForgetDeviceRequest,
) -> Result<(), Error> {
    let (pool, username) = (&request.user_pool_id, request.username.expose());
    device::admin_forget_device(call.service, pool, username, &request.device_key).await
}
