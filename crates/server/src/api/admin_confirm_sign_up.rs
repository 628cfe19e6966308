//! `AdminConfirmSignUp`: an administrator confirms a user without a code.

use model::{AdminConfirmSignUpRequest, AdminConfirmSignUpResponse};
use pool::error::Error;
use pool::sign_up::{self, AdminConfirmSignUp};

use super::call::Call;

pub(super) async fn admin_confirm_sign_up(
    call: &Call<'_>,
    request: AdminConfirmSignUpRequest,
) -> Result<AdminConfirmSignUpResponse, Error> {
    let confirmation = AdminConfirmSignUp {
        user_pool_id: request.user_pool_id,
        username: request.username.into_inner(),
        caller: call.caller(request.client_metadata),
    };
    sign_up::admin_confirm_sign_up(call.service, &confirmation).await?;
    Ok(AdminConfirmSignUpResponse {})
}
