//! `Session`: what must be remembered between a challenge and its answer, sealed and carried by the client.

use serde::{Deserialize, Serialize};
use trigger::Attributes;

use super::attempt::is_hidden;
use super::choice::Person;
use super::step::{Course, Step};
use crate::error::{Error, text};
use crate::id::{AppClientId, Sub, UserPoolId};
use crate::ports::Medium;
use crate::pretence;
use crate::seal::{Purpose, Sealed};
use crate::secret::SessionToken;
use crate::service::Service;
use crate::subject::Subject;
use crate::time::Time;
use crate::unknown_name;
use crate::user::{SoftwareToken, User};

/// What a session says. It belongs to one pool, app client and user, ends after minutes, and works once.
#[derive(Serialize, Deserialize)]
pub(super) struct Session {
    user_pool_id: UserPoolId,
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
    /// The code by SMS or e-mail, as the second factor, whose keyed digest this is.
    SecondCode {
        medium: Medium,
        #[serde(with = "crate::encoding::base64_bytes")]
        digest: Vec<u8>,
    },
    /// Which second factor it is to be.
    MfaType,
    /// The code of the user's authenticator app.
    SoftwareTokenCode,
    /// `SRP_A` of a remembered device.
    DeviceSrpA,
    /// A second factor, to be set up.
    MfaSetup,
    /// The first code of the app whose secret this is.
    SoftwareToken { token: Box<SoftwareToken> },
    /// Nothing: the factor is set up, and the sign-in goes on.
    MfaSetupDone,
    /// With what the sign-in is to begin.
    FirstFactor,
    /// What the pool's own function has asked.
    CustomChallenge {
        /// `privateChallengeParameters`: by these the answer is judged.
        private: Attributes,
        /// `challengeMetadata`.
        metadata: Option<String>,
    },
    /// The use of a passkey for this challenge, in base64url.
    Passkey { challenge: String },
    /// The code in place of a password whose keyed digest this is.
    FirstCode {
        medium: Medium,
        #[serde(with = "crate::encoding::base64_bytes")]
        digest: Vec<u8>,
    },
}

impl Session {
    /// By which it is known that it was used.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Uses the session up, inside a change of its user: a right answer counts once.
    ///
    /// # Errors
    /// [`Error::NotAuthorized`] when another answer came first.
    pub(super) fn spend(&self, user: &mut User, now: Time) -> Result<(), Error> {
        if user.use_once(&self.id, self.expires_at, now) {
            Ok(())
        } else {
            Err(Error::not_authorized(text::SESSION_USED))
        }
    }

    /// The same for a session of nobody: it works only once, too, or it would tell that nobody is there.
    ///
    /// # Errors
    /// As [`Session::spend`].
    pub(super) async fn spend_pretence(&self, step: &Step<'_>, login: &str) -> Result<(), Error> {
        let (service, now) = (step.service, step.service.now());
        let name = unknown_name::find(service, step.pool(), login).await?;
        unknown_name::update(service, name, |name| {
            if name.use_once(&self.id, self.expires_at, now) {
                Ok(())
            } else {
                Err(Error::not_authorized(text::SESSION_USED))
            }
        })
        .await
    }

    fn check_age(&self, now: Time) -> Result<(), Error> {
        if now >= self.expires_at {
            return Err(Error::not_authorized(text::SESSION_EXPIRED));
        }
        Ok(())
    }

    /// Whether this user may answer it.
    fn check_bearer(&self, user: &User) -> Result<(), Error> {
        if user.sub != self.sub {
            return Err(invalid());
        }
        if !user.enabled {
            return Err(Error::not_authorized(text::USER_DISABLED));
        }
        let is_used = user.second_factor.used_sessions.contains_key(&self.id);
        if is_used || generation(user) != self.generation {
            return Err(Error::not_authorized(text::SESSION_USED));
        }
        Ok(())
    }
}

/// Seals a session for `user`.
pub(super) fn seal(
    step: &Step<'_>,
    course: Course,
    user: &User,
    asked: Asked,
) -> Result<SessionToken, Error> {
    let whose = (user.sub.clone(), generation(user));
    seal_for(step.service, step.subject, whose, course, asked)
}

/// The same before the first factor, when it may be nobody's.
pub(super) fn seal_first(
    step: &Step<'_>,
    course: Course,
    person: &Person<'_>,
    asked: Asked,
) -> Result<SessionToken, Error> {
    let generation = person.user.as_ref().map_or(0, generation);
    let whose = (sub_of(step, person), generation);
    seal_for(step.service, step.subject, whose, course, asked)
}

/// Whose a session before the first factor is.
pub(super) fn sub_of(step: &Step<'_>, person: &Person<'_>) -> Sub {
    match &person.user {
        Some(user) => user.sub.clone(),
        None => pretence::sub(step.service, step.pool(), person.login),
    }
}

/// The same in a call that has the session of [`open_alone`].
pub(super) fn seal_alone(
    service: &Service,
    bearer: &Bearer,
    course: Course,
    asked: Asked,
) -> Result<SessionToken, Error> {
    let whose = (bearer.user.sub.clone(), generation(&bearer.user));
    seal_for(service, &bearer.subject, whose, course, asked)
}

fn seal_for(
    service: &Service,
    subject: &Subject,
    (sub, generation): (Sub, u32),
    course: Course,
    asked: Asked,
) -> Result<SessionToken, Error> {
    let client = &subject.client.client;
    let session = Session {
        user_pool_id: subject.pool.pool.id.clone(),
        client_id: client.id.clone(),
        sub,
        expires_at: service.now().plus(client.session_life()),
        generation,
        id: service.entropy().uuid(),
        course,
        asked,
    };
    let sealed = service
        .sealer
        .seal_json(Purpose::Session, &[], &session, service.entropy())
        .map_err(Error::internal)?;
    Ok(SessionToken::new(sealed.to_url_text()))
}

/// Opens the session of a call and finds its user. `USERNAME` in the answer must lead to the same user.
///
/// # Errors
/// [`Error::NotAuthorized`] for a session that is used up, expired, altered, or of another pool, app client or user, and
/// for a user who is disabled by now.
pub(super) async fn open(step: &Step<'_>) -> Result<(Session, User), Error> {
    let username = step.username()?;
    let session = unseal(step)?;
    let user = find(step, username).await?.ok_or_else(invalid)?;
    session.check_bearer(&user)?;
    Ok((session, user))
}

/// The same before the first factor: a client that hides unknown users has sessions of nobody, too.
pub(super) async fn open_first<'s>(step: &Step<'s>) -> Result<(Session, Person<'s>), Error> {
    let login = step.username()?;
    let session = unseal(step)?;
    let user = find(step, login).await?;
    let user = user.filter(|user| !is_hidden(step.subject, user));
    let person = Person { login, user };
    match &person.user {
        Some(user) => session.check_bearer(user)?,
        None if sub_of(step, &person) == session.sub => {}
        None => return Err(invalid()),
    }
    Ok((session, person))
}

/// It is no session of this call's app client, user or challenge.
pub(super) fn invalid() -> Error {
    Error::not_authorized(text::SESSION_INVALID)
}

async fn find(step: &Step<'_>, username: &str) -> Result<Option<User>, Error> {
    let pool = step.pool();
    let key = pool.case().login_key(username);
    Ok(step.service.store().find_user(&pool.id, &key).await?)
}

/// The session of a call, if it is this app client's and still open.
fn unseal(step: &Step<'_>) -> Result<Session, Error> {
    let token = step
        .session
        .ok_or_else(|| Error::InvalidParameter(text::missing_parameter("Session")))?;
    let session = opened(step.service, token)?;
    if session.user_pool_id != step.pool().id || session.client_id != step.subject.client.client.id {
        return Err(invalid());
    }
    if session.course.on_page != step.is_on_page() {
        return Err(invalid());
    }
    session.check_age(step.service.now())?;
    Ok(session)
}

/// What a text holds, if it is a session at all: whose it is remains to be checked.
fn opened(service: &Service, token: &SessionToken) -> Result<Session, Error> {
    let sealed = Sealed::from_url_text(token.expose()).map_err(|_| invalid())?;
    service
        .sealer
        .open_json(Purpose::Session, &[], &sealed)
        .map_err(|_| invalid())
}

/// For whom a session speaks that comes alone.
pub(super) struct Bearer {
    /// Pool and app client of the sign-in.
    pub(super) subject: Subject,
    /// Its user.
    pub(super) user: User,
}

/// Opens the session of a call that names neither app client nor user, as those of setting up a factor do: both are the
/// session's own.
///
/// # Errors
/// As [`open`].
pub(super) async fn open_alone(service: &Service, token: &SessionToken) -> Result<(Session, Bearer), Error> {
    let session = opened(service, token)?;
    session.check_age(service.now())?;
    let pool = match service.user_pool(session.user_pool_id.as_str()).await {
        Err(Error::ResourceNotFound(_)) => return Err(invalid()),
        other => other?,
    };
    let client = service.find_app_client(session.client_id.as_str()).await?;
    let client = client.ok_or_else(invalid)?;
    let user = service
        .store()
        .find_user_by_sub(&pool.pool.id, &session.sub)
        .await?
        .ok_or_else(invalid)?;
    session.check_bearer(&user)?;
    let subject = Subject { pool, client };
    Ok((session, Bearer { subject, user }))
}

/// Whether the code that a call brings is a second factor's: `EMAIL_OTP` is the name of a first factor, too.
pub(super) fn is_second_code(step: &Step<'_>) -> bool {
    step.session
        .and_then(|token| opened(step.service, token).ok())
        .is_some_and(|session| matches!(session.asked, Asked::SecondCode { .. }))
}

/// How many passwords the user has had.
pub(super) fn generation(user: &User) -> u32 {
    user.credential
        .as_ref()
        .map_or(0, |credential| credential.generation)
}
