//! `StartWebAuthnRegistration`: what a browser needs to make a passkey.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::challenge::Challenge;
use super::public_key::ALGORITHMS;
use super::{MOST, descriptors, expected};
use crate::error::{Error, text};
use crate::secret::AccessToken;
use crate::service::Service;
use crate::token::{Authorized, authorize};
use crate::user::known_as;

/// Gives the options for `navigator.credentials.create()`: a `PublicKeyCredentialCreationOptionsJSON`. The credential is to be
/// discoverable, since that is what makes it a passkey.
///
/// # Errors
/// Those of [`authorize`]; [`Error::WebAuthnNotEnabled`], [`Error::WebAuthnConfigurationMissing`];
/// [`Error::LimitExceeded`] for a user who has 20 passkeys.
pub async fn start_web_authn_registration(
    service: &Service,
    access_token: &AccessToken,
) -> Result<Value, Error> {
    let bearer = authorize(service, access_token).await?;
    start_registration_of(service, &bearer)
}

/// The same for a user who is signed in otherwise: in a browser.
///
/// # Errors
/// As [`start_web_authn_registration`].
pub fn start_registration_of(service: &Service, bearer: &Authorized) -> Result<Value, Error> {
    let (pool, user) = (&bearer.pool.pool, &bearer.user);
    let expected = expected(pool)?;
    if user.passkeys.len() >= MOST {
        return Err(Error::LimitExceeded(text::TOO_MANY_PASSKEYS.into()));
    }
    let of_this = |passkey: &&super::Passkey| passkey.relying_party_id == expected.relying_party_id;
    let algorithms = ALGORITHMS.map(|number| json!({ "type": "public-key", "alg": number }));
    Ok(json!({
        "rp": { "id": expected.relying_party_id, "name": expected.relying_party_id },
        "user": {
            "id": URL_SAFE_NO_PAD.encode(user.sub.as_str()),
            "name": known_as(pool, user),
            "displayName": known_as(pool, user),
        },
        "challenge": Challenge::issue(service, bearer)?,
        "pubKeyCredParams": algorithms,
        "timeout": bearer.client.client.session_life().as_seconds() * 1000,
        "excludeCredentials": descriptors(user.passkeys.iter().filter(of_this)),
        "authenticatorSelection": {
            "requireResidentKey": true,
            "residentKey": "required",
            "userVerification": expected.verification.as_str(),
        },
        "attestation": "none",
    }))
}
