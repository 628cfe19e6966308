//! `WebAuthnConfiguration` of a pool: for whom passkeys are made, and what they must do.

use serde::{Deserialize, Serialize};

/// What `SetUserPoolMfaConfig` keeps for passkeys. `UpdateUserPool` leaves it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebAuthnConfiguration {
    /// `RelyingPartyId`: the domain that passkeys belong to. Without one there are none.
    pub relying_party_id: Option<String>,
    /// `UserVerification`; `None` when never set, which is `preferred`.
    pub user_verification: Option<UserVerification>,
    /// `FactorConfiguration`; `None` when never set, which is `SINGLE_FACTOR`.
    pub factor_configuration: Option<FactorConfiguration>,
}

/// Whether an authenticator must verify its user, by a PIN, a finger or a face.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UserVerification {
    /// It must.
    Required,
    /// It should.
    Preferred,
}

impl UserVerification {
    /// As the API and WebAuthn write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Preferred => "preferred",
        }
    }
}

/// For how many factors a passkey counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FactorConfiguration {
    /// For one: a second may follow.
    SingleFactor,
    /// For both, since its user was verified.
    MultiFactorWithUserVerification,
}

impl WebAuthnConfiguration {
    /// Whether a passkey is all that a sign-in needs.
    #[must_use]
    pub fn is_multi_factor(&self) -> bool {
        self.factor_configuration == Some(FactorConfiguration::MultiFactorWithUserVerification)
    }

    /// What authenticators are told about verifying their users. A passkey that counts for both factors must.
    #[must_use]
    pub fn verification(&self) -> UserVerification {
        if self.is_multi_factor() {
            UserVerification::Required
        } else {
            self.user_verification.unwrap_or(UserVerification::Preferred)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passkey_that_counts_for_both_factors_verifies_its_user() {
        let mut configuration = WebAuthnConfiguration::default();
        assert_eq!(configuration.verification(), UserVerification::Preferred);
        configuration.factor_configuration = Some(FactorConfiguration::MultiFactorWithUserVerification);
        configuration.user_verification = Some(UserVerification::Preferred);
        assert_eq!(configuration.verification(), UserVerification::Required);
    }
}
