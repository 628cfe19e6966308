//! `ForgotPassword`: sends a code that resets the password.

use model::{ForgotPasswordRequest, ForgotPasswordResponse};
use pool::error::Error;
use pool::forgot_password::{self, ForgotPassword};
use pool::subject::Face;

use super::call::Call;
use super::delivery;

pub(super) async fn forgot_password(
    call: &Call<'_>,
    request: ForgotPasswordRequest,
) -> Result<ForgotPasswordResponse, Error> {
    let forgotten = ForgotPassword {
        client_id: request.client_id.into_inner(),
        username: request.username.into_inner(),
        secret_hash: request.secret_hash.map(model::Sensitive::into_inner),
        face: Face::Public,
        caller: call.caller(request.client_metadata),
    };
    let sent = forgot_password::forgot_password(call.service, &forgotten).await?;
    Ok(ForgotPasswordResponse {
        code_delivery_details: Some(delivery::details(sent)),
    })
}
