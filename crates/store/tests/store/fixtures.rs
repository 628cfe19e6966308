//! Records to store.

use pool::app_client::{AppClient, AppClientSettings};
use pool::attribute::{Attributes, Schema};
use pool::id::{AppClientId, Case, LoginKey, Sub, UserPoolId, Username};
use pool::ports::Change;
use pool::time::Time;
use pool::user::{Credential, User, UserStatus};
use pool::user_pool::{KeyPair, SealedKey, SignInNames, SigningKeys, UserPool, UserPoolSettings};

/// The id of pool `n`; ids are in the order of the numbers.
pub(crate) fn pool_id(n: u32) -> UserPoolId {
    UserPoolId::parse(&format!("eu-west-1_Pool{n:05}")).unwrap()
}

/// Pool `n`, whose names differ by case.
pub(crate) fn user_pool(n: u32) -> UserPool {
    UserPool {
        id: pool_id(n),
        name: format!("pool {n}"),
        sign_in_names: SignInNames::Aliases(vec!["email".to_owned()]),
        case_sensitive: None,
        schema: Schema(Vec::new()),
        signing_keys: SigningKeys::new(KeyPair {
            id_token: SealedKey(vec![1; 48]),
            access_token: SealedKey(vec![2; 48]),
            signs_from: Time(1_700_000_000_000),
        }),
        settings: UserPoolSettings::default(),
        mfa_factors: pool::user_pool::MfaFactors::default(),
        web_authn: pool::web_authn::WebAuthnConfiguration::default(),
        email_mfa: pool::user_pool::EmailMfaConfiguration::default(),
        resource_servers: Vec::new(),
        domains: pool::user_pool_domain::UserPoolDomains::default(),
        migrate_unknown_users_only: false,
        created_at: Time(1_700_000_000_000),
        modified_at: Time(1_700_000_000_000),
        version: 1,
    }
}

/// Pool `n`, whose names do not differ by case.
pub(crate) fn case_insensitive_pool(n: u32) -> UserPool {
    UserPool {
        case_sensitive: Some(false),
        ..user_pool(n)
    }
}

/// The id of app client `n`; ids are in the order of the numbers.
pub(crate) fn client_id(n: u32) -> AppClientId {
    AppClientId::parse(&format!("client{n:05}")).unwrap()
}

/// App client `n` of a pool.
pub(crate) fn app_client(n: u32, pool: &UserPoolId) -> AppClient {
    AppClient {
        id: client_id(n),
        user_pool_id: pool.clone(),
        name: format!("client {n}"),
        sealed_secret: None,
        settings: AppClientSettings::default(),
        created_at: Time(1_700_000_000_000),
        modified_at: Time(1_700_000_000_000),
        version: 1,
    }
}

/// The `sub` of user `n`; in the order of the numbers, the last digit going round.
pub(crate) fn sub(n: u32) -> Sub {
    Sub::parse(&format!("{n:08x}-0000-7000-8000-00000000000{:x}", n % 16)).unwrap()
}

/// User `n` of a pool, with attributes.
pub(crate) fn user(n: u32, pool: &UserPoolId, attributes: &[(&str, &str)]) -> User {
    User {
        user_pool_id: pool.clone(),
        sub: sub(n),
        username: Username::parse(&format!("user{n}")).unwrap(),
        attributes: attributes.iter().copied().collect::<Attributes>(),
        enabled: true,
        status: UserStatus::Confirmed,
        credential: Some(Credential {
            former: Vec::new(),
            sealed_verifier: vec![7; 450],
            set_at: Time(1_700_000_000_000),
            generation: 1,
        }),
        lockout: pool::user::Lockout::default(),
        password_changes: pool::user::HourlyTries::default(),
        codes: std::collections::BTreeMap::new(),
        mfa: pool::user::MfaPreference::default(),
        migratable: false,
        groups: Vec::new(),
        second_factor: pool::user::SecondFactor::default(),
        passkeys: Vec::new(),
        software_tokens: pool::user::SoftwareTokens::default(),
        tokens_revoked_at: None,
        created_at: Time(1_700_000_000_000),
        modified_at: Time(1_700_000_000_000),
        version: 1,
    }
}

/// The key of a name in a pool whose names differ by case.
pub(crate) fn login(name: &str) -> LoginKey {
    Case::Sensitive.login_key(name)
}

/// The change that makes `pool`.
pub(crate) fn insert_pool(pool: UserPool) -> Change {
    Change::InsertUserPool(Box::new(pool))
}

/// The change that makes `user` under these names.
pub(crate) fn insert_user(user: User, logins: &[&str]) -> Change {
    Change::InsertUser {
        user: Box::new(user),
        logins: logins.iter().map(|name| login(name)).collect(),
    }
}

/// The change that replaces `user`.
pub(crate) fn replace_user(user: User, logins: Option<&[&str]>) -> Change {
    let logins = logins.map(|names| names.iter().map(|name| login(name)).collect());
    Change::ReplaceUser {
        user: Box::new(user),
        logins,
    }
}
