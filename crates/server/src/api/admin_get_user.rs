//! `AdminGetUser`: a user as an administrator sees them.

use model::{AdminGetUserRequest, AdminGetUserResponse};
use pool::error::Error;
use pool::user;

use super::attributes;
use super::call::Call;
use super::user_pool::moment;

pub(super) async fn admin_get_user(
    call: &Call<'_>,
    request: AdminGetUserRequest,
) -> Result<AdminGetUserResponse, Error> {
    let user = user::admin_get_user(call.service, &request.user_pool_id, request.username.expose()).await?;
    Ok(AdminGetUserResponse {
        enabled: Some(user.enabled),
        mfa_options: attributes::mfa_options(&user),
        preferred_mfa_setting: attributes::preferred_mfa(&user),
        user_attributes: Some(attributes::listed(&user, |_| true)),
        user_create_date: Some(moment(user.created_at)),
        user_last_modified_date: Some(moment(user.modified_at)),
        user_mfa_setting_list: attributes::mfa_settings(&user),
        user_status: Some(attributes::status(user.status)),
        username: user.username.as_str().into(),
    })
}
