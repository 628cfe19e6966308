//! `ConfirmDevice`: the device of a sign-in is to be known from now on.

use model::{ConfirmDeviceRequest, ConfirmDeviceResponse};
use pool::device::{self, ConfirmDevice};
use pool::error::Error;

use super::call::Call;

pub(super) async fn confirm_device(
    call: &Call<'_>,
    request: ConfirmDeviceRequest,
) -> Result<ConfirmDeviceResponse, Error> {
    let verifier = request
        .device_secret_verifier_config
        .and_then(|config| config.salt.zip(config.password_verifier))
        .map(|(salt, verifier)| (salt.into_inner(), verifier.into_inner()));
    let confirm = ConfirmDevice {
        access_token: request.access_token.into_inner().into(),
        device_key: request.device_key,
        device_name: request.device_name,
        verifier,
    };
    let necessary = device::confirm_device(call.service, &confirm).await?;
    Ok(ConfirmDeviceResponse {
        user_confirmation_necessary: Some(necessary),
    })
}
