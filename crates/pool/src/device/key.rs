//! What a device is known by and proves itself with.

use crate::device::SealedVerifier;
use crate::error::{Error, text};
use crate::id::{DeviceKey, Sub, UserPoolId};
use crate::seal::{Purpose, Sealed};
use crate::service::Service;
use crate::srp::Verifier;

/// A key for a new device. Before the device is confirmed there is no record of it: so the key itself says, to who has the
/// master key, whether the sign-in gave a second factor. The access token, which is signed, holds it to that sign-in.
pub(crate) fn new_key(service: &Service, pool: &UserPoolId, second_factor: bool) -> DeviceKey {
    loop {
        let key = DeviceKey::generate(&service.place().region, service.entropy());
        if second_factor_given(service, pool, &key) == second_factor {
            return key;
        }
    }
}

/// Whether the sign-in that a key was made for gave a second factor.
pub(super) fn second_factor_given(service: &Service, pool: &UserPoolId, key: &DeviceKey) -> bool {
    digest(service, pool, "second factor", key)
        .first()
        .is_some_and(|byte| byte & 1 == 1)
}

/// `DeviceGroupKey` of a device: `-` and eight letters or digits. It follows from the key, too.
pub(crate) fn group_key(service: &Service, pool: &UserPoolId, key: &DeviceKey) -> String {
    const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let digest = digest(service, pool, "group", key);
    let letters = digest
        .iter()
        .take(8)
        .map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]));
    std::iter::once('-').chain(letters).collect()
}

fn digest(service: &Service, pool: &UserPoolId, of_what: &str, key: &DeviceKey) -> [u8; 32] {
    let parts = [pool.as_str(), of_what, key.as_str()];
    service.sealer.digest(Purpose::DeviceVerifier, &parts)
}

/// The key that a caller gives, if it is one at all.
///
/// # Errors
/// [`Error::ResourceNotFound`].
pub(crate) fn parse(text: &str) -> Result<DeviceKey, Error> {
    DeviceKey::parse(text).ok_or_else(unknown)
}

/// There is no such device.
pub(crate) fn unknown() -> Error {
    Error::ResourceNotFound(text::DEVICE_UNKNOWN.into())
}

impl SealedVerifier {
    /// Seals what a device has sent at its confirmation.
    ///
    /// # Errors
    /// [`Error::Internal`].
    pub(super) fn seal(
        service: &Service,
        (pool, sub, key): (&UserPoolId, &Sub, &DeviceKey),
        verifier: &Verifier,
    ) -> Result<Self, Error> {
        let bound_to = [pool.as_str(), sub.as_str(), key.as_str()];
        let sealed = service
            .sealer
            .seal(
                Purpose::DeviceVerifier,
                &bound_to,
                &verifier.to_bytes(),
                service.entropy(),
            )
            .map_err(Error::internal)?;
        Ok(Self(sealed.into_bytes()))
    }
}

impl super::Device {
    /// What the device proves itself by; `None` before it is confirmed.
    ///
    /// # Errors
    /// [`Error::Internal`] when it was sealed under another master key, or altered.
    pub(crate) fn verifier(&self, service: &Service) -> Result<Option<Verifier>, Error> {
        let Some(sealed) = &self.sealed_verifier else {
            return Ok(None);
        };
        let bound_to = [self.user_pool_id.as_str(), self.sub.as_str(), self.key.as_str()];
        let bytes = service
            .sealer
            .open(
                Purpose::DeviceVerifier,
                &bound_to,
                &Sealed::from_bytes(sealed.0.clone()),
            )
            .map_err(Error::internal)?;
        Verifier::from_bytes(&bytes).map(Some).map_err(Error::internal)
    }
}
