//! The app client: which flows an application may use, and how long its tokens live; one file for each operation
//! on it.

mod create_user_pool_client;
mod delete_user_pool_client;
mod describe_user_pool_client;
mod list_user_pool_clients;
mod oauth_settings;
mod settings;
mod update_user_pool_client;

use serde::{Deserialize, Serialize};

use crate::attribute::Writer;
use crate::id::{AppClientId, UserPoolId};
use crate::time::{Span, Time};

pub use create_user_pool_client::{CreateUserPoolClient, SecretChoice, create_user_pool_client};
pub use delete_user_pool_client::delete_user_pool_client;
pub use describe_user_pool_client::describe_user_pool_client;
pub use list_user_pool_clients::{ListUserPoolClients, ListedUserPoolClients, list_user_pool_clients};
pub(crate) use oauth_settings::COGNITO;
pub use oauth_settings::{OAuthFlow, OAuthSettings};
pub(crate) use settings::LONGEST_TOKEN_LIFE;
pub use settings::{
    AppClientSettings, ExplicitAuthFlow, PreventUserExistenceErrors, RefreshTokenRotation, TimeUnit,
    TokenValidityUnits,
};
pub use update_user_pool_client::{UpdateUserPoolClient, update_user_pool_client};

/// An app client of a pool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppClient {
    /// Its id.
    pub id: AppClientId,
    /// Its pool.
    pub user_pool_id: UserPoolId,
    /// Its name; others may have the same.
    pub name: String,
    /// Its secret, sealed, if it has one. Fixed.
    pub sealed_secret: Option<SealedSecret>,
    /// What `UpdateUserPoolClient` replaces.
    pub settings: AppClientSettings,
    /// When it was made.
    pub created_at: Time,
    /// When it was last changed.
    pub modified_at: Time,
    /// Counts the writes.
    pub version: i64,
}

/// An app client's secret at rest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SealedSecret(#[serde(with = "crate::encoding::base64_bytes")] pub Vec<u8>);

impl AppClient {
    /// Whether unknown users look like wrong passwords.
    #[must_use]
    pub fn hides_unknown_users(&self) -> bool {
        self.settings.prevent_user_existence_errors == Some(PreventUserExistenceErrors::Enabled)
    }

    /// How long access tokens live; 1 hour unless set.
    #[must_use]
    pub fn access_token_life(&self) -> Span {
        settings::short_life(
            self.settings.access_token_validity,
            self.settings.token_validity_units.access_token,
        )
    }

    /// How long ID tokens live; 1 hour unless set.
    #[must_use]
    pub fn id_token_life(&self) -> Span {
        settings::short_life(
            self.settings.id_token_validity,
            self.settings.token_validity_units.id_token,
        )
    }

    /// How long refresh tokens live; 30 days unless set, and 0 means 30 days.
    #[must_use]
    pub fn refresh_token_life(&self) -> Span {
        settings::refresh_life(
            self.settings.refresh_token_validity,
            self.settings.token_validity_units.refresh_token,
        )
    }

    /// How long a challenge may be answered.
    #[must_use]
    pub fn session_life(&self) -> Span {
        Span::minutes(i64::from(self.settings.auth_session_validity))
    }

    /// A user who writes attributes through this app client.
    #[must_use]
    pub fn as_writer(&self) -> Writer<'_> {
        Writer::User(self)
    }

    /// Whether tokens and `GetUser` show the attribute to this app client.
    #[must_use]
    pub fn may_read(&self, attribute: &str) -> bool {
        may(self.settings.read_attributes.as_deref(), attribute)
    }

    /// Whether users of this app client may write the attribute. Without a list they may write all, custom ones too;
    /// that nobody writes `sub` or `email_verified` is another rule. Source: API; custom ones observed.
    #[must_use]
    pub fn may_write(&self, attribute: &str) -> bool {
        may(self.settings.write_attributes.as_deref(), attribute)
    }
}

fn may(listed: Option<&[String]>, attribute: &str) -> bool {
    listed.is_none_or(|names| names.iter().any(|name| name == attribute))
}
