//! Devices: what a user has signed in from, and whether it is trusted.
//!
//! Source: *Working with user devices in your user pool*.

mod confirm_device;
mod forget_device;
mod get_device;
mod key;
mod list_devices;
mod update_device_status;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{AppClientId, DeviceKey, Sub, UserPoolId};
use crate::time::Time;

pub use confirm_device::{ConfirmDevice, confirm_device};
pub use forget_device::{admin_forget_device, forget_device};
pub(crate) use get_device::find as find_device;
pub use get_device::{admin_get_device, get_device};
pub(crate) use key::{group_key, new_key, unknown as unknown_device};
pub use list_devices::{DevicePage, ListedDevices, admin_list_devices, list_devices};
pub(crate) use update_device_status::update as update_device;
pub use update_device_status::{admin_update_device_status, update_device_status};

/// A device of a user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Device {
    /// The pool.
    pub user_pool_id: UserPoolId,
    /// Whose.
    pub sub: Sub,
    /// `DeviceKey`.
    pub key: DeviceKey,
    /// `DeviceGroupKey`: takes the pool name's place in the device's SRP.
    pub group_key: String,
    /// `DeviceName`.
    pub name: Option<String>,
    /// The sealed salt and verifier; absent until the device is confirmed.
    pub sealed_verifier: Option<SealedVerifier>,
    /// Whether the device takes the second factor's place.
    pub remembered: bool,
    /// `DeviceAttributes` beside name and status, such as `dev:device_owner`.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// Whether a sign-in from it has given a second factor: only then may it take that one's place.
    #[serde(default)]
    pub second_factor_given: bool,
    /// A sign-in that waits for the device's proof, for a client that comes back without its session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_sign_in: Option<OpenSignIn>,
    /// When it was first seen.
    pub created_at: Time,
    /// When it was last changed.
    pub modified_at: Time,
    /// When it last took part in a sign-in.
    pub last_authenticated_at: Time,
    /// Counts the writes; a commit names the one it has read.
    pub version: i64,
}

/// A sign-in that waits for its device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenSignIn {
    /// By which it is known that it has gone on.
    pub id: String,
    /// The app client.
    pub client_id: AppClientId,
    /// The password that was proven: a newer one ends the sign-in.
    pub generation: u32,
    /// Keyed digests of what its client alone can bring: the `SRP_A` of the password, the session before. One is enough.
    pub known_by: Vec<String>,
    /// What was proven.
    pub course: serde_json::Value,
    /// When it ends.
    pub expires_at: Time,
}

/// A device's SRP salt and verifier, sealed for its pool and user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SealedVerifier(#[serde(with = "crate::encoding::base64_bytes")] pub Vec<u8>);
