//! A company's own look of the pages: its style and logo as on the classic hosted pages, and its settings and pictures as in
//! managed login.
//!
//! Source: *Customizing hosted UI (classic) branding*, *Apply branding to managed login pages*, API reference. Chosen: both go onto
//! the same pages, whatever a domain says its version is, the settings of managed login first, the classic style over them; and
//! since every pool has pages here, none needs a domain for it (Cognito: *There has to be an existing domain associated with this
//! user pool*).

mod change;
mod create_managed_login_branding;
mod css;
mod delete_managed_login_branding;
mod describe_managed_login_branding;
mod image;
mod ui_customization;
mod update_managed_login_branding;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use create_managed_login_branding::{
    CreateManagedLoginBranding, GivenAsset, StyleContent, create_managed_login_branding,
};
pub use delete_managed_login_branding::delete_managed_login_branding;
pub use describe_managed_login_branding::{
    describe_managed_login_branding, describe_managed_login_branding_by_client,
};
pub use image::{Image, ImageKind, short_digest};
pub use ui_customization::{
    SetUICustomization, get_ui_customization, seed_ui_customization, set_ui_customization,
};
pub use update_managed_login_branding::{UpdateManagedLoginBranding, update_managed_login_branding};

use crate::error::Error;
use crate::id::{AppClientId, UserPoolId};
use crate::service::Service;
use crate::time::Time;

/// What a pool's pages look like for one app client, or for all that have nothing of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Branding {
    /// The pool.
    pub user_pool_id: UserPoolId,
    /// The app client; `None` for all.
    pub client_id: Option<AppClientId>,
    /// The look of the classic pages.
    pub ui_customization: Option<UICustomization>,
    /// The look of managed login.
    pub managed_login: Option<ManagedLoginBranding>,
    /// Counts the writes; 0 before the first.
    pub version: i64,
}

/// `UICustomization`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UICustomization {
    /// The style sheet as it was given, checked.
    pub css: Option<String>,
    /// Names this state of the style: its time, like `20250115191928`.
    pub css_version: String,
    /// The logo.
    pub image: Option<Image>,
    /// When it was made.
    pub created_at: Time,
    /// When it was last changed.
    pub modified_at: Time,
}

/// `ManagedLoginBranding`, a style of the branding editor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ManagedLoginBranding {
    /// Its id: a UUID.
    pub id: String,
    /// Whether it is Cognito's own look; then it has no settings and no assets.
    pub use_cognito_provided_values: bool,
    /// `Settings`, a document.
    pub settings: Option<Value>,
    /// `Assets`.
    pub assets: Vec<Asset>,
    /// When it was made.
    pub created_at: Time,
    /// When it was last changed.
    pub modified_at: Time,
}

/// A picture of a style.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// What it is for, like `FORM_LOGO`.
    pub category: String,
    /// `LIGHT`, `DARK` or `DYNAMIC`.
    pub color_mode: String,
    /// Its kind as the request named it, like `PNG`.
    pub extension: String,
    /// `Bytes`, if there are any.
    pub image: Option<Image>,
    /// `ResourceId`.
    pub resource_id: Option<String>,
}

impl Branding {
    /// Nothing yet.
    fn new(user_pool_id: UserPoolId, client_id: Option<AppClientId>) -> Self {
        Self {
            user_pool_id,
            client_id,
            ui_customization: None,
            managed_login: None,
            version: 0,
        }
    }
}

/// What holds for the pages of an app client: its own, or what the pool has for all; each of the two parts by itself.
#[derive(Clone, Debug, Default)]
pub struct Brandings {
    own: Option<Arc<Branding>>,
    of_all: Option<Arc<Branding>>,
}

impl Brandings {
    /// What the store has for an app client, or for all where none is named.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn find(
        service: &Service,
        user_pool_id: &UserPoolId,
        client_id: Option<&AppClientId>,
    ) -> Result<Self, Error> {
        let own = match client_id {
            Some(_) => service.find_branding(user_pool_id, client_id).await?,
            None => None,
        };
        let of_all = service.find_branding(user_pool_id, None).await?;
        Ok(Self { own, of_all })
    }

    /// The look of the classic pages.
    #[must_use]
    pub fn ui_customization(&self) -> Option<&UICustomization> {
        self.part(|branding| branding.ui_customization.as_ref())
    }

    /// Whether that is the app client's own.
    pub(super) fn has_own_ui_customization(&self) -> bool {
        self.own
            .as_ref()
            .is_some_and(|own| own.ui_customization.is_some())
    }

    /// The style of managed login.
    #[must_use]
    pub fn managed_login(&self) -> Option<&ManagedLoginBranding> {
        self.part(|branding| branding.managed_login.as_ref())
    }

    fn part<T>(&self, of: impl Fn(&Branding) -> Option<&T>) -> Option<&T> {
        let own = self.own.as_deref().and_then(&of);
        own.or_else(|| self.of_all.as_deref().and_then(&of))
    }
}
