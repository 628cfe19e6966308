//! `SetUserMFAPreference` and `AdminSetUserMFAPreference`: which second factors a user has on, and which comes first.
//!
//! Source: API reference; the text for a factor that the user cannot give as observed for two of the three.

use super::can_give;
use crate::error::{Error, text};
use crate::secret::AccessToken;
use crate::service::Service;
use crate::token::authorize;
use crate::user::{MfaMethod, User, admin_get_user, update_user};
use crate::user_pool::UserPool;

/// `SMSMfaSettings` and its siblings. What a member leaves out is false.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FactorSettings {
    /// `Enabled`.
    pub enabled: bool,
    /// `PreferredMfa`.
    pub preferred: bool,
}

/// What is to change; a factor that is not named stays as it is.
#[derive(Clone, Debug, Default)]
pub struct UserMfaPreference {
    /// Each factor at most once.
    pub factors: Vec<(MfaMethod, FactorSettings)>,
    /// `WebAuthnMfaSettings`: whether a passkey counts for both factors.
    pub passkey: Option<bool>,
}

/// Changes the preference of the bearer of an access token.
///
/// # Errors
/// Those of [`authorize`]; [`Error::InvalidParameter`] for a factor that pool or user cannot have, for one that is preferred
/// without being on, and for two that are preferred.
pub async fn set_user_mfa_preference(
    service: &Service,
    access_token: &AccessToken,
    preference: &UserMfaPreference,
) -> Result<(), Error> {
    let bearer = authorize(service, access_token).await?;
    preference.apply(service, &bearer.pool.pool, bearer.user).await
}

/// The same by an administrator.
///
/// # Errors
/// [`Error::ResourceNotFound`], [`Error::UserNotFound`]; [`Error::InvalidParameter`] as above.
pub async fn admin_set_user_mfa_preference(
    service: &Service,
    user_pool_id: &str,
    username: &str,
    preference: &UserMfaPreference,
) -> Result<(), Error> {
    let user = admin_get_user(service, user_pool_id, username).await?;
    let pool = service.user_pool(user_pool_id).await?;
    preference.apply(service, &pool.pool, user).await
}

impl UserMfaPreference {
    async fn apply(&self, service: &Service, pool: &UserPool, user: User) -> Result<(), Error> {
        let chosen = self.factors.iter().filter(|(_, settings)| settings.preferred);
        if chosen.clone().any(|(_, settings)| !settings.enabled) {
            return Err(Error::invalid_parameter(text::PREFERRED_MFA_IS_OFF));
        }
        if chosen.count() > 1 {
            return Err(Error::invalid_parameter(text::SEVERAL_PREFERRED_MFAS));
        }
        let now = service.now();
        update_user(service, pool, user, |user| {
            for (method, settings) in &self.factors {
                set(pool, user, *method, *settings)?;
            }
            if let Some(enabled) = self.passkey {
                set_passkey(pool, user, enabled)?;
            }
            user.modified_at = now;
            Ok(())
        })
        .await?;
        Ok(())
    }
}

/// A passkey as both factors needs a pool that has it so, and another factor beside it (API reference,
/// `WebAuthnMfaSettingsType`). The texts are chosen.
fn set_passkey(pool: &UserPool, user: &mut User, enabled: bool) -> Result<(), Error> {
    if enabled && !pool.web_authn.is_multi_factor() {
        return Err(Error::invalid_parameter(text::PASSKEYS_ARE_ONE_FACTOR));
    }
    if enabled && user.mfa.enabled.is_empty() {
        return Err(Error::invalid_parameter(text::PASSKEY_NEEDS_ANOTHER_FACTOR));
    }
    user.mfa.passkey = Some(enabled);
    Ok(())
}

fn set(pool: &UserPool, user: &mut User, method: MfaMethod, settings: FactorSettings) -> Result<(), Error> {
    if settings.enabled {
        let is_on = user.mfa.enabled.contains(&method);
        if !can_give(user, method) || !is_on && !pool.mfa_factors.offers(method) {
            return Err(Error::InvalidParameter(text::no_delivery_config(method)));
        }
        user.mfa.enabled.insert(method);
    } else {
        user.mfa.enabled.remove(&method);
    }
    if settings.preferred {
        user.mfa.preferred = Some(method);
    } else if user.mfa.preferred == Some(method) {
        user.mfa.preferred = None;
    }
    Ok(())
}
