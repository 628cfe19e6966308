//! `SMS_MFA`: the password was right, now the code that goes to the phone.

use super::challenge::{Challenge, ChallengeName, Outcome};
use super::parameters::Parameters;
use super::session::{self, Asked};
use crate::code;
use crate::error::{Error, text};
use crate::ports::{Medium, Message, MessageBody};
use crate::secret::{ConfirmationCode, SessionToken};
use crate::service::Service;
use crate::subject::Subject;
use crate::token;
use crate::user::{Lockout, User, update_user};
use crate::user_pool::{Mfa, UserPool};

/// Whether this user's sign-in asks for a code by SMS: in a pool that insists on a second factor always.
pub(crate) fn is_due(pool: &UserPool, user: &User) -> bool {
    match pool.settings.mfa {
        Mfa::Off => false,
        Mfa::Optional => user.sms_mfa_enabled && phone_number(user).is_some(),
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
pub(super) async fn ask(service: &Service, subject: &Subject, user: &User) -> Result<Challenge, Error> {
    let pool = &subject.pool.pool;
    let phone = phone_number(user).ok_or_else(|| Error::not_authorized(text::NO_PHONE_FOR_MFA))?;
    let code = ConfirmationCode::new(service.entropy().digits(6));
    let digest = code::digest(service, pool, user, &code);
    let session = session::seal(
        service,
        subject,
        user,
        Asked::SmsCode {
            digest,
            id: service.entropy().uuid(),
        },
    )?;
    let message = Message {
        user_pool_id: pool.id.clone(),
        username: user.username.clone(),
        medium: Medium::Sms,
        destination: phone.to_owned(),
        subject: None,
        body: MessageBody::new(format!("Your authentication code is {}.", code.expose())),
        code: Some(code),
    };
    let sent = service.ports.courier.send(message).await;
    sent.map_err(|failed| Error::CodeDeliveryFailure(failed.to_string().into()))?;
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
pub(super) async fn answer(
    service: &Service,
    subject: &Subject,
    session: Option<&SessionToken>,
    answers: &Parameters,
) -> Result<Outcome, Error> {
    let username = answers.username(&subject.client)?;
    let code = ConfirmationCode::new(answers.required("SMS_MFA_CODE")?.to_owned());
    let (session, user) = session::open(service, subject, session, username).await?;
    let Asked::SmsCode { digest, id } = &session.challenge else {
        return Err(Error::not_authorized(text::SESSION_INVALID));
    };
    let (pool, now) = (&subject.pool.pool, service.now());
    if user.second_factor.used_sessions.contains_key(id) {
        return Err(Error::not_authorized(text::SESSION_USED));
    }
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
        let spent = &mut user.second_factor.used_sessions;
        spent.retain(|_, ends_at| now < *ends_at);
        // Another answer to the same session may have come first.
        if spent.insert(id.clone(), session.expires_at).is_some() {
            return Err(Error::not_authorized(text::SESSION_USED));
        }
        user.second_factor.lockout = Lockout::default();
        Ok(())
    })
    .await?;
    token::issue_at_sign_in(service, &subject.pool, &subject.client.client, &user).map(Outcome::Tokens)
}
