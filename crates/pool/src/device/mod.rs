//! Devices: what a user has signed in from, and whether it is trusted.
//!
//! Source: *Working with user devices in your user pool*.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{DeviceKey, Sub, UserPoolId};
use crate::time::Time;

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
    /// `DeviceAttributes` beside name and status, such as `last_ip_used`.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// When it was first seen.
    pub created_at: Time,
    /// When it was last changed.
    pub modified_at: Time,
    /// When it last took part in a sign-in.
    pub last_authenticated_at: Time,
    /// Counts the writes; a commit names the one it has read.
    pub version: i64,
}

/// A device's SRP salt and verifier, sealed for its pool and user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SealedVerifier(#[serde(with = "crate::encoding::base64_bytes")] pub Vec<u8>);
