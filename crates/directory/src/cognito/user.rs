//! A user as `AdminGetUser` shows one.

use std::fmt;

use migration::companion::groups::CarriedGroups;
use migration::{Attributes, Cause, CouldNotAsk, Profile, SecondFactor, Standing};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::GET_USER;
use super::standing::Known;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct User {
    username: String,
    #[serde(default, rename = "UserAttributes")]
    attributes: Vec<Attribute>,
    #[serde(default = "enabled")]
    enabled: bool,
    #[serde(rename = "UserStatus")]
    status: Option<String>,
    #[serde(rename = "UserMFASettingList")]
    mfa_settings: Option<Vec<String>>,
    preferred_mfa_setting: Option<String>,
    /// From `AdminListGroupsForUser`, where the groups are wanted.
    #[serde(skip)]
    groups: CarriedGroups,
    /// The older way to turn SMS on.
    #[serde(rename = "MFAOptions")]
    mfa_options: Option<Vec<IgnoredAny>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attribute {
    name: String,
    #[serde(default)]
    value: String,
}

fn enabled() -> bool {
    true
}

impl User {
    /// With the groups that another operation tells of.
    pub(crate) fn with_groups(self, groups: CarriedGroups) -> Self {
        Self { groups, ..self }
    }

    /// How the user stands when nothing but the name is known.
    pub(crate) fn standing(self) -> Result<Standing, CouldNotAsk> {
        if !self.enabled {
            return Ok(Standing::Disabled);
        }
        let standing = match self.status.as_deref() {
            Some("CONFIRMED") => match self.second_factor() {
                Some(factor) => Standing::SecondFactor(factor, self.profile()),
                None => Standing::Active(self.profile()),
            },
            Some("UNCONFIRMED") => Standing::Unconfirmed(self.profile()),
            Some("FORCE_CHANGE_PASSWORD") => Standing::PasswordMustChange(self.profile()),
            // A password that is known to others is of no use either.
            Some("RESET_REQUIRED" | "COMPROMISED") => Standing::ResetDue(self.profile()),
            Some("EXTERNAL_PROVIDER") => Standing::NoPassword,
            Some("ARCHIVED") => Standing::Disabled,
            _ => return Err(CouldNotAsk::new(Cause::NotUnderstood, GET_USER)),
        };
        Ok(standing)
    }

    /// How the user stands after what `AdminInitiateAuth` made known. A factor that is on counts although the pool
    /// did not ask for it: it may have trusted the device or thought the risk low, and here it would be lost.
    pub(crate) fn standing_of(self, known: Known) -> Result<Standing, CouldNotAsk> {
        if !self.enabled {
            return Ok(Standing::Disabled);
        }
        let standing = match known {
            Known::PasswordMustChange => Standing::PasswordMustChange(self.profile()),
            Known::ResetDue => Standing::ResetDue(self.profile()),
            Known::Unconfirmed => Standing::Unconfirmed(self.profile()),
            Known::SecondFactor(asked_for) => {
                let factor = asked_for
                    .or_else(|| self.second_factor())
                    .unwrap_or(SecondFactor::Other);
                Standing::SecondFactor(factor, self.profile())
            }
            // Tokens prove a password, whichever way the account began.
            Known::SignedIn if self.status.as_deref() == Some("EXTERNAL_PROVIDER") => {
                Standing::Active(self.profile())
            }
            Known::SignedIn => return self.standing(),
        };
        Ok(standing)
    }

    /// The preferred factor is the one that is asked for; without a preference the person chooses, and may choose SMS.
    fn second_factor(&self) -> Option<SecondFactor> {
        let settings = self.mfa_settings.as_deref().unwrap_or_default();
        let preferred = self
            .preferred_mfa_setting
            .as_deref()
            .filter(|setting| !setting.is_empty());
        let sms = match preferred {
            Some(preferred) => preferred == "SMS_MFA",
            None => settings.iter().any(|setting| setting == "SMS_MFA"),
        };
        let legacy_sms = self
            .mfa_options
            .as_ref()
            .is_some_and(|options| !options.is_empty());
        if preferred.is_none() && settings.is_empty() {
            return legacy_sms.then_some(SecondFactor::Sms);
        }
        Some(if sms {
            SecondFactor::Sms
        } else {
            SecondFactor::Other
        })
    }

    fn profile(self) -> Profile {
        let second_factor = self.second_factor();
        let attributes: Attributes = self
            .attributes
            .into_iter()
            .map(|attribute| (attribute.name, attribute.value))
            .collect();
        Profile {
            username: self.username,
            attributes,
            second_factor,
            groups: self.groups,
        }
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User")
            .field("user_status", &self.status)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(more: &str) -> User {
        let attributes = r#"[{"Name":"sub","Value":"0a"},{"Name":"email","Value":"jane@example.com"}]"#;
        serde_json::from_str(&format!(
            r#"{{"Username":"jane","UserAttributes":{attributes},{more}}}"#
        ))
        .unwrap()
    }

    fn name(more: &str) -> &'static str {
        user(more)
            .standing()
            .map_or("not understood", |standing| standing.name())
    }

    #[test]
    fn every_user_status_has_its_standing() {
        for (status, standing) in [
            ("CONFIRMED", "active"),
            ("UNCONFIRMED", "unconfirmed"),
            ("FORCE_CHANGE_PASSWORD", "password_must_change"),
            ("RESET_REQUIRED", "reset_due"),
            ("COMPROMISED", "reset_due"),
            ("EXTERNAL_PROVIDER", "no_password"),
            ("ARCHIVED", "disabled"),
            ("UNKNOWN", "not understood"),
        ] {
            assert_eq!(
                name(&format!(r#""Enabled":true,"UserStatus":"{status}""#)),
                standing,
                "{status}"
            );
            assert_eq!(
                name(&format!(r#""Enabled":false,"UserStatus":"{status}""#)),
                "disabled",
                "{status}"
            );
        }
    }

    #[test]
    fn a_second_factor_counts_although_tokens_were_given() {
        let signed_in = |more: &str| {
            let user = user(&format!(r#""Enabled":true,"UserStatus":"CONFIRMED",{more}"#));
            user.standing_of(Known::SignedIn).unwrap().name()
        };
        assert_eq!(signed_in(r#""UserMFASettingList":[]"#), "active");
        assert_eq!(
            signed_in(r#""UserMFASettingList":["SMS_MFA"]"#),
            "second_factor_sms"
        );
        assert_eq!(
            signed_in(r#""UserMFASettingList":["SOFTWARE_TOKEN_MFA"]"#),
            "second_factor_other"
        );
        let prefers_totp = r#""UserMFASettingList":["SMS_MFA","SOFTWARE_TOKEN_MFA"],"PreferredMfaSetting":"SOFTWARE_TOKEN_MFA""#;
        assert_eq!(signed_in(prefers_totp), "second_factor_other");
        assert_eq!(
            signed_in(r#""UserMFASettingList":["SOFTWARE_TOKEN_MFA","SMS_MFA"]"#),
            "second_factor_sms"
        );
        assert_eq!(
            signed_in(r#""MFAOptions":[{"DeliveryMedium":"SMS"}]"#),
            "second_factor_sms"
        );
    }

    #[test]
    fn a_disabled_user_is_disabled_whatever_the_sign_in_said() {
        for known in [
            Known::SignedIn,
            Known::ResetDue,
            Known::Unconfirmed,
            Known::PasswordMustChange,
        ] {
            let user = user(r#""Enabled":false,"UserStatus":"CONFIRMED""#);
            assert_eq!(user.standing_of(known).unwrap(), Standing::Disabled);
        }
    }
}
