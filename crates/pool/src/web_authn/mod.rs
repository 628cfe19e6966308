//! Passkeys: WebAuthn as far as a user pool is its relying party, one file for each operation on them.
//!
//! What is checked is the whole of *Registering a New Credential* and *Verifying an Authentication Assertion* (Web
//! Authentication Level 3, sections 7.1 and 7.2) that a relying party needs that trusts no attestation and asks for no
//! extension. The signatures are verified by aws-lc.

mod attestation;
mod authenticator_data;
mod challenge;
mod client_data;
mod complete_web_authn_registration;
mod configuration;
mod delete_web_authn_credential;
mod flaw;
mod friendly_name;
mod list_web_authn_credentials;
mod passkey;
mod public_key;
mod start_web_authn_registration;
#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use crate::error::{Error, text};
use crate::user_pool::{FirstFactor, UserPool};

pub use complete_web_authn_registration::{
    CompleteWebAuthnRegistration, complete_registration_of, complete_web_authn_registration,
};
pub use configuration::{FactorConfiguration, UserVerification, WebAuthnConfiguration};
pub use delete_web_authn_credential::delete_web_authn_credential;
pub(crate) use flaw::Flaw;
pub use list_web_authn_credentials::{
    ListWebAuthnCredentials, ListedWebAuthnCredentials, list_web_authn_credentials,
};
pub use passkey::Passkey;
pub(crate) use passkey::{Assertion, Expected};
pub use start_web_authn_registration::{start_registration_of, start_web_authn_registration};

/// Most passkeys of a user. Source: quotas.
const MOST: usize = 20;

/// What a pool's ceremonies must be like.
///
/// # Errors
/// [`Error::WebAuthnNotEnabled`] where passkeys open no sign-in, [`Error::WebAuthnConfigurationMissing`] without a relying
/// party id.
fn expected(pool: &UserPool) -> Result<Expected<'_>, Error> {
    if !pool.settings.first_factors.contains(&FirstFactor::WebAuthn) {
        return Err(Error::WebAuthnNotEnabled(text::WEB_AUTHN_NOT_ENABLED.into()));
    }
    Expected::of(pool)
        .ok_or_else(|| Error::WebAuthnConfigurationMissing(text::WEB_AUTHN_CONFIGURATION_MISSING.into()))
}

/// Whether a browser's `PublicKeyCredential` in JSON would be taken for a new passkey, if its challenge were the right one: all
/// that is read of it is read. For those who look for inputs that break the reading.
#[must_use]
pub fn is_registration(credential: &Value, relying_party_id: &str) -> bool {
    let expected = Expected {
        relying_party_id,
        verification: UserVerification::Preferred,
    };
    passkey::Registration::parse(credential)
        .and_then(|registration| registration.accept(expected, crate::time::Time(0)))
        .is_ok()
}

/// Passkeys as the options of a ceremony name them.
pub(crate) fn descriptors<'p>(passkeys: impl Iterator<Item = &'p Passkey>) -> Value {
    passkeys
        .map(|passkey| {
            json!({
                "type": "public-key",
                "id": passkey.credential_id,
                "transports": passkey.transports,
            })
        })
        .collect()
}
