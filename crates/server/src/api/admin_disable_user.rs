//! `AdminDisableUser`: shuts a user out and revokes their tokens.

use model::{AdminDisableUserRequest, AdminDisableUserResponse};
use pool::error::Error;
use pool::user;

use super::call::Call;

pub(super) async fn admin_disable_user(
    call: &Call<'_>,
    request: AdminDisableUserRequest,
) -> Result<AdminDisableUserResponse, Error> {
    user::admin_disable_user(call.service, &request.user_pool_id, request.username.expose()).await?;
    Ok(AdminDisableUserResponse {})
}
