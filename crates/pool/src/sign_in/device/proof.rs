//! The two answers by which a device proves itself. Between them nothing is kept: `SECRET_BLOCK` carries the exchange and what
//! the sign-in has come to, sealed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use zeroize::ZeroizeOnDrop;

use super::super::attempt;
use super::super::challenge::{Challenge, ChallengeName, Outcome};
use super::super::next::next;
use super::super::session::{self, Asked};
use super::super::step::{Course, Step};
use super::open_sign_in::{Reopened, reopen};
use super::{Standing, standing, takes_the_place};
use crate::device::{Device, find_device, unknown_device, update_device};
use crate::error::{Error, text};
use crate::id::{AppClientId, Sub};
use crate::seal::{Purpose, Sealed};
use crate::srp::{Exchange, Identity, Proof, SrpA};
use crate::time::Time;
use crate::user::{Lockout, User, update_user};

/// What `SECRET_BLOCK` of `DEVICE_PASSWORD_VERIFIER` holds.
#[derive(Serialize, Deserialize, ZeroizeOnDrop)]
struct DeviceBlock {
    #[zeroize(skip)]
    client_id: AppClientId,
    #[zeroize(skip)]
    sub: Sub,
    /// The password behind the sign-in: a newer one ends it.
    generation: u32,
    /// By which it is known that the sign-in has gone on.
    id: String,
    #[zeroize(skip)]
    course: Course,
    /// [`Exchange::to_text`].
    exchange: String,
    #[zeroize(skip)]
    expires_at: Time,
}

/// Takes `DEVICE_SRP_AUTH`: poses `DEVICE_PASSWORD_VERIFIER`.
pub(in super::super) async fn answer_srp_a(step: &Step<'_>) -> Result<Outcome, Error> {
    let username = step.username()?;
    let key = step.parameters.required("DEVICE_KEY")?;
    let srp_a = step.parameters.required("SRP_A")?;
    let srp_a = SrpA::parse(srp_a).map_err(|_| Error::invalid_parameter(text::INVALID_SRP_A))?;
    let waiting = match by_session(step, key).await {
        Err(refused @ Error::NotAuthorized(_)) => {
            reopen(step, username, key, &srp_a).await?.ok_or(refused)?
        }
        other => other?,
    };
    let verifier = waiting
        .device
        .verifier(step.service)?
        .ok_or_else(unknown_device)?;
    let exchange = Exchange::begin(&verifier, srp_a, step.service.entropy());
    let client = &step.subject.client.client;
    let block = DeviceBlock {
        client_id: client.id.clone(),
        sub: waiting.user.sub.clone(),
        generation: session::generation(&waiting.user),
        id: waiting.id,
        course: waiting.course,
        exchange: exchange.to_text().to_string(),
        expires_at: step.service.now().plus(client.session_life()),
    };
    let (sealer, entropy) = (&step.service.sealer, step.service.entropy());
    let secret_block = sealer
        .seal_json(Purpose::SecretBlock, &bound_to(step), &block, entropy)
        .map_err(Error::internal)?;
    Ok(Outcome::Challenge(Challenge {
        name: ChallengeName::DevicePasswordVerifier,
        parameters: vec![
            ("DEVICE_KEY", waiting.device.key.to_string()),
            ("SALT", verifier.salt_hex()),
            ("SECRET_BLOCK", secret_block.to_base64()),
            ("SRP_B", exchange.srp_b()),
            ("USERNAME", waiting.user.username.to_string()),
        ],
        session: None,
    }))
}

/// The sign-in of a client that brings its session.
async fn by_session(step: &Step<'_>, key: &str) -> Result<Reopened, Error> {
    if step.session.is_none() {
        return Err(session::invalid());
    }
    let (session, user) = session::open(step).await?;
    let is_asked = matches!(session.asked, Asked::DeviceSrpA);
    if !is_asked || session.course.device_key.as_deref() != Some(key) {
        return Err(session::invalid());
    }
    let device = find_device(step.service, &user, key).await?;
    Ok(Reopened {
        id: session.id().to_owned(),
        course: session.course,
        user,
        device,
    })
}

/// Takes `DEVICE_PASSWORD_VERIFIER`. A right proof counts once; a wrong one counts as a wrong second factor does.
pub(in super::super) async fn answer_proof(step: &Step<'_>) -> Result<Outcome, Error> {
    let (service, pool, now) = (step.service, step.pool(), step.service.now());
    let Brought { block, proves } = bring(step).await?;
    let Proving { user, device, right } = proves;
    let user = update_user(service, pool, user, |user| {
        if user.second_factor.lockout.is_locked(now) {
            return Err(incorrect());
        }
        if !right {
            user.second_factor.lockout = user.second_factor.lockout.after_failure(now);
            return Ok(());
        }
        if !user.enabled {
            return Err(Error::not_authorized(text::USER_DISABLED));
        }
        let is_new = user.use_once(&block.id, block.expires_at, now);
        if !is_new || session::generation(user) != block.generation {
            return Err(Error::not_authorized(text::SESSION_USED));
        }
        user.second_factor.lockout = Lockout::default();
        Ok(())
    })
    .await?;
    if !right {
        return Err(incorrect());
    }
    let mut course = block.course.clone();
    let is_still_trusted = standing(pool, &device) == Standing::Trusted;
    let spares = is_still_trusted && takes_the_place(pool, &course, &user);
    update_device(service, &user, device, |device| {
        device.open_sign_in = None;
        device.second_factor_given |= course.second_factor;
        device.last_authenticated_at = now;
    })
    .await?;
    course.second_factor |= spares;
    course.device = Some(Standing::Proven);
    next(step, course, user).await
}

/// An answer as it came: what it answers, and whether it proves the device.
struct Brought {
    block: DeviceBlock,
    proves: Proving,
}

struct Proving {
    user: User,
    device: Device,
    right: bool,
}

async fn bring(step: &Step<'_>) -> Result<Brought, Error> {
    let username = step.username()?;
    let answers = step.parameters;
    let key = answers.required("DEVICE_KEY")?;
    let secret_block = answers.required("PASSWORD_CLAIM_SECRET_BLOCK")?;
    let signature = answers.required("PASSWORD_CLAIM_SIGNATURE")?;
    let timestamp = answers.required("TIMESTAMP")?;
    let (service, pool) = (step.service, step.pool());
    let secret_block = STANDARD.decode(secret_block).map_err(|_| incorrect())?;
    let sealed = Sealed::from_bytes(secret_block.clone());
    let block: DeviceBlock = service
        .sealer
        .open_json(Purpose::SecretBlock, &bound_to(step), &sealed)
        .map_err(|_| incorrect())?;
    let login = pool.case().login_key(username);
    let user = service.store().find_user(&pool.id, &login).await?;
    let user = user.filter(|user| user.sub == block.sub).ok_or_else(incorrect)?;
    if block.client_id != step.subject.client.client.id || block.course.device_key.as_deref() != Some(key) {
        return Err(incorrect());
    }
    if service.now() >= block.expires_at {
        return Err(Error::not_authorized(text::SESSION_EXPIRED));
    }
    let user = attempt::standing(step.subject, user)?;
    let device = find_device(service, &user, key).await?;
    if standing(pool, &device) == Standing::Known {
        // It was to be remembered no longer, meanwhile.
        return Err(session::invalid());
    }
    let verifier = device.verifier(service)?.ok_or_else(unknown_device)?;
    let exchange = Exchange::from_text(&block.exchange).map_err(Error::internal)?;
    let identity = Identity {
        pool_name: &device.group_key,
        user_id: device.key.as_str(),
    };
    let proof = Proof {
        identity,
        secret_block: &secret_block,
        timestamp,
        signature,
    };
    let right = exchange.is_proven(&verifier, &proof);
    Ok(Brought {
        block,
        proves: Proving { user, device, right },
    })
}

fn incorrect() -> Error {
    Error::not_authorized(text::INCORRECT)
}

fn bound_to<'s>(step: &Step<'s>) -> [&'s str; 2] {
    [step.pool().id.as_str(), "device"]
}
