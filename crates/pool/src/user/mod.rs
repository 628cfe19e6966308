//! The user: one aggregate, read and written whole.

mod admin_create_user;
mod admin_delete_user;
mod admin_delete_user_attributes;
mod admin_enable_user;
mod admin_get_user;
mod admin_reset_user_password;
mod admin_set_user_password;
mod admin_update_user_attributes;
mod alias;
mod credential;
mod filter;
#[cfg(test)]
pub(crate) mod fixture;
mod get_user_auth_factors;
mod hourly_tries;
mod invitation;
mod list_users;
mod logins;
mod names;
mod new_user;
mod password_history;
mod search;
mod seed_user;
mod temporary_password;
mod update;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::attribute::Attributes;
use crate::id::{GroupId, Sub, UserPoolId, Username};
use crate::ports::Medium;
use crate::time::Time;
use crate::web_authn::Passkey;

pub use admin_create_user::{AdminCreateUser, MessageAction, admin_create_user};
pub use admin_delete_user::admin_delete_user;
pub(crate) use admin_delete_user::remove;
pub use admin_delete_user_attributes::{AdminDeleteUserAttributes, admin_delete_user_attributes};
pub use admin_enable_user::{admin_disable_user, admin_enable_user};
pub use admin_get_user::admin_get_user;
pub use admin_reset_user_password::{AdminResetUserPassword, admin_reset_user_password};
pub use admin_set_user_password::{AdminSetUserPassword, admin_set_user_password};
pub use admin_update_user_attributes::{AdminUpdateUserAttributes, admin_update_user_attributes};
pub(crate) use credential::spend_the_work;
pub use get_user_auth_factors::{UserAuthFactors, admin_get_user_auth_factors, get_user_auth_factors};
pub use hourly_tries::HourlyTries;
pub(crate) use invitation::known_as;
pub use list_users::{ListUsers, ListedUser, ListedUsers, list_users};
pub(crate) use names::{attributes_anew, attributes_written_by_user};
pub(crate) use new_user::{NewUser, Required, credential, draft, insert_user, store};
pub use search::{Comparison, SearchKey};
pub use seed_user::{SeedUser, has_password, seed_user};
pub(crate) use update::{get_again, update_user, update_user_and_aliases};

/// A user of a pool. Written down, it holds what differs from everybody's: most users are read and written at every sign-in
/// and never lock themselves out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// The pool.
    pub user_pool_id: UserPoolId,
    /// The unchangeable id.
    pub sub: Sub,
    /// The name in the pool; in a pool with username attributes the same text as `sub`.
    pub username: Username,
    /// All attributes but `sub`.
    pub attributes: Attributes,
    /// False once an administrator has disabled the user.
    pub enabled: bool,
    /// Where the user stands.
    pub status: UserStatus,
    /// What proves the password; absent where there is none.
    pub credential: Option<Credential>,
    /// Wrong passwords of late.
    #[serde(default, skip_serializing_if = "is_default")]
    pub lockout: Lockout,
    /// Tries of `ChangePassword`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub password_changes: HourlyTries,
    /// Codes that have been sent and not used, one a purpose.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub codes: BTreeMap<CodePurpose, IssuedCode>,
    /// Which second factors the user has turned on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mfa: MfaPreference,
    /// Whether the *migrate user* trigger has made the user at a forgotten password. Until a password is set here, the one of
    /// the old directory moves in still.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub migratable: bool,
    /// The groups that the user is in. One that is deleted since stays here and means nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupId>,
    /// What became of codes that followed the password.
    #[serde(default, skip_serializing_if = "is_default")]
    pub second_factor: SecondFactor,
    /// The passkeys, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passkeys: Vec<Passkey>,
    /// The user's authenticator app.
    #[serde(default, skip_serializing_if = "SoftwareTokens::is_empty")]
    pub software_tokens: SoftwareTokens,
    /// Tokens of sign-ins up to this second are worth nothing any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens_revoked_at: Option<Time>,
    /// When the user was made.
    pub created_at: Time,
    /// When the user was last changed.
    pub modified_at: Time,
    /// Counts the writes; a commit names the one it has read.
    pub version: i64,
}

/// Whether there is nothing to tell of.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl User {
    /// All attributes in the order in which the API lists them: `sub` comes last. Observed at `GetUser`.
    pub fn listed_attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes.iter().chain([("sub", self.sub.as_str())])
    }

    /// Remembers that what is known by `id` was used, until it would have ended anyway; false when it had been used before.
    pub(crate) fn use_once(&mut self, id: &str, ends_at: Time, now: Time) -> bool {
        let used = &mut self.second_factor.used_sessions;
        used.retain(|_, ends_at| now < *ends_at);
        used.insert(id.to_owned(), ends_at).is_none()
    }
}

/// `UserStatus` of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UserStatus {
    /// Signed up, contact not confirmed.
    Unconfirmed,
    /// In good standing.
    Confirmed,
    /// The password has to be reset with a code first.
    ResetRequired,
    /// Has a temporary password and must choose another at sign-in.
    ForceChangePassword,
    /// Comes from another identity provider and has no password here.
    ExternalProvider,
}

impl UserStatus {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Unconfirmed,
        Self::Confirmed,
        Self::ResetRequired,
        Self::ForceChangePassword,
        Self::ExternalProvider,
    ];

    /// As the API writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unconfirmed => "UNCONFIRMED",
            Self::Confirmed => "CONFIRMED",
            Self::ResetRequired => "RESET_REQUIRED",
            Self::ForceChangePassword => "FORCE_CHANGE_PASSWORD",
            Self::ExternalProvider => "EXTERNAL_PROVIDER",
        }
    }
}

/// What the pool keeps instead of a password: the SRP salt and verifier, sealed, bound to pool and user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Credential {
    /// The sealed verifier.
    #[serde(with = "crate::encoding::base64_bytes")]
    pub sealed_verifier: Vec<u8>,
    /// When this password was set; a temporary one ends some days later.
    pub set_at: Time,
    /// Counts the passwords of this user: a session of an earlier one is used up.
    pub generation: u32,
    /// The passwords before, newest first, as far as the pool's policy has a history.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<FormerPassword>,
}

/// The sealed verifier of a password that a user had.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FormerPassword(#[serde(with = "crate::encoding::base64_bytes")] pub Vec<u8>);

/// Wrong passwords in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lockout {
    /// How many since the last success or quiet quarter of an hour.
    pub failures: u32,
    /// When the last one was.
    pub last_failure_at: Option<Time>,
}

/// The second factors that a user has turned on: `UserMFASettingList` and `PreferredMfaSetting`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MfaPreference {
    /// Those that may be asked for.
    pub enabled: BTreeSet<MfaMethod>,
    /// The one that is asked for without a choice.
    pub preferred: Option<MfaMethod>,
    /// Whether a passkey counts for both factors, where it does in the pool; so it does for who has never said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passkey: Option<bool>,
}

impl MfaPreference {
    /// A code by SMS, or nothing.
    #[must_use]
    pub fn sms(enabled: bool) -> Self {
        Self {
            enabled: enabled.then_some(MfaMethod::SmsMfa).into_iter().collect(),
            preferred: None,
            passkey: None,
        }
    }
}

/// A kind of second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MfaMethod {
    /// A code by SMS.
    SmsMfa,
    /// A code of an authenticator app.
    SoftwareTokenMfa,
    /// A code by e-mail.
    EmailOtp,
}

impl MfaMethod {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::SmsMfa, Self::SoftwareTokenMfa, Self::EmailOtp];

    /// As the API writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SmsMfa => "SMS_MFA",
            Self::SoftwareTokenMfa => "SOFTWARE_TOKEN_MFA",
            Self::EmailOtp => "EMAIL_OTP",
        }
    }
}

/// A user's authenticator app, and the one that is to take its place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SoftwareTokens {
    /// The one whose secret was given out last and that no code has proven yet.
    pub pending: Option<SoftwareToken>,
    /// The app whose codes count.
    pub verified: Option<SoftwareToken>,
}

impl SoftwareTokens {
    /// Whether there is nothing to keep.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Makes this the app whose codes count.
    pub(crate) fn register(&mut self, token: SoftwareToken) {
        *self = Self {
            pending: None,
            verified: Some(token),
        };
    }
}

/// An authenticator app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoftwareToken {
    /// The sealed secret.
    #[serde(with = "crate::encoding::base64_bytes")]
    pub sealed_secret: Vec<u8>,
    /// `FriendlyDeviceName`.
    pub friendly_name: Option<String>,
    /// The newest step whose code was used: each code works once.
    pub last_step: i64,
}

/// What is remembered of the codes that follow a password. A right password forgives no wrong code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactor {
    /// Wrong codes in a row.
    pub lockout: Lockout,
    /// Sessions that a right code has used up, by their id, each until it would have ended anyway.
    pub used_sessions: BTreeMap<String, Time>,
}

/// What a code is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum CodePurpose {
    /// Resets the password.
    ResetPassword,
    /// Confirms a sign-up.
    ConfirmSignUp,
    /// Verifies the e-mail address.
    VerifyEmail,
    /// Verifies the phone number.
    VerifyPhoneNumber,
}

/// A code that has been sent: only its keyed digest is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IssuedCode {
    /// HMAC-SHA256 of the code.
    #[serde(with = "crate::encoding::base64_bytes")]
    pub digest: Vec<u8>,
    /// When it was sent.
    pub issued_at: Time,
    /// From when on it is refused.
    pub expires_at: Time,
    /// When the hour began in which codes and wrong tries are counted.
    pub window_started_at: Time,
    /// Codes sent in that hour.
    pub sent: u32,
    /// Wrong codes given in that hour.
    pub wrong_tries: u32,
    /// Where it was sent; absent in codes of earlier releases.
    #[serde(default)]
    pub destination: Option<Destination>,
}

/// Where a code was sent, and so what it proves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destination {
    /// How.
    pub medium: Medium,
    /// The whole address or number.
    pub value: String,
    /// Whether the user's attribute takes this value once the code has come back; otherwise it has it already.
    #[serde(default)]
    pub pending: bool,
}
