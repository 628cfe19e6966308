//! `AdminResetUserPassword`: the password ends, and the user gets a code to set another.

use model::{AdminResetUserPasswordRequest, AdminResetUserPasswordResponse};
use pool::error::Error;
use pool::user::{self, AdminResetUserPassword};

use super::call::Call;

pub(super) async fn admin_reset_user_password(
    call: &Call<'_>,
    request: AdminResetUserPasswordRequest,
) -> Result<AdminResetUserPasswordResponse, Error> {
    let reset = AdminResetUserPassword {
        user_pool_id: request.user_pool_id,
        username: request.username.into_inner(),
        caller: call.caller(request.client_metadata),
    };
    user::admin_reset_user_password(call.service, &reset).await?;
    Ok(AdminResetUserPasswordResponse {})
}
