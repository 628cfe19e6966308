//! The challenge of a registration: a sealed value, so that nothing is kept until it comes back. It works once.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::error::{Error, text};
use crate::id::{AppClientId, Sub};
use crate::seal::{Purpose, Sealed};
use crate::service::Service;
use crate::time::Time;
use crate::token::Authorized;

/// What the challenge holds.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Challenge {
    client_id: AppClientId,
    sub: Sub,
    /// Until when it may be answered.
    pub(super) expires_at: Time,
    /// By which it is known that it was used.
    pub(super) id: String,
}

impl Challenge {
    /// A new one for the bearer of a token, in base64url. It lasts as long as a challenge of the app client's sign-ins.
    ///
    /// # Errors
    /// [`Error::Internal`] when it cannot be sealed.
    pub(super) fn issue(service: &Service, bearer: &Authorized) -> Result<String, Error> {
        let client = &bearer.client.client;
        let challenge = Self {
            client_id: client.id.clone(),
            sub: bearer.user.sub.clone(),
            expires_at: service.now().plus(client.session_life()),
            id: service.entropy().uuid(),
        };
        let sealed = service.sealer.seal_json(
            Purpose::WebAuthnChallenge,
            &[bearer.pool.pool.id.as_str()],
            &challenge,
            service.entropy(),
        );
        Ok(URL_SAFE_NO_PAD.encode(sealed.map_err(Error::internal)?.as_bytes()))
    }

    /// Opens the challenge that came back.
    ///
    /// # Errors
    /// [`Error::WebAuthnChallengeNotFound`] for one that is not ours, another user's, or too old;
    /// [`Error::WebAuthnClientMismatch`] for another app client's.
    pub(super) fn open(service: &Service, bearer: &Authorized, text: &str) -> Result<Self, Error> {
        let not_found = || Error::WebAuthnChallengeNotFound(text::WEB_AUTHN_CHALLENGE_NOT_FOUND.into());
        let sealed = Sealed::from_url_text(text).map_err(|_| not_found())?;
        let bound_to = [bearer.pool.pool.id.as_str()];
        let challenge: Self = service
            .sealer
            .open_json(Purpose::WebAuthnChallenge, &bound_to, &sealed)
            .map_err(|_| not_found())?;
        if challenge.sub != bearer.user.sub || service.now() >= challenge.expires_at {
            return Err(not_found());
        }
        if challenge.client_id != bearer.client.client.id {
            return Err(Error::WebAuthnClientMismatch(
                text::WEB_AUTHN_CLIENT_MISMATCH.into(),
            ));
        }
        Ok(challenge)
    }
}
