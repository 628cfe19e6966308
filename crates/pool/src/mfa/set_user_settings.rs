//! `SetUserSettings` and `AdminSetUserSettings`: the former way to turn codes by SMS on and off.

use super::set_user_mfa_preference::{
    FactorSettings, UserMfaPreference, admin_set_user_mfa_preference, set_user_mfa_preference,
};
use crate::error::Error;
use crate::secret::AccessToken;
use crate::service::Service;
use crate::user::MfaMethod;

/// Turns codes by SMS on or off for the bearer of an access token.
///
/// # Errors
/// As [`set_user_mfa_preference`].
pub async fn set_user_settings(
    service: &Service,
    access_token: &AccessToken,
    sms: bool,
) -> Result<(), Error> {
    set_user_mfa_preference(service, access_token, &preference(sms)).await
}

/// The same by an administrator.
///
/// # Errors
/// As [`admin_set_user_mfa_preference`].
pub async fn admin_set_user_settings(
    service: &Service,
    user_pool_id: &str,
    username: &str,
    sms: bool,
) -> Result<(), Error> {
    admin_set_user_mfa_preference(service, user_pool_id, username, &preference(sms)).await
}

fn preference(sms: bool) -> UserMfaPreference {
    let settings = FactorSettings {
        enabled: sms,
        preferred: false,
    };
    UserMfaPreference {
        factors: vec![(MfaMethod::SmsMfa, settings)],
        passkey: None,
    }
}
