//! The user pool: what is fixed when it is made, and its settings; one file for each operation on it.

mod add_custom_attributes;
mod create_user_pool;
mod delete_user_pool;
mod describe_user_pool;
mod list_user_pools;
mod message_settings;
mod mfa_factors;
pub mod password_policy;
mod rotate_signing_keys;
mod set_user_pool_mfa_config;
mod settings;
mod signing_keys;
mod update_user_pool;

use serde::{Deserialize, Serialize};

use crate::attribute::Schema;
use crate::id::{Case, UserPoolId};
use crate::resource_server::ResourceServer;
use crate::time::Time;
use crate::user_pool_domain::UserPoolDomains;
use crate::web_authn::WebAuthnConfiguration;

pub use add_custom_attributes::{AddCustomAttributes, add_custom_attributes};
pub use create_user_pool::{CreateUserPool, create_user_pool};
pub use delete_user_pool::delete_user_pool;
pub(crate) use describe_user_pool::read as read_user_pool;
pub use describe_user_pool::{DescribedUserPool, describe_user_pool};
pub use list_user_pools::{ListUserPools, ListedUserPools, list_user_pools};
pub use message_settings::{
    DefaultEmailOption, EmailConfiguration, EmailMfaConfiguration, EmailSendingAccount, MessageSettings,
    VerificationMessageTemplate,
};
pub use mfa_factors::MfaFactors;
pub use password_policy::PasswordPolicy;
pub(crate) use rotate_signing_keys::open as open_signing_key;
pub use rotate_signing_keys::{DescribedKeyPair, list_signing_keys, rotate_signing_keys};
pub use set_user_pool_mfa_config::{
    SetUserPoolMfaConfig, SmsMfaConfiguration, get_user_pool_mfa_config, set_user_pool_mfa_config,
};
pub use settings::{
    DeviceConfiguration, FirstFactor, InviteMessageTemplate, LambdaConfig, Mfa, RecoveryMechanism,
    TokenEventVersion, UserPoolSettings,
};
pub use signing_keys::{KeyPair, KeyState, SealedKey, SigningKeys};
pub(crate) use update_user_pool::change_user_pool;
pub use update_user_pool::{UpdateUserPool, update_user_pool};

/// A user pool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UserPool {
    /// Its id.
    pub id: UserPoolId,
    /// Its name; others may have the same.
    pub name: String,
    /// What else than the user name signs in. Fixed.
    pub sign_in_names: SignInNames,
    /// `UsernameConfiguration.CaseSensitive` as it was given; the API shows it only then. Fixed.
    pub case_sensitive: Option<bool>,
    /// The attributes that users may have.
    pub schema: Schema,
    /// The keys that sign tokens.
    pub signing_keys: SigningKeys,
    /// What `UpdateUserPool` replaces.
    pub settings: UserPoolSettings,
    /// Which second factors it offers. `SetUserPoolMfaConfig` sets it; `UpdateUserPool` leaves it.
    #[serde(default)]
    pub mfa_factors: MfaFactors,
    /// What passkeys of its users are to be. `SetUserPoolMfaConfig` sets it; `UpdateUserPool` leaves it.
    #[serde(default)]
    pub web_authn: WebAuthnConfiguration,
    /// How codes of a sign-in by e-mail read. `SetUserPoolMfaConfig` sets it; `UpdateUserPool` leaves it.
    #[serde(default)]
    pub email_mfa: EmailMfaConfiguration,
    /// The APIs that its tokens open, in the order of their identifiers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resource_servers: Vec<ResourceServer>,
    /// The host names of its endpoints and pages.
    #[serde(default)]
    pub domains: UserPoolDomains,
    /// Whether the *migrate user* trigger is asked about unknown users alone, as at Cognito. Otherwise it is asked too about
    /// those whom it has made at a forgotten password, until they have a password here. Fixed.
    #[serde(default)]
    pub migrate_unknown_users_only: bool,
    /// When it was made.
    pub created_at: Time,
    /// When it was last changed.
    pub modified_at: Time,
    /// Counts the writes.
    pub version: i64,
}

impl UserPool {
    /// Whether names that differ in case alone are two. The API's default is that they are.
    #[must_use]
    pub fn case(&self) -> Case {
        if self.case_sensitive == Some(false) {
            Case::Insensitive
        } else {
            Case::Sensitive
        }
    }

    /// Whether one of the pool's resource servers has this scope: `<identifier>/<name>`.
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        let of = |server: &ResourceServer| {
            let name = scope
                .strip_prefix(&server.identifier)
                .and_then(|rest| rest.strip_prefix('/'));
            name.is_some_and(|name| server.scopes.iter().any(|own| own.name == name))
        };
        self.resource_servers.iter().any(of)
    }

    /// Whether the attribute is one of the pool's aliases.
    #[must_use]
    pub fn has_alias(&self, attribute: &str) -> bool {
        matches!(&self.sign_in_names, SignInNames::Aliases(names) if names.iter().any(|name| name == attribute))
    }
}

/// What people may type to sign in. Fixed when a pool is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignInNames {
    /// The user name alone.
    Username,
    /// The user name, and these attributes once verified (`preferred_username`: once set).
    Aliases(Vec<String>),
    /// These attributes (`email`, `phone_number`), verified or not; the user name is generated.
    UsernameAttributes(Vec<String>),
}
