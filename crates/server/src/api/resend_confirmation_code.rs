//! `ResendConfirmationCode`: the code of a sign-up once more.

use model::{ResendConfirmationCodeRequest, ResendConfirmationCodeResponse};
use pool::error::Error;
use pool::sign_up::{self, ResendConfirmationCode};

use super::call::Call;
use super::delivery;

pub(super) async fn resend_confirmation_code(
    call: &Call<'_>,
    request: ResendConfirmationCodeRequest,
) -> Result<ResendConfirmationCodeResponse, Error> {
    let again = ResendConfirmationCode {
        client_id: request.client_id.into_inner(),
        username: request.username.into_inner(),
        secret_hash: request.secret_hash.map(model::Sensitive::into_inner),
        caller: call.caller(request.client_metadata),
    };
    let sent = sign_up::resend_confirmation_code(call.service, &again).await?;
    Ok(ResendConfirmationCodeResponse {
        code_delivery_details: Some(delivery::details(sent)),
    })
}
