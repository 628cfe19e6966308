//! Passkeys: WebAuthn as far as a user pool is its relying party.

mod configuration;

pub use configuration::{FactorConfiguration, UserVerification, WebAuthnConfiguration};
