//! `StartWebAuthnRegistration`: what a browser needs to make a passkey.

use model::{StartWebAuthnRegistrationRequest, StartWebAuthnRegistrationResponse};
use pool::error::Error;
use pool::web_authn;

use super::call::Call;

pub(super) async fn start_web_authn_registration(
    call: &Call<'_>,
    request: StartWebAuthnRegistrationRequest,
) -> Result<StartWebAuthnRegistrationResponse, Error> {
    let token = request.access_token.into_inner().into();
    let options = web_authn::start_web_authn_registration(call.service, &token).await?;
    Ok(StartWebAuthnRegistrationResponse {
        credential_creation_options: options,
    })
}
