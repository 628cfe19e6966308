//! A passkey of a user, and the two ceremonies: making one and using one.
//!
//! Source: Web Authentication Level 3, sections 7.1 and 7.2.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use super::attestation::Attestation;
use super::authenticator_data::AuthenticatorData;
use super::client_data::{Ceremony, ClientData};
use super::public_key::PublicKey;
use super::{Flaw, UserVerification, friendly_name};
use crate::time::Time;
use crate::user_pool::UserPool;

/// A passkey: what the pool keeps of it is public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// The credential's id, in base64url, as clients write it.
    pub credential_id: String,
    /// The public key: a COSE_Key in CBOR.
    #[serde(with = "crate::encoding::base64_bytes")]
    pub public_key: Vec<u8>,
    /// How often it had signed when last seen; 0 where its authenticator does not count.
    pub sign_count: u32,
    /// Whom it was made for.
    pub relying_party_id: String,
    /// `FriendlyCredentialName`.
    pub friendly_name: String,
    /// `AuthenticatorAttachment`, as the browser said it.
    pub attachment: Option<String>,
    /// `AuthenticatorTransports`, as the browser said it.
    pub transports: Vec<String>,
    /// When it was made.
    pub created_at: Time,
}

/// What a relying party expects of a ceremony.
#[derive(Clone, Copy)]
pub(crate) struct Expected<'a> {
    pub(crate) relying_party_id: &'a str,
    pub(crate) verification: UserVerification,
}

impl<'a> Expected<'a> {
    /// What this pool expects; `None` without a relying party id.
    pub(crate) fn of(pool: &'a UserPool) -> Option<Self> {
        let configuration = &pool.web_authn;
        Some(Self {
            relying_party_id: configuration.relying_party_id.as_deref()?,
            verification: configuration.verification(),
        })
    }
}

/// `RegistrationResponseJSON`, as far as it is looked at.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Registration {
    id: String,
    r#type: String,
    #[serde(default)]
    authenticator_attachment: Option<String>,
    response: RegistrationResponse,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RegistrationResponse {
    #[serde(rename = "clientDataJSON")]
    client_data_json: Base64Url,
    attestation_object: Base64Url,
    #[serde(default)]
    transports: Vec<String>,
}

/// `AuthenticationResponseJSON`, as far as it is looked at.
#[derive(Deserialize)]
pub(crate) struct Assertion {
    /// The credential's id.
    pub(crate) id: String,
    r#type: String,
    response: AssertionResponse,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AssertionResponse {
    #[serde(rename = "clientDataJSON")]
    client_data_json: Base64Url,
    authenticator_data: Base64Url,
    signature: Base64Url,
    #[serde(default)]
    user_handle: Option<Base64Url>,
}

/// A passkey that was used.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Used {
    /// The counter from now on.
    pub(crate) sign_count: u32,
    /// Whether the authenticator has verified its user.
    pub(crate) is_user_verified: bool,
}

impl Registration {
    /// Reads what a browser's `PublicKeyCredential` has in JSON.
    ///
    /// # Errors
    /// [`Flaw::Malformed`].
    pub(crate) fn parse(json: &serde_json::Value) -> Result<Self, Flaw> {
        Self::deserialize(json).map_err(|_| Flaw::Malformed)
    }

    /// The challenge that it was made for, in base64url: unproven, as nothing signs a registration.
    ///
    /// # Errors
    /// [`Flaw::Malformed`].
    pub(crate) fn challenge(&self) -> Result<String, Flaw> {
        ClientData::parse(&self.response.client_data_json.0).map(|data| data.challenge)
    }

    /// The new passkey, if everything about it is as it should be; that its challenge is the right one is the caller's to see.
    ///
    /// # Errors
    /// Any [`Flaw`] but of challenge and counter.
    pub(crate) fn accept(self, expected: Expected<'_>, now: Time) -> Result<Passkey, Flaw> {
        let client_data = &self.response.client_data_json.0;
        ClientData::parse(client_data)?.check(Ceremony::Create, expected.relying_party_id)?;
        let attestation = Attestation::parse(&self.response.attestation_object.0)?;
        let data = AuthenticatorData::parse(&attestation.authenticator_data)?;
        data.check(expected.relying_party_id, expected.verification)?;
        let credential = data.credential.as_ref().ok_or(Flaw::Malformed)?;
        let credential_id = URL_SAFE_NO_PAD.encode(credential.id);
        if self.r#type != "public-key" || self.id != credential_id {
            return Err(Flaw::Malformed);
        }
        let key = PublicKey::from_cbor(credential.public_key)?;
        attestation.check(&key, digest(&SHA256, client_data).as_ref())?;
        let short = |text: &String| text.len() <= 32 && text.bytes().all(|b| b.is_ascii_graphic());
        Ok(Passkey {
            credential_id,
            public_key: credential.public_key.to_vec(),
            sign_count: data.sign_count,
            relying_party_id: expected.relying_party_id.to_owned(),
            friendly_name: friendly_name::of(credential.aaguid).to_owned(),
            attachment: self.authenticator_attachment.filter(short),
            transports: self
                .response
                .transports
                .into_iter()
                .filter(short)
                .take(8)
                .collect(),
            created_at: now,
        })
    }
}

impl Assertion {
    /// Reads what a browser's `PublicKeyCredential` has in JSON.
    ///
    /// # Errors
    /// [`Flaw::Malformed`].
    pub(crate) fn parse(json: &str) -> Result<Self, Flaw> {
        serde_json::from_str(json).map_err(|_| Flaw::Malformed)
    }

    /// Whether it was made with `passkey`, by the user of this handle, for this challenge (in base64url).
    ///
    /// # Errors
    /// Any [`Flaw`].
    pub(crate) fn verify(
        &self,
        passkey: &Passkey,
        user_handle: &[u8],
        challenge: &str,
        expected: Expected<'_>,
    ) -> Result<Used, Flaw> {
        let response = &self.response;
        let client_data = ClientData::parse(&response.client_data_json.0)?;
        client_data.check(Ceremony::Get, expected.relying_party_id)?;
        if !bool::from(client_data.challenge.as_bytes().ct_eq(challenge.as_bytes())) {
            return Err(Flaw::Challenge);
        }
        let other_user = response
            .user_handle
            .as_ref()
            .is_some_and(|handle| handle.0 != user_handle);
        if self.r#type != "public-key" || self.id != passkey.credential_id || other_user {
            return Err(Flaw::Malformed);
        }
        let data = AuthenticatorData::parse(&response.authenticator_data.0)?;
        data.check(expected.relying_party_id, expected.verification)?;
        let hash = digest(&SHA256, &response.client_data_json.0);
        let message = [response.authenticator_data.0.as_slice(), hash.as_ref()].concat();
        PublicKey::from_cbor(&passkey.public_key)?.verify(&message, &response.signature.0)?;
        passkey.check_count(data.sign_count)?;
        Ok(Used {
            sign_count: data.sign_count,
            is_user_verified: data.is_user_verified(),
        })
    }
}

impl Passkey {
    /// Whether a counter may follow the one that is kept. Those that stay at 0 do not count.
    ///
    /// # Errors
    /// [`Flaw::Counter`].
    pub(crate) fn check_count(&self, next: u32) -> Result<(), Flaw> {
        if (next, self.sign_count) == (0, 0) || next > self.sign_count {
            Ok(())
        } else {
            Err(Flaw::Counter)
        }
    }
}

/// Bytes that are base64url in JSON, with or without padding.
struct Base64Url(Vec<u8>);

impl<'de> Deserialize<'de> for Base64Url {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let decoded = URL_SAFE_NO_PAD.decode(text.trim_end_matches('='));
        decoded
            .map(Self)
            .map_err(|_| serde::de::Error::custom("no base64url"))
    }
}
