//! `GetUser`: the bearer of an access token, as far as the app client may read.

use model::{GetUserRequest, GetUserResponse};
use pool::error::Error;
use pool::token;

use super::attributes;
use super::call::Call;

/// `sub` is shown to every app client.
pub(super) async fn get_user(call: &Call<'_>, request: GetUserRequest) -> Result<GetUserResponse, Error> {
    let bearer = token::authorize(call.service, &request.access_token.into_inner().into()).await?;
    let (user, client) = (&bearer.user, &bearer.client.client);
    Ok(GetUserResponse {
        mfa_options: attributes::mfa_options(user),
        preferred_mfa_setting: attributes::preferred_mfa(user),
        user_attributes: attributes::listed(user, |name| name == "sub" || client.may_read(name)),
        user_mfa_setting_list: attributes::mfa_settings(user),
        username: user.username.as_str().into(),
    })
}
