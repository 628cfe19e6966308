//! `AdminGetUserAuthFactors`: with what a user may sign in.

use model::{AdminGetUserAuthFactorsRequest, AdminGetUserAuthFactorsResponse};
use pool::error::Error;
use pool::user;

use super::attributes;
use super::call::Call;
use super::user_pool::auth_factor;

pub(super) async fn admin_get_user_auth_factors(
    call: &Call<'_>,
    request: AdminGetUserAuthFactorsRequest,
) -> Result<AdminGetUserAuthFactorsResponse, Error> {
    let username = request.username.into_inner();
    let found = user::admin_get_user_auth_factors(call.service, &request.user_pool_id, &username).await?;
    Ok(AdminGetUserAuthFactorsResponse {
        configured_user_auth_factors: Some(found.first_factors.into_iter().map(auth_factor).collect()),
        preferred_mfa_setting: attributes::preferred_mfa(&found.user),
        user_mfa_setting_list: attributes::mfa_settings(&found.user),
        username: found.user.username.as_str().into(),
    })
}
