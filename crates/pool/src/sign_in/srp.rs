//! `USER_SRP_AUTH`: the password is proven without being sent.
//!
//! Between the two calls nothing is kept: `SECRET_BLOCK` carries the exchange, sealed. A user who does not exist gets, from
//! a client that hides it, a challenge like any other, the same at every try; its proof never holds.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use zeroize::ZeroizeOnDrop;

use super::attempt::{find, is_locked, outcome_of_try, standing, try_of_nobody};
use super::challenge::{Challenge, ChallengeName, Outcome};
use super::custom::Custom;
use super::device;
use super::next::next;
use super::step::{Course, Step};
use crate::error::{Error, text};
use crate::id::{AppClientId, Sub};
use crate::pretence;
use crate::seal::{Purpose, Sealed};
use crate::service::Service;
use crate::srp::{Exchange, Identity, Proof, SrpA, Verifier};
use crate::time::Time;
use crate::user::{User, UserStatus};
use crate::user_pool::UserPool;

/// What `SECRET_BLOCK` holds.
#[derive(Serialize, Deserialize, ZeroizeOnDrop)]
struct SecretBlock {
    #[zeroize(skip)]
    client_id: AppClientId,
    /// Of nobody, when the challenge is a pretence; there all the same, since a block's length shows what is in it.
    #[zeroize(skip)]
    sub: Sub,
    /// `USER_ID_FOR_SRP`.
    user_id: String,
    /// The password it was posed for: a newer one makes the proof worthless.
    generation: u32,
    /// [`Exchange::to_text`].
    exchange: String,
    /// Whether it was posed in `CUSTOM_AUTH`.
    custom: bool,
    #[zeroize(skip)]
    expires_at: Time,
}

/// Poses `PASSWORD_VERIFIER`.
pub(super) async fn begin(step: &Step<'_>) -> Result<Outcome, Error> {
    let username = step.username()?;
    let srp_a = public_value(step)?;
    let user = find(step, username).await?;
    pose(step, srp_a, username, user)
}

/// Poses the challenge as the first of `CUSTOM_AUTH`: its answer gives no tokens, it leads on to the pool's functions.
pub(super) fn pose_in_custom(
    step: &Step<'_>,
    srp_a: SrpA,
    login: &str,
    user: Option<User>,
) -> Result<Outcome, Error> {
    pose_within(step, srp_a, login, user, true)
}

/// `SRP_A`.
pub(super) fn public_value(step: &Step<'_>) -> Result<SrpA, Error> {
    SrpA::parse(step.parameters.required("SRP_A")?).map_err(|_| Error::invalid_parameter(text::INVALID_SRP_A))
}

/// Poses the challenge to a user, or to nobody of the name that was typed.
pub(super) fn pose(step: &Step<'_>, srp_a: SrpA, login: &str, user: Option<User>) -> Result<Outcome, Error> {
    pose_within(step, srp_a, login, user, false)
}

fn pose_within(
    step: &Step<'_>,
    srp_a: SrpA,
    login: &str,
    user: Option<User>,
    custom: bool,
) -> Result<Outcome, Error> {
    let (service, subject, pool) = (step.service, step.subject, step.pool());
    let user_id = match &user {
        Some(user) => user.username.to_string(),
        None => pretence::user_id(service, pool, login),
    };
    let (verifier, generation) = verifier_of(service, pool, user.as_ref(), &user_id)?;
    let exchange = Exchange::begin(&verifier, srp_a, service.entropy());
    let block = SecretBlock {
        client_id: subject.client.client.id.clone(),
        sub: user.map_or_else(|| Sub::generate(service.entropy()), |user| user.sub),
        user_id: user_id.clone(),
        generation,
        exchange: exchange.to_text().to_string(),
        custom,
        expires_at: service.now().plus(subject.client.client.session_life()),
    };
    let sealed = service
        .sealer
        .seal_json(
            Purpose::SecretBlock,
            &[pool.id.as_str()],
            &block,
            service.entropy(),
        )
        .map_err(Error::internal)?;
    Ok(Outcome::Challenge(Challenge {
        name: ChallengeName::PasswordVerifier,
        parameters: vec![
            ("SALT", verifier.salt_hex()),
            ("SECRET_BLOCK", sealed.to_base64()),
            ("SRP_B", exchange.srp_b()),
            ("USERNAME", user_id.clone()),
            ("USER_ID_FOR_SRP", user_id),
        ],
        session: None,
    }))
}

/// Judges the answer to `PASSWORD_VERIFIER`.
pub(super) async fn verify(step: &Step<'_>) -> Result<Outcome, Error> {
    let (service, subject, answers) = (step.service, step.subject, step.parameters);
    let username = step.username()?;
    let secret_block = answers.required("PASSWORD_CLAIM_SECRET_BLOCK")?;
    let signature = answers.required("PASSWORD_CLAIM_SIGNATURE")?;
    let timestamp = answers.required("TIMESTAMP")?;
    let pool = &subject.pool.pool;
    let incorrect = || Error::not_authorized(text::INCORRECT);
    let block_bytes = STANDARD.decode(secret_block).map_err(|_| incorrect())?;
    let sealed = Sealed::from_bytes(block_bytes.clone());
    let block: SecretBlock = service
        .sealer
        .open_json(Purpose::SecretBlock, &[pool.id.as_str()], &sealed)
        .map_err(|_| incorrect())?;
    if block.client_id != subject.client.client.id {
        return Err(incorrect());
    }
    if service.now() >= block.expires_at {
        return Err(Error::not_authorized(text::SESSION_EXPIRED));
    }
    let user = service
        .store()
        .find_user(&pool.id, &pool.case().login_key(username))
        .await?;
    let user = user.filter(|user| block.sub == user.sub);
    let user = user.map(|user| standing(subject, user)).transpose()?;
    if user
        .as_ref()
        .is_some_and(|user| is_locked(service, user, service.now()))
    {
        return Err(Error::not_authorized(text::ATTEMPTS_EXCEEDED));
    }
    let exchange = Exchange::from_text(&block.exchange).map_err(Error::internal)?;
    let is_proven = |user: Option<&User>| -> Result<bool, Error> {
        let (verifier, generation) = verifier_of(service, pool, user, &block.user_id)?;
        let proof = Proof {
            identity: Identity::new(pool.id.as_str(), &block.user_id),
            secret_block: &block_bytes,
            timestamp,
            signature,
        };
        Ok(exchange.is_proven(&verifier, &proof) && generation == block.generation)
    };
    let Some(user) = user else {
        return try_of_nobody(step, username, || drop(std::hint::black_box(is_proven(None)))).await;
    };
    let proven = is_proven(Some(&user))? && user.credential.is_some();
    let user = outcome_of_try(service, subject, user, proven).await?;
    if user.status == UserStatus::Unconfirmed {
        return Err(Error::UserNotConfirmed(text::USER_NOT_CONFIRMED.into()));
    }
    let course = Course {
        custom: block.custom.then(Custom::after_srp_a),
        srp_a: Some(device::noted(step, exchange.srp_a())),
        ..Course::after_password(step)
    };
    next(step, course, user).await
}

/// The user's verifier and the number of their password; for those without one a pretence that is the same for the
/// same name at every try.
fn verifier_of(
    service: &Service,
    pool: &UserPool,
    user: Option<&User>,
    user_id: &str,
) -> Result<(Verifier, u32), Error> {
    if let Some((user, credential)) = user.and_then(|user| Some((user, user.credential.as_ref()?))) {
        return Ok((
            credential.verifier(service, pool, &user.username)?,
            credential.generation,
        ));
    }
    Ok((pretence::verifier(service, pool, user_id)?, 0))
}
