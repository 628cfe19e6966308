//! `ConfirmForgotPassword`: sets a new password with the code that was sent.

use model::{ConfirmForgotPasswordRequest, ConfirmForgotPasswordResponse};
use pool::error::Error;
use pool::forgot_password::{self, ConfirmForgotPassword};
use pool::subject::Face;
use trigger::Password;

use super::call::Call;

pub(super) async fn confirm_forgot_password(
    call: &Call<'_>,
    request: ConfirmForgotPasswordRequest,
) -> Result<ConfirmForgotPasswordResponse, Error> {
    let confirmation = ConfirmForgotPassword {
        client_id: request.client_id.into_inner(),
        username: request.username.into_inner(),
        secret_hash: request.secret_hash.map(model::Sensitive::into_inner),
        code: request.confirmation_code.into_inner().into(),
        password: Password::new(request.password.into_inner()),
        face: Face::Public,
        caller: call.caller(request.client_metadata),
    };
    forgot_password::confirm_forgot_password(call.service, &confirmation).await?;
    Ok(ConfirmForgotPasswordResponse {})
}
