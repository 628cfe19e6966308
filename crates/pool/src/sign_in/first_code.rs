//! `EMAIL_OTP` and `SMS_OTP` as the first factor: a code of eight digits in place of the password.
//!
//! Source: the real service for the digits, the texts, and the pretence towards names that lead nowhere: the challenge is
//! the same, its code is never sent and never right.

use subtle::ConstantTimeEq as _;

use super::attempt::{count_try_of_nobody, is_locked};
use super::challenge::{Challenge, Outcome};
use super::choice::{Choice, Person, destination};
use super::next::next;
use super::session::{self, Asked};
use super::step::{Course, FirstFactor, Step};
use crate::code;
use crate::error::{Error, text};
use crate::id::Sub;
use crate::message::{self, Occasion, Route};
use crate::ports::Medium;
use crate::seal::Purpose;
use crate::secret::ConfirmationCode;
use crate::user::{Lockout, User, update_user};

/// How many digits the code has. Observed for e-mail.
const DIGITS: usize = 8;

/// Sends a code and asks for it.
///
/// # Errors
/// [`Error::CodeDeliveryFailure`] when nobody takes the message.
pub(super) async fn ask(step: &Step<'_>, person: &Person<'_>, medium: Medium) -> Result<Outcome, Error> {
    let (service, pool) = (step.service, step.pool());
    let code = ConfirmationCode::new(service.entropy().digits(DIGITS));
    let to = person
        .user
        .as_ref()
        .and_then(|user| Some((user, destination(pool, user, medium)?)));
    let whole = to.map_or("", |(_, whole)| whole);
    let shown = if to.is_some() {
        code::masked(medium, whole)
    } else {
        let key = pool.case().login_key(person.login);
        code::simulated_delivery(service, &pool.id, key.as_str(), Medium::Email).1
    };
    let digest = digest(step, &session::sub_of(step, person), whole, &code);
    let course = Course::opening(step);
    let session = session::seal_first(step, course, person, Asked::FirstCode { medium, digest })?;
    if let Some((user, destination)) = to {
        let route = Route { medium, destination };
        message::send_code(
            service,
            &step.addressee(user),
            Occasion::Authentication,
            route,
            code,
        )
        .await?;
    }
    let name = choice(medium).challenge();
    let challenge = Challenge {
        name: name.clone(),
        parameters: vec![
            ("CODE_DELIVERY_DELIVERY_MEDIUM", medium.as_str().to_owned()),
            ("CODE_DELIVERY_DESTINATION", shown),
        ],
        session: Some(session),
    };
    Ok(Outcome::Choice {
        challenge,
        available: vec![name],
    })
}

/// Takes the code. It works once, for the address or number that it went to, as long as that is the user's. Wrong ones count
/// with wrong passwords, but unseen: while the lock lasts every code is wrong, as it always is for nobody.
pub(super) async fn answer(step: &Step<'_>, medium: Medium) -> Result<Outcome, Error> {
    step.username()?;
    let parameter = match medium {
        Medium::Email => "EMAIL_OTP_CODE",
        Medium::Sms => "SMS_OTP_CODE",
    };
    let given = ConfirmationCode::new(step.parameters.required(parameter)?.to_owned());
    let (session, person) = session::open_first(step).await?;
    let (service, pool, now) = (step.service, step.pool(), step.service.now());
    let kept = match &session.asked {
        Asked::FirstCode {
            medium: asked,
            digest,
        } if *asked == medium => digest,
        _ => return Err(Error::not_authorized(text::SESSION_INVALID)),
    };
    let wrong = || Error::CodeMismatch(text::WRONG_MFA_CODE.into());
    let is_right = |user: Option<&User>| {
        let whole = user.and_then(|user| destination(pool, user, medium));
        let digest = digest(step, &session.sub, whole.unwrap_or_default(), &given);
        bool::from(digest.as_slice().ct_eq(kept)) && whole.is_some()
    };
    let right = is_right(person.user.as_ref());
    let Some(user) = person.user else {
        count_try_of_nobody(step, person.login, || ()).await?;
        return Err(wrong());
    };
    if is_locked(service, &user, now) {
        return Err(wrong());
    }
    let user = update_user(service, pool, user, |user| {
        // Wrong ones sent at the same time count before the right one does.
        if is_locked(service, user, now) {
            return Err(wrong());
        }
        if !right {
            user.lockout = service.uncounted.lockout(&*user).after_failure(now);
            return Ok(());
        }
        if !user.enabled {
            return Err(Error::not_authorized(text::USER_DISABLED));
        }
        if !is_right(Some(user)) {
            return Err(wrong());
        }
        session.spend(user, now)?;
        user.lockout = Lockout::default();
        Ok(())
    })
    .await?;
    if !right {
        return Err(wrong());
    }
    let course = Course {
        first_factor: Some(match medium {
            Medium::Email => FirstFactor::EmailOtp,
            Medium::Sms => FirstFactor::SmsOtp,
        }),
        ..session.course
    };
    next(step, course, user).await
}

fn choice(medium: Medium) -> Choice {
    match medium {
        Medium::Email => Choice::EmailOtp,
        Medium::Sms => Choice::SmsOtp,
    }
}

/// What the session knows of the code: a keyed digest over it, the user, and the whole address or number.
fn digest(step: &Step<'_>, sub: &Sub, destination: &str, code: &ConfirmationCode) -> Vec<u8> {
    let pool = step.pool().id.as_str();
    let parts = [pool, "first factor", sub.as_str(), destination, code.expose()];
    step.service.sealer.digest(Purpose::Code, &parts).to_vec()
}
