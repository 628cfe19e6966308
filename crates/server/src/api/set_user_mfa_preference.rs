//! `SetUserMFAPreference`: which second factors the bearer of an access token has on.

use model::{
    EmailMfaSettingsType, SMSMfaSettingsType, SetUserMFAPreferenceRequest, SetUserMFAPreferenceResponse,
    SoftwareTokenMfaSettingsType, WebAuthnMfaSettingsType,
};
use pool::error::Error;
use pool::mfa::{self, FactorSettings, UserMfaPreference};
use pool::user::MfaMethod;

use super::call::Call;

pub(super) async fn set_user_mfa_preference(
    call: &Call<'_>,
    request: SetUserMFAPreferenceRequest,
) -> Result<SetUserMFAPreferenceResponse, Error> {
    let preference = preference(Given {
        sms: request.sms_mfa_settings,
        software_token: request.software_token_mfa_settings,
        email: request.email_mfa_settings,
        web_authn: request.web_authn_mfa_settings,
    });
    let token = request.access_token.into_inner().into();
    mfa::set_user_mfa_preference(call.service, &token, &preference).await?;
    Ok(SetUserMFAPreferenceResponse {})
}

/// What both forms of the operation may give.
pub(super) struct Given {
    pub(super) sms: Option<SMSMfaSettingsType>,
    pub(super) software_token: Option<SoftwareTokenMfaSettingsType>,
    pub(super) email: Option<EmailMfaSettingsType>,
    pub(super) web_authn: Option<WebAuthnMfaSettingsType>,
}

/// The factors that are given.
pub(super) fn preference(given: Given) -> UserMfaPreference {
    let settings = |enabled: Option<bool>, preferred: Option<bool>| FactorSettings {
        enabled: enabled.unwrap_or_default(),
        preferred: preferred.unwrap_or_default(),
    };
    let sms = given.sms.map(|of| settings(of.enabled, of.preferred_mfa));
    let software_token = given
        .software_token
        .map(|of| settings(of.enabled, of.preferred_mfa));
    let email = given.email.map(|of| settings(of.enabled, of.preferred_mfa));
    let factors = [
        (MfaMethod::SmsMfa, sms),
        (MfaMethod::SoftwareTokenMfa, software_token),
        (MfaMethod::EmailOtp, email),
    ];
    UserMfaPreference {
        factors: factors
            .into_iter()
            .filter_map(|(method, settings)| Some((method, settings?)))
            .collect(),
        passkey: given.web_authn.map(|of| of.enabled.unwrap_or_default()),
    }
}
