//! `SMS_MFA`: the password was right, now the code that goes to the phone.

use super::challenge::{Challenge, ChallengeName, Outcome};
use super::next::next;
use super::session::{self, Asked};
use super::step::{Course, Step};
use crate::code;
use crate::error::{Error, text};
use crate::message::{self, Occasion, Route};
use crate::ports::Medium;
use crate::secret::ConfirmationCode;
use crate::user::{Lockout, MfaMethod, User, update_user};
use crate::user_pool::{Mfa, UserPool};

/// Whether this user's sign-in asks for a code by SMS: in a pool that insists on a second factor always.
pub(crate) fn is_due(pool: &UserPool, user: &User) -> bool {
    match pool.settings.mfa {
        Mfa::Off => false,
        Mfa::Optional => user.mfa.enabled.contains(&MfaMethod::SmsMfa) && phone_number(user).is_some(),
        Mfa::On => true,
    }
}

fn phone_number(user: &User) -> Option<&str> {
    user.attributes
        .get("phone_number")
        .filter(|number| !number.is_empty())
}

/// Sends a code and asks for it.
///
/// # Errors
/// [`Error::NotAuthorized`] for a user without a phone number in a pool that insists on a second factor.
pub(super) async fn ask(step: &Step<'_>, course: Course, user: &User) -> Result<Challenge, Error> {
    let service = step.service;
    let phone = phone_number(user).ok_or_else(|| Error::not_authorized(text::NO_PHONE_FOR_MFA))?;
    let code = ConfirmationCode::new(service.entropy().digits(6));
    let digest = code::digest(service, step.pool(), user, &code);
    let session = session::seal(step, course, user, Asked::SmsCode { digest })?;
    let to = step.addressee(user);
    let route = Route {
        medium: Medium::Sms,
        destination: phone,
    };
    message::send_code(service, &to, Occasion::Authentication, route, code).await?;
    Ok(Challenge {
        name: ChallengeName::SmsMfa,
        parameters: vec![
            ("CODE_DELIVERY_DELIVERY_MEDIUM", Medium::Sms.as_str().to_owned()),
            ("CODE_DELIVERY_DESTINATION", code::masked(Medium::Sms, phone)),
            ("USER_ID_FOR_SRP", user.username.to_string()),
        ],
        session: Some(session),
    })
}

/// Takes the code. It works once; a wrong one leaves the session as it was. Too many wrong ones lock as wrong passwords do,
/// but unseen: while it lasts every code is wrong (no other answer was ever observed).
pub(super) async fn answer(step: &Step<'_>) -> Result<Outcome, Error> {
    step.username()?;
    let code = ConfirmationCode::new(step.parameters.required("SMS_MFA_CODE")?.to_owned());
    let (session, user) = session::open(step).await?;
    let Asked::SmsCode { digest } = &session.asked else {
        return Err(Error::not_authorized(text::SESSION_INVALID));
    };
    let (service, pool, now) = (step.service, step.pool(), step.service.now());
    let wrong = || Error::CodeMismatch(text::WRONG_MFA_CODE.into());
    if user.second_factor.lockout.is_locked(now) {
        return Err(wrong());
    }
    if !code::matches(service, pool, &user, &code, digest) {
        update_user(service, pool, user, |user| {
            user.second_factor.lockout = user.second_factor.lockout.after_failure(now);
            Ok(())
        })
        .await?;
        return Err(wrong());
    }
    let user = update_user(service, pool, user, |user| {
        // Wrong ones sent at the same time count before the right one does.
        if user.second_factor.lockout.is_locked(now) {
            return Err(wrong());
        }
        session.spend(user, now)?;
        user.second_factor.lockout = Lockout::default();
        Ok(())
    })
    .await?;
    let course = Course {
        second_factor: true,
        ..session.course
    };
    next(step, course, user).await
}
