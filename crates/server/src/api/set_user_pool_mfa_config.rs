//! `SetUserPoolMfaConfig`: which second factors a pool asks for.

use model::{
    GetUserPoolMfaConfigResponse, SetUserPoolMfaConfigRequest, SmsMfaConfigType, UserVerificationType,
    WebAuthnConfigurationType, WebAuthnFactorConfigurationType,
};
use pool::error::Error;
use pool::user_pool::{self, EmailMfaConfiguration, SetUserPoolMfaConfig, SmsMfaConfiguration};
use pool::web_authn::{FactorConfiguration, UserVerification, WebAuthnConfiguration};

use super::call::Call;
use super::get_user_pool_mfa_config::written;
use super::user_pool::{mfa, object};

/// The answer has the members of `GetUserPoolMfaConfig`'s.
pub(super) async fn set_user_pool_mfa_config(
    call: &Call<'_>,
    request: SetUserPoolMfaConfigRequest,
) -> Result<GetUserPoolMfaConfigResponse, Error> {
    let config = SetUserPoolMfaConfig {
        user_pool_id: request.user_pool_id,
        mfa: request.mfa_configuration.map(mfa),
        sms: request.sms_mfa_configuration.map(sms).transpose()?,
        software_token: request
            .software_token_mfa_configuration
            .map(|token| token.enabled.unwrap_or_default()),
        email: request
            .email_mfa_configuration
            .map(|email| EmailMfaConfiguration {
                message: email.message,
                subject: email.subject,
            }),
        web_authn: request.web_authn_configuration.map(web_authn),
    };
    written(&user_pool::set_user_pool_mfa_config(call.service, config).await?)
}

fn sms(given: SmsMfaConfigType) -> Result<SmsMfaConfiguration, Error> {
    Ok(SmsMfaConfiguration {
        message: given.sms_authentication_message,
        configuration: given
            .sms_configuration
            .map(|configuration| object(&configuration))
            .transpose()?,
    })
}

fn web_authn(given: WebAuthnConfigurationType) -> WebAuthnConfiguration {
    WebAuthnConfiguration {
        relying_party_id: given.relying_party_id,
        user_verification: given.user_verification.map(|verification| match verification {
            UserVerificationType::Required => UserVerification::Required,
            UserVerificationType::Preferred => UserVerification::Preferred,
        }),
        factor_configuration: given.factor_configuration.map(|factor| match factor {
            WebAuthnFactorConfigurationType::SingleFactor => FactorConfiguration::SingleFactor,
            WebAuthnFactorConfigurationType::MultiFactorWithUserVerification => {
                FactorConfiguration::MultiFactorWithUserVerification
            }
        }),
    }
}
