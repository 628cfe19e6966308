//! The settings of an app client: their defaults, and what they may be.

use serde::{Deserialize, Serialize};

use super::OAuthSettings;
use crate::attribute::Schema;
use crate::error::{Error, text};
use crate::time::Span;
use crate::user_pool::UserPoolSettings;

/// No access or ID token lives longer. Source: API reference, `AccessTokenValidity`.
pub(crate) const LONGEST_TOKEN_LIFE: Span = Span::hours(24);

/// The settings that can change. `UpdateUserPoolClient` resets what it does not name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppClientSettings {
    /// Which flows it may use; `None` when never set: refresh, SRP and custom, no password.
    pub explicit_auth_flows: Option<Vec<ExplicitAuthFlow>>,
    /// What unknown users look like; `None` when never set, which is `LEGACY`.
    pub prevent_user_existence_errors: Option<PreventUserExistenceErrors>,
    /// How long access tokens live.
    pub access_token_validity: Option<u32>,
    /// How long ID tokens live.
    pub id_token_validity: Option<u32>,
    /// How long refresh tokens live; 0 and unset are 30 days.
    pub refresh_token_validity: u32,
    /// The units of the three.
    pub token_validity_units: TokenValidityUnits,
    /// Minutes for which a challenge may be answered, 3 to 15.
    pub auth_session_validity: u32,
    /// Whether tokens carry `origin_jti` and can be revoked.
    pub enable_token_revocation: bool,
    /// Attributes that tokens and `GetUser` show; `None` shows all.
    pub read_attributes: Option<Vec<String>>,
    /// Attributes that users may write; `None` allows all.
    pub write_attributes: Option<Vec<String>>,
    /// Whether refresh tokens rotate, and for how many seconds the one before is still good.
    pub refresh_token_rotation: Option<RefreshTokenRotation>,
    /// What the app client may ask for at the OAuth 2.0 endpoints.
    #[serde(default)]
    pub oauth: OAuthSettings,
    /// Settings that are kept and answered but that no rule reads yet, by the API's member name.
    #[serde(default)]
    pub kept: serde_json::Map<String, serde_json::Value>,
}

impl Default for AppClientSettings {
    /// Cognito's defaults.
    fn default() -> Self {
        Self {
            explicit_auth_flows: None,
            prevent_user_existence_errors: None,
            access_token_validity: None,
            id_token_validity: None,
            refresh_token_validity: 30,
            token_validity_units: TokenValidityUnits::default(),
            auth_session_validity: 3,
            enable_token_revocation: true,
            read_attributes: None,
            write_attributes: None,
            refresh_token_rotation: None,
            oauth: OAuthSettings::default(),
            kept: serde_json::Map::new(),
        }
    }
}

impl AppClientSettings {
    /// Puts in order what may be given in more than one way: a rotation that is off has no grace period. Observed.
    pub(super) fn complete(&mut self) {
        if let Some(rotation) = &mut self.refresh_token_rotation
            && !rotation.enabled
        {
            rotation.retry_grace_period_seconds = 0;
        }
    }

    /// Whether the settings agree with each other, with Cognito's ranges and with the pool's schema.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`].
    pub(super) fn check(&self, schema: &Schema) -> Result<(), Error> {
        self.check_flows()?;
        self.check_lives()?;
        self.check_attributes(schema)
    }

    /// Whether the pool's feature plan has what these settings need: choice-based sign-in is not in Lite (API reference,
    /// `ExplicitAuthFlows`), and neither is the rotation of refresh tokens (observed).
    ///
    /// # Errors
    /// [`Error::FeatureUnavailableInTier`].
    pub(super) fn check_tier(&self, pool: &UserPoolSettings) -> Result<(), Error> {
        let flows = self.explicit_auth_flows.as_deref().unwrap_or_default();
        let rotates = self
            .refresh_token_rotation
            .is_some_and(|rotation| rotation.enabled);
        if pool.is_lite() && (rotates || flows.contains(&ExplicitAuthFlow::AllowUserAuth)) {
            return Err(Error::FeatureUnavailableInTier(text::NOT_IN_LITE.into()));
        }
        Ok(())
    }

    fn check_flows(&self) -> Result<(), Error> {
        let flows = self.explicit_auth_flows.as_deref().unwrap_or_default();
        if flows.iter().any(|flow| flow.is_current()) && flows.iter().any(|flow| !flow.is_current()) {
            return Err(Error::invalid_parameter(text::MIXED_AUTH_FLOWS));
        }
        let rotates = self
            .refresh_token_rotation
            .is_some_and(|rotation| rotation.enabled);
        if rotates && flows.contains(&ExplicitAuthFlow::AllowRefreshTokenAuth) {
            return Err(Error::invalid_parameter(text::REFRESH_FLOW_WITH_ROTATION));
        }
        if self
            .refresh_token_rotation
            .is_some_and(|rotation| rotation.retry_grace_period_seconds > 60)
        {
            return Err(Error::invalid_parameter(text::GRACE_PERIOD_RANGE));
        }
        Ok(())
    }

    /// Access and ID tokens live 5 minutes to a day, refresh tokens an hour to ten years, sessions 3 to 15 minutes.
    fn check_lives(&self) -> Result<(), Error> {
        let units = self.token_validity_units;
        let access = short_life(self.access_token_validity, units.access_token);
        let id = short_life(self.id_token_validity, units.id_token);
        let refresh = refresh_life(self.refresh_token_validity, units.refresh_token);
        let short = Span::minutes(5)..=LONGEST_TOKEN_LIFE;
        let long = Span::minutes(60)..=Span::days(3650);
        if !short.contains(&access) || !short.contains(&id) || !long.contains(&refresh) {
            return Err(Error::invalid_parameter(text::TOKEN_VALIDITY_RANGE));
        }
        if refresh < access || refresh < id {
            return Err(Error::invalid_parameter(text::REFRESH_TOKEN_TOO_SHORT));
        }
        if !(3..=15).contains(&self.auth_session_validity) {
            return Err(Error::invalid_parameter(text::AUTH_SESSION_VALIDITY_RANGE));
        }
        Ok(())
    }

    fn check_attributes(&self, schema: &Schema) -> Result<(), Error> {
        let known = |name: &String| name == "identities" || schema.get(name).is_some();
        if self
            .read_attributes
            .as_ref()
            .is_some_and(|names| !names.iter().all(known))
        {
            return Err(Error::invalid_parameter(text::INVALID_READ_ATTRIBUTES));
        }
        let Some(writable) = &self.write_attributes else {
            return Ok(());
        };
        let may_be_written = |name: &String| {
            schema
                .get(name)
                .is_some_and(|_| !crate::attribute::is_never_written(name))
        };
        let has = |name: &str| writable.iter().any(|writable| writable == name);
        let mut required = schema.required();
        if writable.iter().all(may_be_written) && required.all(|attribute| has(&attribute.name)) {
            Ok(())
        } else {
            Err(Error::invalid_parameter(text::INVALID_WRITE_ATTRIBUTES))
        }
    }
}

/// `ExplicitAuthFlows`, current and legacy names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "each is the API's name")]
pub enum ExplicitAuthFlow {
    AdminNoSrpAuth,
    CustomAuthFlowOnly,
    UserPasswordAuth,
    AllowAdminUserPasswordAuth,
    AllowCustomAuth,
    AllowUserPasswordAuth,
    AllowUserSrpAuth,
    AllowRefreshTokenAuth,
    AllowUserAuth,
    AllowTokenExchangeDelegation,
    AllowTokenExchangeImpersonation,
}

impl ExplicitAuthFlow {
    /// Whether this is an `ALLOW_` name, not one of the three from before; the two kinds do not mix.
    #[must_use]
    pub fn is_current(self) -> bool {
        !matches!(
            self,
            Self::AdminNoSrpAuth | Self::CustomAuthFlowOnly | Self::UserPasswordAuth
        )
    }
}

/// What a client learns about users who do not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum PreventUserExistenceErrors {
    /// That they do not exist.
    Legacy,
    /// Nothing: they look like a wrong password.
    Enabled,
}

/// `TokenValidityUnits`; each `None` when never set: hours for access and ID tokens, days for refresh tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each is the API's name")]
pub struct TokenValidityUnits {
    pub access_token: Option<TimeUnit>,
    pub id_token: Option<TimeUnit>,
    pub refresh_token: Option<TimeUnit>,
}

/// The unit of a lifetime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "each is the API's name")]
pub enum TimeUnit {
    Seconds,
    Minutes,
    Hours,
    Days,
}

impl TimeUnit {
    /// `n` of this unit.
    #[must_use]
    pub fn times(self, n: u32) -> Span {
        let n = i64::from(n);
        match self {
            Self::Seconds => Span::seconds(n),
            Self::Minutes => Span::minutes(n),
            Self::Hours => Span::hours(n),
            Self::Days => Span::days(n),
        }
    }
}

/// `RefreshTokenRotation`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshTokenRotation {
    /// Whether each refresh gives a new refresh token.
    pub enabled: bool,
    /// Seconds for which the one before is still accepted, 0 to 60.
    pub retry_grace_period_seconds: u32,
}

/// The life of an access or ID token in `unit` (hours unless set); unset or 0 is one hour.
pub(super) fn short_life(value: Option<u32>, unit: Option<TimeUnit>) -> Span {
    match value {
        None | Some(0) => Span::hours(1),
        Some(n) => unit.unwrap_or(TimeUnit::Hours).times(n),
    }
}

/// The life of a refresh token in `unit` (days unless set); 0 is 30 days.
pub(super) fn refresh_life(value: u32, unit: Option<TimeUnit>) -> Span {
    match value {
        0 => Span::days(30),
        n => unit.unwrap_or(TimeUnit::Days).times(n),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribute::SchemaRequest;

    fn refused(change: impl FnOnce(&mut AppClientSettings)) -> Option<String> {
        let mut settings = AppClientSettings::default();
        change(&mut settings);
        settings
            .check(&Schema::standard())
            .err()
            .map(|error| error.to_string())
    }

    #[test]
    fn the_defaults_are_sound() {
        assert_eq!(refused(|_| {}), None);
    }

    #[test]
    fn legacy_and_current_flows_do_not_mix() {
        use ExplicitAuthFlow::{AdminNoSrpAuth, AllowUserSrpAuth, UserPasswordAuth};
        let with = |flows: &[ExplicitAuthFlow]| refused(|s| s.explicit_auth_flows = Some(flows.to_vec()));
        assert_eq!(with(&[AdminNoSrpAuth, UserPasswordAuth]), None);
        assert!(with(&[AdminNoSrpAuth, AllowUserSrpAuth]).is_some());
    }

    #[test]
    fn a_rotating_client_has_no_refresh_flow() {
        let rotation = |enabled| {
            Some(RefreshTokenRotation {
                enabled,
                retry_grace_period_seconds: 0,
            })
        };
        let with = |enabled| {
            refused(|settings| {
                settings.refresh_token_rotation = rotation(enabled);
                settings.explicit_auth_flows = Some(vec![ExplicitAuthFlow::AllowRefreshTokenAuth]);
            })
        };
        let text = "ALLOW_REFRESH_TOKEN_AUTH is not a permitted ExplicitAuthFlow when refresh token rotation is enabled.";
        assert_eq!(with(true).as_deref(), Some(text));
        assert_eq!(with(false), None);
    }

    #[test]
    fn a_rotation_that_is_off_has_no_grace_period() {
        let rotation = RefreshTokenRotation {
            enabled: false,
            retry_grace_period_seconds: 30,
        };
        let mut settings = AppClientSettings {
            refresh_token_rotation: Some(rotation),
            ..AppClientSettings::default()
        };
        settings.complete();
        assert_eq!(
            settings
                .refresh_token_rotation
                .map(|r| r.retry_grace_period_seconds),
            Some(0)
        );
    }

    #[test]
    fn tokens_live_within_cognitos_ranges() {
        let minutes = TokenValidityUnits {
            access_token: Some(TimeUnit::Minutes),
            ..TokenValidityUnits::default()
        };
        let access = |n, units| {
            refused(|settings| {
                settings.access_token_validity = Some(n);
                settings.token_validity_units = units;
            })
        };
        assert_eq!(access(24, TokenValidityUnits::default()), None);
        assert!(access(25, TokenValidityUnits::default()).is_some());
        assert_eq!(access(5, minutes), None);
        assert!(access(4, minutes).is_some());
        assert_eq!(refused(|settings| settings.refresh_token_validity = 0), None);
        assert!(refused(|settings| settings.refresh_token_validity = 3651).is_some());
    }

    #[test]
    fn a_refresh_token_outlives_the_others() {
        let refused = refused(|settings| {
            settings.refresh_token_validity = 1;
            settings.token_validity_units.refresh_token = Some(TimeUnit::Hours);
            settings.id_token_validity = Some(2);
        });
        assert!(refused.is_some());
    }

    #[test]
    fn sessions_last_three_to_fifteen_minutes() {
        for (minutes, sound) in [(2, false), (3, true), (15, true), (16, false)] {
            assert_eq!(
                refused(|settings| settings.auth_session_validity = minutes).is_none(),
                sound
            );
        }
    }

    #[test]
    fn write_attributes_hold_what_is_required() {
        let required = SchemaRequest {
            required: Some(true),
            ..SchemaRequest::named("email")
        };
        let schema = Schema::standard().with(vec![required]).unwrap();
        let writing = |names: &[&str]| AppClientSettings {
            write_attributes: Some(names.iter().map(|&name| name.to_owned()).collect()),
            ..AppClientSettings::default()
        };
        assert!(writing(&["email", "name"]).check(&schema).is_ok());
        let refused = writing(&["name"]).check(&schema).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "Invalid write attributes specified while creating a client"
        );
        for unwritable in ["sub", "email_verified", "custom:unknown"] {
            assert!(
                writing(&["email", unwritable]).check(&schema).is_err(),
                "{unwritable}"
            );
        }
    }

    #[test]
    fn read_attributes_are_in_the_schema() {
        let reading = |name: &str| refused(|settings| settings.read_attributes = Some(vec![name.to_owned()]));
        assert_eq!(reading("email_verified"), None);
        assert!(reading("custom:unknown").is_some());
    }
}
