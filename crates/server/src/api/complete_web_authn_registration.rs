//! `CompleteWebAuthnRegistration`: keeps a new passkey.

use model::{CompleteWebAuthnRegistrationRequest, CompleteWebAuthnRegistrationResponse};
use pool::error::Error;
use pool::web_authn::{self, CompleteWebAuthnRegistration};

use super::call::Call;

pub(super) async fn complete_web_authn_registration(
    call: &Call<'_>,
    request: CompleteWebAuthnRegistrationRequest,
) -> Result<CompleteWebAuthnRegistrationResponse, Error> {
    let complete = CompleteWebAuthnRegistration {
        access_token: request.access_token.into_inner().into(),
        credential: request.credential,
    };
    web_authn::complete_web_authn_registration(call.service, &complete).await?;
    Ok(CompleteWebAuthnRegistrationResponse {})
}
