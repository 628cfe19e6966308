//! `GetUserAuthFactors`: with what the bearer of a token may sign in.

use model::{GetUserAuthFactorsRequest, GetUserAuthFactorsResponse};
use pool::error::Error;
use pool::user;

use super::attributes;
use super::call::Call;
use super::user_pool::auth_factor;

pub(super) async fn get_user_auth_factors(
    call: &Call<'_>,
    request: GetUserAuthFactorsRequest,
) -> Result<GetUserAuthFactorsResponse, Error> {
    let token = request.access_token.into_inner().into();
    let found = user::get_user_auth_factors(call.service, &token).await?;
    Ok(GetUserAuthFactorsResponse {
        configured_user_auth_factors: Some(found.first_factors.into_iter().map(auth_factor).collect()),
        preferred_mfa_setting: attributes::preferred_mfa(&found.user),
        user_mfa_setting_list: attributes::mfa_settings(&found.user),
        username: found.user.username.as_str().into(),
    })
}
