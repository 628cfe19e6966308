//! `AdminSetUserMFAPreference`: which second factors a user has on.

use model::{AdminSetUserMFAPreferenceRequest, AdminSetUserMFAPreferenceResponse};
use pool::error::Error;
use pool::mfa;

use super::call::Call;
use super::set_user_mfa_preference::{Given, preference};

pub(super) async fn admin_set_user_mfa_preference(
    call: &Call<'_>,
    request: AdminSetUserMFAPreferenceRequest,
) -> Result<AdminSetUserMFAPreferenceResponse, Error> {
    let preference = preference(Given {
        sms: request.sms_mfa_settings,
        software_token: request.software_token_mfa_settings,
        email: request.email_mfa_settings,
        web_authn: request.web_authn_mfa_settings,
    });
    mfa::admin_set_user_mfa_preference(
        call.service,
        &request.user_pool_id,
        request.username.expose(),
        &preference,
    )
    .await?;
    Ok(AdminSetUserMFAPreferenceResponse {})
}
