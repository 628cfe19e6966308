//! `WEB_AUTHN`: a passkey in place of the password.
//!
//! Source: API reference of `RespondToAuthChallenge` for the answer, `WebAuthnConfigurationType` for when a passkey counts for both
//! factors. Chosen: a passkey that does not hold is answered like a wrong password.

use serde_json::json;

use super::challenge::{Challenge, ChallengeName, Outcome};
use super::choice::{Person, passkeys};
use super::next::next;
use super::session::{self, Asked};
use super::step::{Course, FirstFactor, Step};
use crate::error::{Error, text};
use crate::user::update_user;
use crate::web_authn::{Assertion, Expected, descriptors};

/// Asks for the use of one of the user's passkeys.
///
/// # Errors
/// [`Error::InvalidParameter`] for a person without any.
pub(super) fn ask(step: &Step<'_>, person: &Person<'_>) -> Result<Outcome, Error> {
    let unavailable = || Error::invalid_parameter(text::CHALLENGE_NOT_AVAILABLE);
    let user = person.user.as_ref().ok_or_else(unavailable)?;
    let expected = Expected::of(step.pool()).ok_or_else(unavailable)?;
    let challenge = step.service.entropy().opaque();
    let options = json!({
        "challenge": challenge,
        "timeout": step.subject.client.client.session_life().as_seconds() * 1000,
        "rpId": expected.relying_party_id,
        "allowCredentials": descriptors(passkeys(step.pool(), user)),
        "userVerification": expected.verification.as_str(),
    });
    let course = Course::opening(step);
    let session = session::seal_first(step, course, person, Asked::Passkey { challenge })?;
    Ok(Outcome::Choice {
        challenge: Challenge {
            name: ChallengeName::WebAuthn,
            parameters: vec![("CREDENTIAL_REQUEST_OPTIONS", options.to_string())],
            session: Some(session),
        },
        available: vec![ChallengeName::WebAuthn],
    })
}

/// Takes what the passkey has signed. The session works once, and the passkey's counter must have grown.
pub(super) async fn answer(step: &Step<'_>) -> Result<Outcome, Error> {
    step.username()?;
    let credential = step.parameters.required("CREDENTIAL")?;
    let assertion = Assertion::parse(credential)
        .map_err(|_| Error::invalid_parameter(text::INVALID_PASSKEY_CREDENTIAL))?;
    let (session, person) = session::open_first(step).await?;
    let (Asked::Passkey { challenge }, Some(user)) = (&session.asked, person.user) else {
        return Err(Error::not_authorized(text::SESSION_INVALID));
    };
    let incorrect = || Error::not_authorized(text::INCORRECT);
    let (service, pool, now) = (step.service, step.pool(), step.service.now());
    let expected = Expected::of(pool).ok_or_else(incorrect)?;
    let passkey = passkeys(pool, &user)
        .find(|passkey| passkey.credential_id == assertion.id)
        .ok_or_else(incorrect)?;
    let proof = assertion
        .verify(passkey, user.sub.as_str().as_bytes(), challenge, expected)
        .map_err(|flaw| {
            tracing::debug!(user.sub = %user.sub, reason = %flaw, "a passkey was refused");
            incorrect()
        })?;
    let user = update_user(service, pool, user, |user| {
        if !user.enabled {
            return Err(Error::not_authorized(text::USER_DISABLED));
        }
        session.spend(user, now)?;
        // It may have been deleted meanwhile, or used elsewhere.
        let passkey = user
            .passkeys
            .iter_mut()
            .find(|passkey| passkey.credential_id == assertion.id)
            .ok_or_else(incorrect)?;
        passkey.check_count(proof.sign_count).map_err(|_| incorrect())?;
        passkey.sign_count = proof.sign_count;
        Ok(())
    })
    .await?;
    let is_both =
        pool.web_authn.is_multi_factor() && user.mfa.passkey.unwrap_or(true) && proof.is_user_verified;
    let course = Course {
        first_factor: Some(FirstFactor::Passkey),
        second_factor: session.course.second_factor || is_both,
        ..session.course
    };
    next(step, course, user).await
}
