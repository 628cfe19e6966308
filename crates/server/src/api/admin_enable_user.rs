//! `AdminEnableUser`: lets a disabled user in again.

use model::{AdminEnableUserRequest, AdminEnableUserResponse};
use pool::error::Error;
use pool::user;

use super::call::Call;

pub(super) async fn admin_enable_user(
    call: &Call<'_>,
    request: AdminEnableUserRequest,
) -> Result<AdminEnableUserResponse, Error> {
    user::admin_enable_user(call.service, &request.user_pool_id, request.username.expose()).await?;
    Ok(AdminEnableUserResponse {})
}
