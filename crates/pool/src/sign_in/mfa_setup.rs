//! `MFA_SETUP`: the pool insists on a second factor and the user has none. The session goes from the challenge through
//! `AssociateSoftwareToken`, which puts the secret into it, and `VerifySoftwareToken`, which registers the app, to the answer.
//!
//! Source: API reference of the three operations.

use super::challenge::{Challenge, ChallengeName, Outcome};
use super::next::next;
use super::second_factor::names;
use super::session::{self, Asked, Bearer};
use super::step::{Course, Step};
use crate::error::{Error, text};
use crate::mfa::{self, AssociatedSoftwareToken, Due, PendingToken, VerifySoftwareToken, verified};
use crate::secret::SessionToken;
use crate::service::Service;
use crate::user::{MfaMethod, User, update_user};
use crate::user_pool::UserPool;

/// Asks to set up one of these.
///
/// # Errors
/// [`Error::NotAuthorized`] when there is nothing that the user could set up alone.
pub(super) fn ask(
    step: &Step<'_>,
    course: Course,
    user: &User,
    methods: &[MfaMethod],
) -> Result<Challenge, Error> {
    if methods.is_empty() {
        return Err(Error::not_authorized(text::NO_PHONE_FOR_MFA));
    }
    Ok(Challenge {
        name: ChallengeName::MfaSetup,
        parameters: vec![
            ("MFAS_CAN_SETUP", names(methods)),
            ("USER_ID_FOR_SRP", user.username.to_string()),
        ],
        session: Some(session::seal(step, course, user, Asked::MfaSetup)?),
    })
}

/// `AssociateSoftwareToken` with a session.
pub(crate) async fn associate(
    service: &Service,
    token: &SessionToken,
) -> Result<AssociatedSoftwareToken, Error> {
    let (session, bearer) = session::open_alone(service, token).await?;
    let Bearer { subject, user } = &bearer;
    let pool = &subject.pool.pool;
    // The question may be asked again: a person may look for another app.
    if !matches!(session.asked, Asked::MfaSetup | Asked::SoftwareToken { .. }) || !is_open(pool, user) {
        return Err(Error::not_authorized(text::SESSION_INVALID));
    }
    let pending = PendingToken::generate(service, pool, user)?;
    let asked = Asked::SoftwareToken {
        token: Box::new(pending.token),
    };
    let session = session::seal_alone(service, &bearer, session.course, asked)?;
    Ok(AssociatedSoftwareToken {
        secret_code: pending.secret_code,
        session: Some(session),
    })
}

/// `VerifySoftwareToken` with a session.
pub(crate) async fn verify(
    service: &Service,
    token: &SessionToken,
    request: &VerifySoftwareToken,
) -> Result<SessionToken, Error> {
    let (session, bearer) = session::open_alone(service, token).await?;
    let Asked::SoftwareToken { token: pending } = &session.asked else {
        return Err(Error::not_authorized(text::SESSION_INVALID));
    };
    let (pool, now) = (&bearer.subject.pool.pool, service.now());
    let user = update_user(service, pool, bearer.user, |user| {
        // Whoever has set a factor up meanwhile is not to lose it to somebody who knows the password alone.
        if !is_open(pool, user) {
            return Err(Error::not_authorized(text::SESSION_USED));
        }
        let token = verified(service, user, pending.as_ref().clone(), request, now)?;
        session.spend(user, now)?;
        user.software_tokens.register(token);
        user.mfa.enabled.insert(MfaMethod::SoftwareTokenMfa);
        user.modified_at = now;
        Ok(())
    })
    .await?;
    let bearer = Bearer {
        subject: bearer.subject,
        user,
    };
    session::seal_alone(service, &bearer, session.course, Asked::MfaSetupDone)
}

/// Takes the answer: by now the factor is there, and its code was the proof.
pub(super) async fn answer(step: &Step<'_>) -> Result<Outcome, Error> {
    step.username()?;
    let (session, user) = session::open(step).await?;
    if !matches!(session.asked, Asked::MfaSetupDone) {
        return Err(Error::not_authorized(text::SESSION_INVALID));
    }
    let now = step.service.now();
    let user = update_user(step.service, step.pool(), user, |user| session.spend(user, now)).await?;
    let course = Course {
        second_factor: true,
        ..session.course
    };
    next(step, course, user).await
}

/// Whether the user may set an authenticator app up without another proof.
fn is_open(pool: &UserPool, user: &User) -> bool {
    matches!(mfa::due(pool, user), Due::SetUp(methods) if methods.contains(&MfaMethod::SoftwareTokenMfa))
}
