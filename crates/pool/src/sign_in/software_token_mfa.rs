//! `SOFTWARE_TOKEN_MFA`: the code that the user's authenticator app shows.

use super::challenge::{Challenge, ChallengeName, Outcome};
use super::second_factor::{self, Answer};
use super::session::{self, Asked};
use super::step::{Course, Step};
use crate::error::{Error, text};
use crate::mfa::Judged;
use crate::secret::ConfirmationCode;
use crate::user::User;

/// Asks for the code.
pub(super) fn ask(step: &Step<'_>, course: Course, user: &User) -> Result<Challenge, Error> {
    let token = user.software_tokens.verified.as_ref();
    let name = token.and_then(|token| token.friendly_name.clone());
    let mut parameters = vec![("USER_ID_FOR_SRP", user.username.to_string())];
    if let Some(name) = name {
        parameters.insert(0, ("FRIENDLY_DEVICE_NAME", name));
    }
    Ok(Challenge {
        name: ChallengeName::SoftwareTokenMfa,
        parameters,
        session: Some(session::seal(step, course, user, Asked::SoftwareTokenCode)?),
    })
}

/// Takes the code. It works once: its step is remembered, and only later ones count from then on.
///
/// # Errors
/// [`Error::CodeMismatch`] for a wrong code; [`Error::ExpiredCode`] for one that was used, which does not count as a try.
pub(super) async fn answer(step: &Step<'_>) -> Result<Outcome, Error> {
    step.username()?;
    let code = step.parameters.required("SOFTWARE_TOKEN_MFA_CODE")?.to_owned();
    let code = ConfirmationCode::new(code);
    let (session, user) = session::open(step).await?;
    if !matches!(session.asked, Asked::SoftwareTokenCode) {
        return Err(Error::not_authorized(text::SESSION_INVALID));
    }
    let (service, now) = (step.service, step.service.now());
    let judge = |user: &mut User| {
        let Some(token) = user.software_tokens.verified.clone() else {
            let none = text::SOFTWARE_TOKEN_NOT_ASSOCIATED.into();
            return Err(Error::SoftwareTokenMFANotFound(none));
        };
        match token.judge(service, user, &code, now)? {
            Judged::Right { step } => {
                if let Some(token) = &mut user.software_tokens.verified {
                    token.last_step = step;
                }
                Ok(Answer::Right)
            }
            Judged::Used => Err(Error::ExpiredCode(text::TOTP_CODE_USED.into())),
            Judged::Wrong => Ok(Answer::Wrong),
        }
    };
    let wrong = || Error::CodeMismatch(text::WRONG_TOTP_CODE.into());
    second_factor::judge(step, session, user, wrong, judge).await
}
