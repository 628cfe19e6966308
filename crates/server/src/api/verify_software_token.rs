//! `VerifySoftwareToken`: the first code of an authenticator app.

use model::{VerifySoftwareTokenRequest, VerifySoftwareTokenResponse, VerifySoftwareTokenResponseType};
use pool::error::Error;
use pool::mfa::{self, VerifySoftwareToken};

use super::associate_software_token::holder;
use super::call::Call;

/// `Status` is always `SUCCESS`: whatever else comes of it is an exception.
pub(super) async fn verify_software_token(
    call: &Call<'_>,
    request: VerifySoftwareTokenRequest,
) -> Result<VerifySoftwareTokenResponse, Error> {
    let verify = VerifySoftwareToken {
        holder: holder(request.access_token, request.session)?,
        user_code: request.user_code.into_inner().into(),
        friendly_device_name: request.friendly_device_name.filter(|name| !name.is_empty()),
    };
    let session = mfa::verify_software_token(call.service, &verify).await?;
    Ok(VerifySoftwareTokenResponse {
        session: session.map(|session| session.expose().into()),
        status: Some(VerifySoftwareTokenResponseType::Success),
    })
}
