//! `SMS_MFA`: the password was right, now the code that goes to the phone.

use super::attempt::outcome_of_try;
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
use crate::user::User;
use crate::user_pool::{Mfa, UserPool};

/// Whether this user's sign-in asks for a code by SMS.
pub(super) fn is_due(pool: &UserPool, user: &User) -> bool {
    pool.settings.mfa != Mfa::Off && user.sms_mfa_enabled && user.attributes.get("phone_number").is_some()
}

/// Sends a code and asks for it.
pub(super) async fn ask(service: &Service, subject: &Subject, user: &User) -> Result<Challenge, Error> {
    let pool = &subject.pool.pool;
    let phone = user.attributes.get("phone_number").unwrap_or_default();
    let code = ConfirmationCode::new(service.entropy().digits(6));
    let digest = code::digest(service, pool, user, &code);
    let session = session::seal(service, subject, user, Asked::SmsCode { digest })?;
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

/// Takes the code. A wrong one leaves the session as it was, but counts as a wrong password does.
pub(super) async fn answer(
    service: &Service,
    subject: &Subject,
    session: Option<&SessionToken>,
    answers: &Parameters,
) -> Result<Outcome, Error> {
    let username = answers.username(&subject.client)?;
    let code = ConfirmationCode::new(answers.required("SMS_MFA_CODE")?.to_owned());
    let (session, user) = session::open(service, subject, session, username).await?;
    let Asked::SmsCode { digest } = session.challenge else {
        return Err(Error::not_authorized(text::SESSION_INVALID));
    };
    if user.lockout.is_locked(service.now()) {
        return Err(Error::not_authorized(text::ATTEMPTS_EXCEEDED));
    }
    let right = code::matches(service, &subject.pool.pool, &user, &code, &digest);
    match outcome_of_try(service, subject, user, right).await {
        Ok(user) => token::issue_at_sign_in(service, &subject.pool, &subject.client.client, &user)
            .map(Outcome::Tokens),
        Err(Error::NotAuthorized(_)) if !right => Err(Error::CodeMismatch(text::WRONG_MFA_CODE.into())),
        Err(other) => Err(other),
    }
}
