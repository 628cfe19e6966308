//! `AdminSetUserSettings`: the former way to turn a user's codes by SMS on and off.

use model::{AdminSetUserSettingsRequest, AdminSetUserSettingsResponse};
use pool::error::Error;
use pool::mfa;

use super::call::Call;
use super::set_user_settings::by_sms;

pub(super) async fn admin_set_user_settings(
    call: &Call<'_>,
    request: AdminSetUserSettingsRequest,
) -> Result<AdminSetUserSettingsResponse, Error> {
    let by_sms = by_sms(&request.mfa_options)?;
    let (pool, username) = (&request.user_pool_id, request.username.expose());
    mfa::admin_set_user_settings(call.service, pool, username, by_sms).await?;
    Ok(AdminSetUserSettingsResponse {})
}
