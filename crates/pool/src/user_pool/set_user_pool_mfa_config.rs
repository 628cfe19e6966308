//! `SetUserPoolMfaConfig` and `GetUserPoolMfaConfig`: whether a pool asks for a second factor, and for which.

use serde_json::{Map, Value};

use super::describe_user_pool::read;
use super::update_user_pool::change_user_pool;
use super::{EmailMfaConfiguration, Mfa, MfaFactors, UserPool};
use crate::error::{Error, text};
use crate::service::Service;
use crate::web_authn::WebAuthnConfiguration;

/// `SetUserPoolMfaConfig`. Chosen: with `mfa`, the factors that the request does not name are turned off; without it,
/// they stay as they are.
#[derive(Clone, Debug, Default)]
pub struct SetUserPoolMfaConfig {
    /// The pool.
    pub user_pool_id: String,
    /// `MfaConfiguration`.
    pub mfa: Option<Mfa>,
    /// `SmsMfaConfiguration`; being there turns the factor on.
    pub sms: Option<SmsMfaConfiguration>,
    /// `SoftwareTokenMfaConfiguration.Enabled`.
    pub software_token: Option<bool>,
    /// `EmailMfaConfiguration`; being there turns the factor on.
    pub email: Option<EmailMfaConfiguration>,
    /// `WebAuthnConfiguration`; left out, it stays.
    pub web_authn: Option<WebAuthnConfiguration>,
}

/// `SmsMfaConfiguration`. What it leaves out stays.
#[derive(Clone, Debug, Default)]
pub struct SmsMfaConfiguration {
    /// `SmsAuthenticationMessage`.
    pub message: Option<String>,
    /// `SmsConfiguration`, kept and answered.
    pub configuration: Option<Map<String, Value>>,
}

/// Sets it; gives the pool as it stands then. `CreateUserPool` and `UpdateUserPool` set the same `MfaConfiguration`.
///
/// # Errors
/// [`Error::ResourceNotFound`]; [`Error::InvalidParameter`] when factors and `MfaConfiguration` do not go together, and for a
/// pool that must ask for a second factor and lets codes stand in for passwords.
pub async fn set_user_pool_mfa_config(
    service: &Service,
    request: SetUserPoolMfaConfig,
) -> Result<UserPool, Error> {
    change_user_pool(service, &request.user_pool_id, |pool| request.apply(pool)).await?;
    read(service, &request.user_pool_id).await
}

/// The pool whose settings they are.
///
/// # Errors
/// [`Error::ResourceNotFound`].
pub async fn get_user_pool_mfa_config(service: &Service, user_pool_id: &str) -> Result<UserPool, Error> {
    read(service, user_pool_id).await
}

impl SetUserPoolMfaConfig {
    fn apply(&self, pool: &mut UserPool) -> Result<(), Error> {
        let former = match self.mfa {
            Some(_) => MfaFactors {
                sms: false,
                ..MfaFactors::default()
            },
            None => pool.mfa_factors,
        };
        let factors = MfaFactors {
            sms: former.sms || self.sms.is_some(),
            software_token: self.software_token.unwrap_or(former.software_token),
            email: former.email || self.email.is_some(),
        };
        let names_any = self.sms.is_some() || self.email.is_some() || self.software_token == Some(true);
        let mfa = self.mfa.unwrap_or(pool.settings.mfa);
        if mfa == Mfa::Off && names_any {
            return Err(Error::invalid_parameter(text::MFA_OFF_AND_CONFIGURED));
        }
        if mfa != Mfa::Off && !(factors.sms || factors.software_token || factors.email) {
            return Err(Error::invalid_parameter(text::MFA_ON_WITHOUT_FACTOR));
        }
        pool.settings.mfa = mfa;
        // With everything off, the pool is as one that was never configured.
        pool.mfa_factors = if mfa == Mfa::Off {
            MfaFactors::default()
        } else {
            factors
        };
        if let Some(sms) = &self.sms {
            if let Some(message) = &sms.message {
                pool.settings.messages.sms_authentication_message = Some(message.clone());
            }
            if let Some(configuration) = &sms.configuration {
                let configuration = Value::Object(configuration.clone());
                pool.settings
                    .kept
                    .insert("SmsConfiguration".to_owned(), configuration);
            }
        }
        if let Some(email) = &self.email {
            pool.email_mfa = email.clone();
        }
        if let Some(web_authn) = &self.web_authn {
            pool.web_authn = web_authn.clone();
        }
        pool.settings.check()?;
        pool.settings.check_web_authn(&pool.web_authn)
    }
}
