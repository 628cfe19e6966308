//! `SMS_MFA`, and `EMAIL_OTP` after the first factor: a code of six digits goes to the user's phone or mailbox.

use subtle::ConstantTimeEq as _;

use super::challenge::{Challenge, ChallengeName, Outcome};
use super::second_factor::{self, Answer};
use super::session::{self, Asked};
use super::step::{Course, Step};
use crate::code;
use crate::error::{Error, text};
use crate::message::{self, Occasion, Route};
use crate::mfa::contact;
use crate::ports::Medium;
use crate::seal::Purpose;
use crate::secret::ConfirmationCode;
use crate::user::User;

/// How many digits the code has.
const DIGITS: usize = 6;

/// Sends a code and asks for it.
///
/// # Errors
/// [`Error::NotAuthorized`] for a user without a phone number or address by now; [`Error::CodeDeliveryFailure`] when nobody
/// takes the message.
pub(super) async fn ask(
    step: &Step<'_>,
    course: Course,
    user: &User,
    medium: Medium,
) -> Result<Challenge, Error> {
    let service = step.service;
    let destination = contact(user, medium).ok_or_else(|| Error::not_authorized(text::NO_PHONE_FOR_MFA))?;
    let code = ConfirmationCode::new(service.entropy().digits(DIGITS));
    let digest = digest(step, user, destination, &code);
    let session = session::seal(step, course, user, Asked::SecondCode { medium, digest })?;
    let to = step.addressee(user);
    let route = Route { medium, destination };
    message::send_code(service, &to, Occasion::Authentication, route, code).await?;
    Ok(Challenge {
        name: match medium {
            Medium::Sms => ChallengeName::SmsMfa,
            Medium::Email => ChallengeName::EmailOtp,
        },
        parameters: vec![
            ("CODE_DELIVERY_DELIVERY_MEDIUM", medium.as_str().to_owned()),
            ("CODE_DELIVERY_DESTINATION", code::masked(medium, destination)),
            ("USER_ID_FOR_SRP", user.username.to_string()),
        ],
        session: Some(session),
    })
}

/// Takes the code. It works once, for the number or address that it went to, as long as that is the user's; a wrong one leaves
/// the session as it was. The right one verifies the number or address, unless that would sign in by another name.
pub(super) async fn answer(step: &Step<'_>, medium: Medium) -> Result<Outcome, Error> {
    step.username()?;
    let parameter = match medium {
        Medium::Sms => "SMS_MFA_CODE",
        Medium::Email => "EMAIL_OTP_CODE",
    };
    let given = ConfirmationCode::new(step.parameters.required(parameter)?.to_owned());
    let (session, user) = session::open(step).await?;
    let kept = match &session.asked {
        Asked::SecondCode {
            medium: asked,
            digest,
        } if *asked == medium => digest.clone(),
        _ => return Err(Error::not_authorized(text::SESSION_INVALID)),
    };
    let pool = step.pool();
    let judge = |user: &mut User| {
        let Some(destination) = contact(user, medium) else {
            return Ok(Answer::Wrong);
        };
        let digest = digest(step, user, destination, &given);
        if !bool::from(digest.as_slice().ct_eq(&kept)) {
            return Ok(Answer::Wrong);
        }
        if !pool.has_alias(medium.attribute()) {
            let verified = format!("{}_verified", medium.attribute());
            user.attributes.set(&verified, "true");
        }
        Ok(Answer::Right)
    };
    let wrong = || Error::CodeMismatch(text::WRONG_MFA_CODE.into());
    second_factor::judge(step, session, user, wrong, judge).await
}

/// What the session knows of the code: a keyed digest over it, the user, and the whole number or address.
fn digest(step: &Step<'_>, user: &User, destination: &str, code: &ConfirmationCode) -> Vec<u8> {
    let parts = [
        step.pool().id.as_str(),
        "second factor",
        user.sub.as_str(),
        destination,
        code.expose(),
    ];
    step.service.sealer.digest(Purpose::Code, &parts).to_vec()
}
