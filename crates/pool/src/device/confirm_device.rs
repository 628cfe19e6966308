//! `ConfirmDevice`: the device that a user has just signed in from is to be known from now on.
//!
//! Source: API reference; the text for a wrong key as observed (boto3 issue 4059, amplify-js issue 2087).

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Device, SealedVerifier, key};
use crate::error::{Error, text};
use crate::id::DeviceKey;
use crate::ports::{Change, Conflict, StoreError};
use crate::secret::AccessToken;
use crate::service::Service;
use crate::srp::Verifier;
use crate::token::{Authorized, authorize};

/// `ConfirmDevice`.
#[derive(Debug)]
pub struct ConfirmDevice {
    /// From the sign-in that made the device known.
    pub access_token: AccessToken,
    /// `DeviceKey` of its `NewDeviceMetadata`.
    pub device_key: String,
    /// `DeviceName`.
    pub device_name: Option<String>,
    /// `DeviceSecretVerifierConfig`: salt and verifier in Base64.
    pub verifier: Option<(String, String)>,
}

/// Writes the device down. Gives `UserConfirmationNecessary`: whether it is remembered only once the user says so.
///
/// # Errors
/// Those of [`authorize`]; [`Error::InvalidParameter`] for a key that is not the access token's, and for a salt or verifier that
/// is none; [`Error::DeviceKeyExists`] for a device that is confirmed already.
pub async fn confirm_device(service: &Service, request: &ConfirmDevice) -> Result<bool, Error> {
    let bearer = authorize(service, &request.access_token).await?;
    let (pool, sub) = (&bearer.pool.pool, &bearer.user.sub);
    let wrong_key = || Error::invalid_parameter(text::INVALID_DEVICE_KEY);
    let configuration = pool.settings.device_configuration().ok_or_else(wrong_key)?;
    let device_key = DeviceKey::parse(&request.device_key).ok_or_else(wrong_key)?;
    if bearer.device_key.as_ref() != Some(&device_key) {
        return Err(wrong_key());
    }
    let verifier = verifier(request)?;
    let now = service.now();
    let necessary = configuration.device_only_remembered_on_user_prompt;
    let device = Device {
        user_pool_id: pool.id.clone(),
        sub: sub.clone(),
        group_key: key::group_key(service, &pool.id, &device_key),
        name: request.device_name.clone(),
        sealed_verifier: Some(SealedVerifier::seal(
            service,
            (&pool.id, sub, &device_key),
            &verifier,
        )?),
        remembered: !necessary,
        attributes: attributes(service, &bearer, &device_key),
        second_factor_given: key::second_factor_given(service, &pool.id, &device_key),
        key: device_key,
        open_sign_in: None,
        created_at: now,
        modified_at: now,
        last_authenticated_at: now,
        version: 1,
    };
    match service.commit(vec![Change::InsertDevice(Box::new(device))]).await {
        Ok(()) => Ok(necessary),
        Err(StoreError::Conflict(Conflict::IdTaken)) => {
            Err(Error::DeviceKeyExists(text::DEVICE_KEY_EXISTS.into()))
        }
        Err(failed) => Err(failed.into()),
    }
}

/// Whose device it is, in two forms.
fn attributes(service: &Service, bearer: &Authorized, key: &DeviceKey) -> BTreeMap<String, String> {
    let (pool, place) = (&bearer.pool.pool.id, service.place());
    let owner = format!("{}.{pool}", bearer.user.username);
    let arn = format!(
        "arn:aws:cognito-idp:{}:{}:owner/{owner}/device/{key}",
        pool.region(),
        place.account
    );
    BTreeMap::from([
        ("dev:device_arn".to_owned(), arn),
        ("dev:device_owner".to_owned(), owner),
    ])
}

/// What the device will prove itself by.
fn verifier(request: &ConfirmDevice) -> Result<Verifier, Error> {
    let (salt, verifier) = request
        .verifier
        .as_ref()
        .ok_or_else(|| Error::InvalidParameter(text::missing_parameter("DeviceSecretVerifierConfig")))?;
    let number = |text: &str| STANDARD.decode(text).ok();
    number(salt)
        .zip(number(verifier))
        .and_then(|(salt, v)| Verifier::from_numbers(&salt, &v).ok())
        .ok_or_else(|| Error::invalid_parameter(text::DEVICE_VERIFIER_FORM))
}
