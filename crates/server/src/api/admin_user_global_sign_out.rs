//! `AdminUserGlobalSignOut`: ends all sign-ins of a user.

use model::{AdminUserGlobalSignOutRequest, AdminUserGlobalSignOutResponse};
use pool::error::Error;
use pool::token;

use super::call::Call;

pub(super) async fn admin_user_global_sign_out(
    call: &Call<'_>,
    request: AdminUserGlobalSignOutRequest,
) -> Result<AdminUserGlobalSignOutResponse, Error> {
    token::admin_user_global_sign_out(call.service, &request.user_pool_id, request.username.expose()).await?;
    Ok(AdminUserGlobalSignOutResponse {})
}
