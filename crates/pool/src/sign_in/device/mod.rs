//! Devices in a sign-in: one that is remembered proves itself by SRP (`DEVICE_SRP_AUTH`, then `DEVICE_PASSWORD_VERIFIER`) and
//! may take the second factor's place; one that is unknown gets a key.
//!
//! Source: *Working with user devices in your user pool*; the steps as amazon-cognito-identity-js, Amplify and pycognito take
//! them. A device takes the second factor's place only once a sign-in from it has given one, as observed (amplify-js issue
//! 8977): whoever remembered a device before the user turned a second factor on is asked for it. Until then, and in pools whose
//! devices spare nothing, the device proves itself after the second factor, since clients take tokens to be what follows.

mod open_sign_in;
mod proof;

use serde::{Deserialize, Serialize};

use super::challenge::{Challenge, ChallengeName};
use super::session::{self, Asked};
use super::step::{Course, Step};
use crate::device::{Device, find_device, group_key, new_key};
use crate::error::Error;
use crate::id::DeviceKey;
use crate::mfa::{self, Due};
use crate::token::NewDevice;
use crate::user::User;
use crate::user_pool::{DeviceConfiguration, UserPool};

pub(super) use open_sign_in::noted;
pub(super) use proof::{answer_proof, answer_srp_a};

/// What a sign-in knows of the device that it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Standing {
    /// It is the user's, and that is all.
    Known,
    /// It is remembered: it has to prove itself before there are tokens.
    Remembered,
    /// It is remembered, and its proof is as good as a second factor.
    Trusted,
    /// It has proven itself.
    Proven,
}

/// The course with what the device that the client says it is counts for; and the device, when this call has read it. Where the
/// password is all that was proven, a device that is not the user's is an error by which clients drop its key and begin anew;
/// later that would cost the user the proofs, and the client is told a new key instead (chosen).
pub(super) async fn recognise(
    step: &Step<'_>,
    mut course: Course,
    user: &User,
) -> Result<(Course, Option<Device>), Error> {
    let is_settled = course.device.is_some() || course.is_up_to_the_functions();
    if is_settled || tracking(step.pool()).is_none() {
        return Ok((course, None));
    }
    let given = || step.parameters.get("DEVICE_KEY").map(str::to_owned);
    let Some(key) = course.device_key.take().or_else(given) else {
        return Ok((course, None));
    };
    match find_device(step.service, user, &key).await {
        Ok(device) => {
            course.device = Some(standing(step.pool(), &device));
            course.device_key = Some(key);
            Ok((course, Some(device)))
        }
        Err(Error::ResourceNotFound(_)) if !is_first_proof(step) => Ok((course, None)),
        Err(failed) => Err(failed),
    }
}

/// The challenge that comes in the second factor's place, if the device is to take it.
pub(super) async fn ask_in_place(
    step: &Step<'_>,
    course: &Course,
    user: &User,
    device: Option<Device>,
) -> Result<Option<Challenge>, Error> {
    if !takes_the_place(step.pool(), course, user) {
        return Ok(None);
    }
    ask(step, course, user, device).await.map(Some)
}

/// The challenge that comes when all else is proven, if the device is still to prove itself.
pub(super) async fn ask_last(
    step: &Step<'_>,
    course: &Course,
    user: &User,
    device: Option<Device>,
) -> Result<Option<Challenge>, Error> {
    if !matches!(course.device, Some(Standing::Remembered | Standing::Trusted)) {
        return Ok(None);
    }
    ask(step, course, user, device).await.map(Some)
}

async fn ask(
    step: &Step<'_>,
    course: &Course,
    user: &User,
    device: Option<Device>,
) -> Result<Challenge, Error> {
    let device = match (device, &course.device_key) {
        (None, Some(key)) => find_device(step.service, user, key).await?,
        (device, _) => device.ok_or_else(session::invalid)?,
    };
    open_sign_in::keep(step, course, user, device).await?;
    Ok(Challenge {
        name: ChallengeName::DeviceSrpAuth,
        parameters: vec![("USERNAME", user.username.to_string())],
        session: Some(session::seal(step, course.clone(), user, Asked::DeviceSrpA)?),
    })
}

/// The device that the tokens of a sign-in name: the one that it came from, or a new one whose keys the client gets.
pub(super) fn of_tokens(step: &Step<'_>, course: &Course) -> (Option<DeviceKey>, Option<NewDevice>) {
    let (service, pool) = (step.service, step.pool());
    if tracking(pool).is_none() {
        return (None, None);
    }
    let known = course.device_key.as_deref().filter(|_| course.device.is_some());
    if let Some(key) = known.and_then(DeviceKey::parse) {
        return (Some(key), None);
    }
    let key = new_key(service, &pool.id, course.second_factor);
    let new = NewDevice {
        key: key.clone(),
        group_key: group_key(service, &pool.id, &key),
    };
    (Some(key), Some(new))
}

fn tracking(pool: &UserPool) -> Option<DeviceConfiguration> {
    pool.settings.device_configuration()
}

fn standing(pool: &UserPool, device: &Device) -> Standing {
    let spares = tracking(pool).is_some_and(|configuration| configuration.challenge_required_on_new_device);
    if !device.remembered || device.sealed_verifier.is_none() {
        Standing::Known
    } else if spares && device.second_factor_given {
        Standing::Trusted
    } else {
        Standing::Remembered
    }
}

/// Whether the device stands for a second factor that is due. It stands for one that the user has, never for setting one up.
fn takes_the_place(pool: &UserPool, course: &Course, user: &User) -> bool {
    course.device == Some(Standing::Trusted)
        && !course.second_factor
        && matches!(mfa::due(pool, user), Due::Factor(_) | Due::Choice(_))
}

/// Whether a call has proven the password and nothing is used up by it.
fn is_first_proof(step: &Step<'_>) -> bool {
    matches!(step.answers, None | Some(ChallengeName::PasswordVerifier))
}
