//! `Session`: what must be remembered between a challenge and its answer, sealed and carried by the client.

use serde::{Deserialize, Serialize};

use super::step::{Course, Step};
use crate::error::{Error, text};
use crate::id::{AppClientId, Sub};
use crate::seal::{Purpose, Sealed};
use crate::secret::SessionToken;
use crate::time::Time;
use crate::user::User;

/// What a session says. It belongs to one pool, app client and user, ends after minutes, and works once.
#[derive(Serialize, Deserialize)]
pub(super) struct Session {
    client_id: AppClientId,
    /// The user who gave the proofs so far.
    pub(super) sub: Sub,
    pub(super) expires_at: Time,
    /// How many passwords the user had had when it was made: a newer password uses it up.
    generation: u32,
    /// By which it is known that it was used.
    id: String,
    /// The proofs so far.
    pub(super) course: Course,
    /// What is being asked.
    pub(super) asked: Asked,
}

/// The open question of a session.
#[derive(Serialize, Deserialize)]
pub(super) enum Asked {
    /// A password of the user's own.
    NewPassword,
    /// The code by SMS whose keyed digest this is.
    SmsCode {
        #[serde(with = "crate::encoding::base64_bytes")]
        digest: Vec<u8>,
    },
}

impl Session {
    /// Uses the session up, inside a change of its user: a right answer counts once.
    ///
    /// # Errors
    /// [`Error::NotAuthorized`] when another answer came first.
    pub(super) fn spend(&self, user: &mut User, now: Time) -> Result<(), Error> {
        let spent = &mut user.second_factor.used_sessions;
        spent.retain(|_, ends_at| now < *ends_at);
        match spent.insert(self.id.clone(), self.expires_at) {
            None => Ok(()),
            Some(_) => Err(Error::not_authorized(text::SESSION_USED)),
        }
    }
}

/// Seals a session for `user`.
pub(super) fn seal(
    step: &Step<'_>,
    course: Course,
    user: &User,
    asked: Asked,
) -> Result<SessionToken, Error> {
    let service = step.service;
    let session = Session {
        client_id: step.subject.client.client.id.clone(),
        sub: user.sub.clone(),
        expires_at: service.now().plus(step.subject.client.client.session_life()),
        generation: generation(user),
        id: service.entropy().uuid(),
        course,
        asked,
    };
    let bound_to = [step.pool().id.as_str()];
    let sealed = service
        .sealer
        .seal_json(Purpose::Session, &bound_to, &session, service.entropy())
        .map_err(Error::internal)?;
    Ok(SessionToken::new(sealed.to_url_text()))
}

/// Opens the session of a call and finds its user. `USERNAME` in the answer must lead to the same user.
///
/// # Errors
/// [`Error::NotAuthorized`] for a session that is used up, expired, altered, or of another pool, app client or user, and
/// for a user who is disabled by now.
pub(super) async fn open(step: &Step<'_>) -> Result<(Session, User), Error> {
    let invalid = || Error::not_authorized(text::SESSION_INVALID);
    let username = step.username()?;
    let token = step
        .session
        .ok_or_else(|| Error::InvalidParameter(text::missing_parameter("Session")))?;
    let sealed = Sealed::from_url_text(token.expose()).map_err(|_| invalid())?;
    let (service, pool) = (step.service, step.pool());
    let session: Session = service
        .sealer
        .open_json(Purpose::Session, &[pool.id.as_str()], &sealed)
        .map_err(|_| invalid())?;
    if session.client_id != step.subject.client.client.id {
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
    let is_used = user.second_factor.used_sessions.contains_key(&session.id);
    if is_used || generation(&user) != session.generation {
        return Err(Error::not_authorized(text::SESSION_USED));
    }
    Ok((session, user))
}

fn generation(user: &User) -> u32 {
    user.credential
        .as_ref()
        .map_or(0, |credential| credential.generation)
}
