//! The flows, and which of them an app client may use.
//!
//! Source: API reference, `ExplicitAuthFlows`; texts as observed, each flow worded in its own way.

use crate::app_client::ExplicitAuthFlow as Allowed;
use crate::error::{Error, text};
use crate::registry::LoadedClient;
use crate::subject::Face;

/// `AuthFlow`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthFlow {
    /// Password in the request, public API.
    UserPasswordAuth,
    /// Password in the request, admin API.
    AdminUserPasswordAuth,
    /// The former name of the same.
    AdminNoSrpAuth,
    /// SRP.
    UserSrpAuth,
    /// `REFRESH_TOKEN_AUTH` and its other name `REFRESH_TOKEN`.
    RefreshTokenAuth,
    /// Challenges of the pool's own functions.
    CustomAuth,
    /// The user chooses.
    UserAuth,
}

impl AuthFlow {
    /// Reads the API's name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "USER_PASSWORD_AUTH" => Self::UserPasswordAuth,
            "ADMIN_USER_PASSWORD_AUTH" => Self::AdminUserPasswordAuth,
            "ADMIN_NO_SRP_AUTH" => Self::AdminNoSrpAuth,
            "USER_SRP_AUTH" => Self::UserSrpAuth,
            "REFRESH_TOKEN_AUTH" | "REFRESH_TOKEN" => Self::RefreshTokenAuth,
            "CUSTOM_AUTH" => Self::CustomAuth,
            "USER_AUTH" => Self::UserAuth,
            _ => return None,
        })
    }

    /// The API's name; two of the names mean the same.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::UserPasswordAuth => "USER_PASSWORD_AUTH",
            Self::AdminUserPasswordAuth | Self::AdminNoSrpAuth => "ADMIN_USER_PASSWORD_AUTH",
            Self::UserSrpAuth => "USER_SRP_AUTH",
            Self::RefreshTokenAuth => "REFRESH_TOKEN_AUTH",
            Self::CustomAuth => "CUSTOM_AUTH",
            Self::UserAuth => "USER_AUTH",
        }
    }

    /// Whether this face and this app client may use the flow. Pages begin sign-ins as they see fit.
    pub(super) fn check(self, face: &Face, client: &LoadedClient) -> Result<(), Error> {
        if matches!(face, Face::Page) {
            return Ok(());
        }
        let admin_only = matches!(self, Self::AdminUserPasswordAuth | Self::AdminNoSrpAuth);
        if admin_only && matches!(face, Face::Public) {
            return Err(Error::invalid_parameter(text::FLOW_NOT_SUPPORTED));
        }
        let settings = &client.client.settings;
        if self == Self::RefreshTokenAuth && settings.refresh_token_rotation.is_some_and(|r| r.enabled) {
            return Err(Error::UnsupportedOperation(text::NO_ROTATION_HERE.into()));
        }
        if self.is_allowed_by(settings.explicit_auth_flows.as_deref()) {
            return Ok(());
        }
        Err(Error::InvalidParameter(match self {
            Self::AdminUserPasswordAuth | Self::AdminNoSrpAuth => text::AUTH_FLOW_NOT_ENABLED.into(),
            Self::UserSrpAuth => text::SRP_NOT_ENABLED.into(),
            Self::CustomAuth => text::CUSTOM_AUTH_NOT_ENABLED.into(),
            Self::UserPasswordAuth => text::flow_not_enabled("USER_PASSWORD_AUTH"),
            Self::RefreshTokenAuth => text::flow_not_enabled("REFRESH_TOKEN_AUTH"),
            Self::UserAuth => text::flow_not_enabled("USER_AUTH"),
        }))
    }

    /// What `ExplicitAuthFlows` allows. With nothing set, or legacy names alone, SRP, custom and refresh are open
    /// too; `CUSTOM_AUTH_FLOW_ONLY` shuts SRP.
    fn is_allowed_by(self, flows: Option<&[Allowed]>) -> bool {
        let flows = flows.unwrap_or_default();
        let has = |flow: Allowed| flows.contains(&flow);
        let implied = !flows.iter().any(|flow| flow.is_current());
        let custom_only = has(Allowed::CustomAuthFlowOnly);
        match self {
            Self::UserPasswordAuth => has(Allowed::AllowUserPasswordAuth) || has(Allowed::UserPasswordAuth),
            Self::AdminUserPasswordAuth | Self::AdminNoSrpAuth => {
                has(Allowed::AllowAdminUserPasswordAuth) || has(Allowed::AdminNoSrpAuth)
            }
            Self::UserSrpAuth => has(Allowed::AllowUserSrpAuth) || implied && !custom_only,
            Self::CustomAuth => has(Allowed::AllowCustomAuth) || custom_only || implied && flows.is_empty(),
            Self::RefreshTokenAuth => has(Allowed::AllowRefreshTokenAuth) || implied,
            Self::UserAuth => has(Allowed::AllowUserAuth),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_settings_srp_and_refresh_are_open_and_passwords_are_not() {
        assert!(AuthFlow::UserSrpAuth.is_allowed_by(None));
        assert!(AuthFlow::RefreshTokenAuth.is_allowed_by(None));
        assert!(AuthFlow::CustomAuth.is_allowed_by(None));
        assert!(!AuthFlow::UserPasswordAuth.is_allowed_by(None));
        assert!(!AuthFlow::AdminUserPasswordAuth.is_allowed_by(None));
        assert!(!AuthFlow::UserAuth.is_allowed_by(None));
    }

    #[test]
    fn a_legacy_name_keeps_srp_and_refresh_open() {
        let flows = Some([Allowed::AdminNoSrpAuth].as_slice());
        assert!(AuthFlow::AdminNoSrpAuth.is_allowed_by(flows));
        assert!(AuthFlow::AdminUserPasswordAuth.is_allowed_by(flows));
        assert!(AuthFlow::UserSrpAuth.is_allowed_by(flows));
        assert!(AuthFlow::RefreshTokenAuth.is_allowed_by(flows));
        assert!(!AuthFlow::CustomAuth.is_allowed_by(flows));
    }

    #[test]
    fn custom_auth_only_shuts_srp() {
        let flows = Some([Allowed::CustomAuthFlowOnly].as_slice());
        assert!(AuthFlow::CustomAuth.is_allowed_by(flows));
        assert!(!AuthFlow::UserSrpAuth.is_allowed_by(flows));
    }

    #[test]
    fn current_names_open_what_they_name_and_nothing_else() {
        let flows = Some([Allowed::AllowUserPasswordAuth].as_slice());
        assert!(AuthFlow::UserPasswordAuth.is_allowed_by(flows));
        assert!(!AuthFlow::UserSrpAuth.is_allowed_by(flows));
        assert!(!AuthFlow::RefreshTokenAuth.is_allowed_by(flows));
        assert!(!AuthFlow::AdminUserPasswordAuth.is_allowed_by(flows));
    }
}
