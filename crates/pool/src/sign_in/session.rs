//! `Session`: what must be remembered between a challenge and its answer, sealed and carried by the client.

use serde::{Deserialize, Serialize};

use crate::error::{Error, text};
use crate::id::{AppClientId, Sub};
use crate::seal::{Purpose, Sealed};
use crate::secret::SessionToken;
use crate::service::Service;
use crate::subject::Subject;
use crate::time::Time;
use crate::user::User;

/// What a session says. It belongs to one pool, app client and user, and ends after minutes.
#[derive(Serialize, Deserialize)]
pub(super) struct Session {
    client_id: AppClientId,
    /// The user who gave the proofs so far.
    pub(super) sub: Sub,
    pub(super) expires_at: Time,
    /// How many passwords the user had had when it was made: a newer password uses it up.
    generation: u32,
    /// What is being asked.
    pub(super) challenge: Asked,
}

/// The open question of a session.
#[derive(Serialize, Deserialize)]
pub(super) enum Asked {
    /// A password of the user's own.
    NewPassword,
    /// The code whose keyed digest this is.
    SmsCode {
        #[serde(with = "crate::encoding::base64_bytes")]
        digest: Vec<u8>,
        /// By which it is known that the session was used: nothing else of the user changes by a right code.
        id: String,
    },
}

/// Seals a session for `user`.
pub(super) fn seal(
    service: &Service,
    subject: &Subject,
    user: &User,
    challenge: Asked,
) -> Result<SessionToken, Error> {
    let session = Session {
        client_id: subject.client.client.id.clone(),
        sub: user.sub.clone(),
        expires_at: service.now().plus(subject.client.client.session_life()),
        generation: generation(user),
        challenge,
    };
    let bound_to = [subject.pool.pool.id.as_str()];
    let sealed = service
        .sealer
        .seal_json(Purpose::Session, &bound_to, &session, service.entropy())
        .map_err(Error::internal)?;
    Ok(SessionToken::new(sealed.to_url_text()))
}

/// Opens a session and finds its user. `username` is the name in the answer: it must lead to the same user.
pub(super) async fn open(
    service: &Service,
    subject: &Subject,
    token: Option<&SessionToken>,
    username: &str,
) -> Result<(Session, User), Error> {
    let invalid = || Error::not_authorized(text::SESSION_INVALID);
    let token = token.ok_or_else(|| Error::InvalidParameter(text::missing_parameter("Session")))?;
    let sealed = Sealed::from_url_text(token.expose()).map_err(|_| invalid())?;
    let pool = &subject.pool.pool;
    let session: Session = service
        .sealer
        .open_json(Purpose::Session, &[pool.id.as_str()], &sealed)
        .map_err(|_| invalid())?;
    if session.client_id != subject.client.client.id {
        return Err(invalid());
    }
    if service.now() >= session.expires_at {
        return Err(Error::not_authorized(text::SESSION_EXPIRED));
    }
    let user = service
        .store()
        .find_user(&pool.id, &pool.case().login_key(username))
        .await?
        .ok_or_else(invalid)?;
    if user.sub != session.sub {
        return Err(invalid());
    }
    if !user.enabled {
        return Err(Error::not_authorized(text::USER_DISABLED));
    }
    if generation(&user) != session.generation {
        return Err(Error::not_authorized(text::SESSION_USED));
    }
    Ok((session, user))
}

fn generation(user: &User) -> u32 {
    user.credential
        .as_ref()
        .map_or(0, |credential| credential.generation)
}
