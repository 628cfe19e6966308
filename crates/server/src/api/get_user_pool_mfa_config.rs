//! `GetUserPoolMfaConfig`: which second factors a pool asks for.

use model::{
    EmailMfaConfigType, GetUserPoolMfaConfigRequest, GetUserPoolMfaConfigResponse, SmsMfaConfigType,
    SoftwareTokenMfaConfigType, UserVerificationType, WebAuthnConfigurationType,
    WebAuthnFactorConfigurationType,
};
use pool::error::Error;
use pool::user_pool::{self, Mfa, UserPool};
use pool::web_authn::{FactorConfiguration, UserVerification, WebAuthnConfiguration};

use super::call::Call;
use super::user_pool::{mfa_type, same_members};

pub(super) async fn get_user_pool_mfa_config(
    call: &Call<'_>,
    request: GetUserPoolMfaConfigRequest,
) -> Result<GetUserPoolMfaConfigResponse, Error> {
    let pool = user_pool::get_user_pool_mfa_config(call.service, &request.user_pool_id).await?;
    written(&pool)
}

/// The configuration. Of a pool that asks for no second factor, that alone and what passkeys need.
pub(super) fn written(pool: &UserPool) -> Result<GetUserPoolMfaConfigResponse, Error> {
    let (settings, factors) = (&pool.settings, pool.mfa_factors);
    let mut written = GetUserPoolMfaConfigResponse {
        mfa_configuration: Some(mfa_type(settings.mfa)),
        web_authn_configuration: web_authn(&pool.web_authn),
        ..GetUserPoolMfaConfigResponse::default()
    };
    if settings.mfa == Mfa::Off {
        return Ok(written);
    }
    let configuration = settings.kept.get("SmsConfiguration");
    written.sms_mfa_configuration = factors.sms.then_some(SmsMfaConfigType {
        sms_authentication_message: settings.messages.sms_authentication_message.clone(),
        sms_configuration: configuration.map(same_members).transpose()?,
    });
    written.software_token_mfa_configuration = Some(SoftwareTokenMfaConfigType {
        enabled: Some(factors.software_token),
    });
    written.email_mfa_configuration = factors.email.then(|| EmailMfaConfigType {
        message: pool.email_mfa.message.clone(),
        subject: pool.email_mfa.subject.clone(),
    });
    Ok(written)
}

fn web_authn(of: &WebAuthnConfiguration) -> Option<WebAuthnConfigurationType> {
    let set = *of != WebAuthnConfiguration::default();
    set.then(|| WebAuthnConfigurationType {
        factor_configuration: of.factor_configuration.map(|factor| match factor {
            FactorConfiguration::SingleFactor => WebAuthnFactorConfigurationType::SingleFactor,
            FactorConfiguration::MultiFactorWithUserVerification => {
                WebAuthnFactorConfigurationType::MultiFactorWithUserVerification
            }
        }),
        relying_party_id: of.relying_party_id.clone(),
        user_verification: of.user_verification.map(|verification| match verification {
            UserVerification::Required => UserVerificationType::Required,
            UserVerification::Preferred => UserVerificationType::Preferred,
        }),
    })
}
