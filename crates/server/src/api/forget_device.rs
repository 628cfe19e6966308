//! `ForgetDevice`: a device of one's own is unknown again.

use model::ForgetDeviceRequest;
use pool::device;
use pool::error::Error;

use super::call::Call;
use super::get_device::bearer;

pub(super) async fn forget_device(call: &Call<'_>, request: ForgetDeviceRequest) -> Result<(), Error> {
    let token = bearer(request.access_token)?;
    device::forget_device(call.service, &token, &request.device_key).await
}
