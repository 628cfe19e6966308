//! Pools and users for the tests of plain rules.

use super::{Lockout, User, UserStatus};
use crate::attribute::Schema;
use crate::id::{Sub, UserPoolId, Username};
use crate::time::Time;
use crate::user_pool::{SignInNames, UserPool, UserPoolSettings};

/// A pool that tells names of different case apart.
pub(crate) fn pool(sign_in_names: SignInNames) -> UserPool {
    UserPool {
        id: UserPoolId::parse("us-east-1_AbCdEf123").unwrap(),
        name: "pool".to_owned(),
        sign_in_names,
        case_sensitive: None,
        schema: Schema::standard(),
        signing_keys: crate::user_pool::SigningKeys::default(),
        settings: UserPoolSettings::default(),
        mfa_factors: crate::user_pool::MfaFactors::default(),
        web_authn: crate::web_authn::WebAuthnConfiguration::default(),
        email_mfa: crate::user_pool::EmailMfaConfiguration::default(),
        resource_servers: Vec::new(),
        domains: crate::user_pool_domain::UserPoolDomains::default(),
        migrate_unknown_users_only: false,
        created_at: Time(0),
        modified_at: Time(0),
        version: 1,
    }
}

/// A confirmed user without a password.
pub(crate) fn user(pool: &UserPool, username: &str, attributes: &[(&str, &str)]) -> User {
    User {
        user_pool_id: pool.id.clone(),
        sub: Sub::parse("00000000-0000-7000-0000-000000000000").unwrap(),
        username: Username::parse(username).unwrap(),
        attributes: attributes.iter().copied().collect(),
        enabled: true,
        status: UserStatus::Confirmed,
        credential: None,
        lockout: Lockout::default(),
        password_changes: super::HourlyTries::default(),
        codes: std::collections::BTreeMap::new(),
        mfa: super::MfaPreference::default(),
        migratable: false,
        groups: Vec::new(),
        second_factor: super::SecondFactor::default(),
        passkeys: Vec::new(),
        software_tokens: super::SoftwareTokens::default(),
        tokens_revoked_at: None,
        created_at: Time(0),
        modified_at: Time(0),
        version: 1,
    }
}
