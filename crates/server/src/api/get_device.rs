//! `GetDevice`: a device of one's own.

use model::{GetDeviceRequest, GetDeviceResponse, Sensitive};
use pool::device;
use pool::error::{Error, text};
use pool::secret::AccessToken;

use super::call::Call;
use super::device::written;

pub(super) async fn get_device(
    call: &Call<'_>,
    request: GetDeviceRequest,
) -> Result<GetDeviceResponse, Error> {
    let token = bearer(request.access_token)?;
    let device = device::get_device(call.service, &token, &request.device_key).await?;
    Ok(GetDeviceResponse {
        device: written(&device),
    })
}

/// The access token, which the model lets be left out and the operation needs.
pub(super) fn bearer(given: Option<Sensitive>) -> Result<AccessToken, Error> {
    given
        .map(|token| token.into_inner().into())
        .ok_or_else(|| Error::InvalidParameter(text::missing_parameter("AccessToken")))
}
