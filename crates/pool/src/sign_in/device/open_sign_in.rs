//! For clients that do not bring the session of `DEVICE_SRP_AUTH`: the device's record keeps the sign-in that waits for it, and
//! who brings what only that sign-in's client can know goes on with it.
//!
//! pycognito sends no session, and the very `SRP_A` by which it has proven the password: nobody else knows the secret number
//! behind it, without which the next proof cannot be made. amazon-cognito-identity-js sends the session of the second factor that
//! came before.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq as _;

use super::super::attempt;
use super::super::session;
use super::super::step::{Course, Step};
use crate::device::{Device, OpenSignIn, update_device};
use crate::error::{Error, text};
use crate::id::DeviceKey;
use crate::pretence;
use crate::seal::Purpose;
use crate::srp::SrpA;
use crate::user::User;

/// The form in which a sign-in remembers the `SRP_A` of its password.
pub(in super::super) fn noted(step: &Step<'_>, srp_a: &SrpA) -> String {
    digest(step, "srp a", &srp_a.to_hex())
}

fn digest(step: &Step<'_>, what: &str, known: &str) -> String {
    let parts = [step.pool().id.as_str(), what, known];
    STANDARD.encode(step.service.sealer.digest(Purpose::SecretBlock, &parts))
}

/// Keeps a sign-in whose client may come back without its session.
///
/// # Errors
/// [`Error::ResourceNotFound`] when the device goes meanwhile.
pub(super) async fn keep(step: &Step<'_>, course: &Course, user: &User, device: Device) -> Result<(), Error> {
    let session = step
        .session
        .map(|session| digest(step, "session", session.expose()));
    let known_by: Vec<String> = course.srp_a.iter().cloned().chain(session).collect();
    if known_by.is_empty() {
        return Ok(());
    }
    let client = &step.subject.client.client;
    let open = OpenSignIn {
        id: step.service.entropy().uuid(),
        client_id: client.id.clone(),
        generation: session::generation(user),
        known_by,
        course: serde_json::to_value(course).map_err(Error::internal)?,
        expires_at: step.service.now().plus(client.session_life()),
    };
    update_device(step.service, user, device, |device| {
        device.open_sign_in = Some(open.clone());
    })
    .await?;
    Ok(())
}

/// A sign-in that was kept.
pub(super) struct Reopened {
    pub(super) id: String,
    pub(super) course: Course,
    pub(super) user: User,
    pub(super) device: Device,
}

/// The sign-in that the client of this call has begun; `None` when there is none, as for somebody who is not there.
///
/// # Errors
/// [`Error::NotAuthorized`] when it has ended, or its user is disabled.
pub(super) async fn reopen(
    step: &Step<'_>,
    username: &str,
    key: &str,
    srp_a: &SrpA,
) -> Result<Option<Reopened>, Error> {
    let (service, pool) = (step.service, step.pool());
    let login = pool.case().login_key(username);
    let user = service.store().find_user(&pool.id, &login).await?;
    // The same look for a device of nobody, that nothing tells the two apart.
    let sub = user
        .as_ref()
        .map_or_else(|| pretence::sub(service, pool, username), |user| user.sub.clone());
    let Some(key) = DeviceKey::parse(key) else {
        return Ok(None);
    };
    let device = service.store().find_device(&pool.id, &sub, &key).await?;
    let open = device.as_ref().and_then(|device| device.open_sign_in.clone());
    let (Some(user), Some(device), Some(open)) = (user, device, open) else {
        return Ok(None);
    };
    let session = step
        .session
        .map(|session| digest(step, "session", session.expose()));
    let brought = [Some(noted(step, srp_a)), session];
    let is_known = |known: &String| {
        let same = |brought: &String| bool::from(brought.as_bytes().ct_eq(known.as_bytes()));
        brought.iter().flatten().any(same)
    };
    let is_its_own = open.client_id == step.subject.client.client.id && open.known_by.iter().any(is_known);
    if !is_its_own || open.generation != session::generation(&user) {
        return Ok(None);
    }
    if service.now() >= open.expires_at {
        return Err(Error::not_authorized(text::SESSION_EXPIRED));
    }
    let user = attempt::standing(step.subject, user)?;
    let course = serde_json::from_value(open.course).map_err(Error::internal)?;
    Ok(Some(Reopened {
        id: open.id,
        course,
        user,
        device,
    }))
}
