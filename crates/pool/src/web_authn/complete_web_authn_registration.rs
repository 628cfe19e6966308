//! `CompleteWebAuthnRegistration`: the browser has made a passkey.

use serde_json::Value;

use super::challenge::Challenge;
use super::passkey::Registration;
use super::{Flaw, MOST, expected};
use crate::error::{Error, text};
use crate::secret::AccessToken;
use crate::service::Service;
use crate::token::{Authorized, authorize};
use crate::user::update_user;

/// `CompleteWebAuthnRegistration`.
#[derive(Debug)]
pub struct CompleteWebAuthnRegistration {
    /// Whose passkey.
    pub access_token: AccessToken,
    /// `RegistrationResponseJSON` of the browser.
    pub credential: Value,
}

/// Keeps a new passkey, once all about it has been checked.
///
/// # Errors
/// Those of [`authorize`]; [`Error::WebAuthnNotEnabled`], [`Error::WebAuthnConfigurationMissing`];
/// [`Error::WebAuthnChallengeNotFound`] for a challenge that was not given to this user, was used, or is too old;
/// [`Error::WebAuthnClientMismatch`], [`Error::WebAuthnOriginNotAllowed`], [`Error::WebAuthnRelyingPartyMismatch`],
/// [`Error::WebAuthnCredentialNotSupported`]; [`Error::InvalidParameter`] for what cannot be read or does not hold;
/// [`Error::LimitExceeded`] for a user who has 20 passkeys.
pub async fn complete_web_authn_registration(
    service: &Service,
    request: &CompleteWebAuthnRegistration,
) -> Result<(), Error> {
    let bearer = authorize(service, &request.access_token).await?;
    complete_registration_of(service, &bearer, &request.credential).await
}

/// The same for a user who is signed in otherwise: in a browser.
///
/// # Errors
/// As [`complete_web_authn_registration`].
pub async fn complete_registration_of(
    service: &Service,
    bearer: &Authorized,
    credential: &Value,
) -> Result<(), Error> {
    let pool = &bearer.pool.pool;
    let expected = expected(pool)?;
    let registration = Registration::parse(credential).map_err(refusal)?;
    let challenge = Challenge::open(service, bearer, &registration.challenge().map_err(refusal)?)?;
    let now = service.now();
    let passkey = registration.accept(expected, now).map_err(refusal)?;
    update_user(service, pool, bearer.user.clone(), |user| {
        if !user.enabled {
            return Err(Error::not_authorized(text::USER_DISABLED));
        }
        if !user.use_once(&challenge.id, challenge.expires_at, now) {
            return Err(refusal(Flaw::Challenge));
        }
        if user.passkeys.len() >= MOST {
            return Err(Error::LimitExceeded(text::TOO_MANY_PASSKEYS.into()));
        }
        let is_known = |known: &super::Passkey| known.credential_id == passkey.credential_id;
        if user.passkeys.iter().any(is_known) {
            return Err(Error::invalid_parameter(text::PASSKEY_EXISTS));
        }
        user.passkeys.push(passkey.clone());
        user.modified_at = now;
        Ok(())
    })
    .await?;
    Ok(())
}

/// The exception of what is wrong.
fn refusal(flaw: Flaw) -> Error {
    match flaw {
        Flaw::Malformed | Flaw::Signature | Flaw::Counter => {
            Error::invalid_parameter(text::INVALID_PASSKEY_CREDENTIAL)
        }
        Flaw::NotSupported | Flaw::Unverified => {
            Error::WebAuthnCredentialNotSupported(text::PASSKEY_NOT_SUPPORTED.into())
        }
        Flaw::Origin => Error::WebAuthnOriginNotAllowed(text::WEB_AUTHN_ORIGIN.into()),
        Flaw::RelyingParty => Error::WebAuthnRelyingPartyMismatch(text::WEB_AUTHN_RELYING_PARTY.into()),
        Flaw::Challenge => Error::WebAuthnChallengeNotFound(text::WEB_AUTHN_CHALLENGE_NOT_FOUND.into()),
    }
}
