//! The settings of a pool: their defaults, and what they may be.
//!
//! Defaults as in the answer of the real service to a request that names the pool and nothing else.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{MessageSettings, PasswordPolicy};
use crate::error::{Error, text};
use crate::ports::{FunctionArn, Medium};
use crate::web_authn::WebAuthnConfiguration;

/// The settings that can change. `UpdateUserPool` resets what it does not name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UserPoolSettings {
    /// What a new password must have.
    pub password_policy: PasswordPolicy,
    /// Which function each trigger calls, by the API's member name (`UserMigration`, `PreSignUp`, …).
    pub lambda_config: LambdaConfig,
    /// How a forgotten password is recovered, first choice first.
    pub account_recovery: Vec<RecoveryMechanism>,
    /// Attributes whose verification starts by itself at sign-up: `email`, `phone_number`.
    pub auto_verified_attributes: Vec<String>,
    /// `UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate`: a user's change of these waits for its code.
    #[serde(default)]
    pub verification_before_update: Vec<String>,
    /// Whether a second factor is asked for.
    pub mfa: Mfa,
    /// Whether administrators alone make users.
    pub allow_admin_create_user_only: bool,
    /// How the invitation of a new user reads.
    #[serde(default)]
    pub invite_message_template: InviteMessageTemplate,
    /// How other messages read, and by whose account e-mails go.
    #[serde(default)]
    pub messages: MessageSettings,
    /// `SignInPolicy.AllowedFirstAuthFactors`: with what a choice-based sign-in may begin.
    #[serde(default = "password_alone")]
    pub first_factors: Vec<FirstFactor>,
    /// Whether the pool refuses to be deleted.
    pub deletion_protection: bool,
    /// Tags.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// Settings that are kept and answered as they came, by the API's member name; no rule reads most of them.
    #[serde(default)]
    pub kept: serde_json::Map<String, serde_json::Value>,
}

impl Default for UserPoolSettings {
    /// Cognito's defaults. `kept` is empty: [`UserPoolSettings::complete`] adds the members that answers always have.
    fn default() -> Self {
        Self {
            password_policy: PasswordPolicy::default(),
            lambda_config: LambdaConfig::default(),
            account_recovery: vec![
                RecoveryMechanism::VerifiedEmail,
                RecoveryMechanism::VerifiedPhoneNumber,
            ],
            auto_verified_attributes: Vec::new(),
            verification_before_update: Vec::new(),
            mfa: Mfa::Off,
            allow_admin_create_user_only: false,
            invite_message_template: InviteMessageTemplate::default(),
            messages: MessageSettings::default(),
            first_factors: password_alone(),
            deletion_protection: false,
            tags: BTreeMap::new(),
            kept: serde_json::Map::new(),
        }
    }
}

impl UserPoolSettings {
    /// Fills what was left out of `kept` with what the answers of the real service show in its place.
    pub(super) fn complete(&mut self) {
        let defaults = [
            ("UserPoolTier", json!("ESSENTIALS")),
            ("IssuerConfiguration", json!({"Type": "ORIGINAL"})),
            ("KeyConfiguration", json!({"KeyType": "AWS_OWNED_KEY"})),
        ];
        for (member, default) in defaults {
            let place = self.kept.entry(member).or_insert_with(|| default.clone());
            if let (Some(given), Some(default)) = (place.as_object_mut(), default.as_object()) {
                for (name, value) in default {
                    given.entry(name.as_str()).or_insert_with(|| value.clone());
                }
            }
        }
    }

    /// Whether the settings agree with each other and with Cognito's ranges.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`]; [`Error::FeatureUnavailableInTier`] for first factors beyond the password, and for access
    /// tokens that a function changes, in the Lite plan.
    pub(super) fn check(&self) -> Result<(), Error> {
        self.password_policy.check_ranges()?;
        self.lambda_config.check()?;
        if self.account_recovery.contains(&RecoveryMechanism::AdminOnly) && self.account_recovery.len() > 1 {
            return Err(Error::invalid_parameter(text::ADMIN_ONLY_NOT_ALONE));
        }
        let token_version = self
            .lambda_config
            .pre_token_generation()
            .map(|(_, version)| version);
        let changes_access_tokens = token_version.is_some_and(|version| version != TokenEventVersion::V1);
        if self.is_lite() && (self.first_factors != password_alone() || changes_access_tokens) {
            return Err(Error::FeatureUnavailableInTier(text::NOT_IN_LITE.into()));
        }
        if self.mfa == Mfa::On && self.allows_passwordless_users() {
            return Err(Error::invalid_parameter(text::FIRST_FACTORS_WITH_MFA));
        }
        if !self.first_factors.contains(&FirstFactor::Password) {
            return Err(Error::invalid_parameter(text::PASSWORD_MUST_BE_A_FIRST_FACTOR));
        }
        Ok(())
    }

    /// Whether passkeys may open sign-ins as the pool is set up for them.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] where a second factor is required and a passkey counts for one.
    pub(super) fn check_web_authn(&self, web_authn: &WebAuthnConfiguration) -> Result<(), Error> {
        let has_passkeys = self.first_factors.contains(&FirstFactor::WebAuthn);
        if self.mfa == Mfa::On && has_passkeys && !web_authn.is_multi_factor() {
            return Err(Error::invalid_parameter(text::WEB_AUTHN_WITH_MFA));
        }
        Ok(())
    }

    /// `DeviceConfiguration`; `None` in a pool that does not track devices.
    #[must_use]
    pub fn device_configuration(&self) -> Option<DeviceConfiguration> {
        let given = self.kept.get("DeviceConfiguration")?;
        serde_json::from_value(given.clone()).ok()
    }

    /// Makes the pool track devices so.
    pub fn track_devices(&mut self, configuration: DeviceConfiguration) {
        let kept = json!({
            "ChallengeRequiredOnNewDevice": configuration.challenge_required_on_new_device,
            "DeviceOnlyRememberedOnUserPrompt": configuration.device_only_remembered_on_user_prompt,
        });
        self.kept.insert("DeviceConfiguration".to_owned(), kept);
    }

    /// Whether the pool is in the feature plan that has passwords alone.
    #[must_use]
    pub fn is_lite(&self) -> bool {
        self.kept.get("UserPoolTier").and_then(serde_json::Value::as_str) == Some("LITE")
    }

    /// Whether a new address of this medium waits for its code before it takes the old one's place.
    #[must_use]
    pub fn requires_verification_first(&self, medium: Medium) -> bool {
        let names = &self.verification_before_update;
        names.iter().any(|name| name == medium.attribute())
    }

    /// Whether somebody without a password can sign in: with a code as the first factor.
    #[must_use]
    pub fn allows_passwordless_users(&self) -> bool {
        self.first_factors
            .iter()
            .any(|factor| matches!(factor, FirstFactor::EmailOtp | FirstFactor::SmsOtp))
    }
}

/// `DeviceConfiguration`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DeviceConfiguration {
    /// Whether a remembered device takes the second factor's place.
    pub challenge_required_on_new_device: bool,
    /// Whether a device is remembered only once its user says so.
    pub device_only_remembered_on_user_prompt: bool,
}

/// `AdminCreateUserConfig.InviteMessageTemplate`; what is absent is Cognito's default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteMessageTemplate {
    /// The text message, with `{username}` and `{####}` in it.
    pub sms_message: Option<String>,
    /// The e-mail, with `{username}` and `{####}` in it.
    pub email_message: Option<String>,
    /// The e-mail's subject.
    pub email_subject: Option<String>,
}

/// `AllowedFirstAuthFactors`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "each is the API's name")]
pub enum FirstFactor {
    Password,
    EmailOtp,
    SmsOtp,
    WebAuthn,
}

fn password_alone() -> Vec<FirstFactor> {
    vec![FirstFactor::Password]
}

/// `LambdaConfig`: the functions by trigger, and the members that are no plain ARN as they were given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LambdaConfig(pub serde_json::Map<String, serde_json::Value>);

impl LambdaConfig {
    /// The function of the *migrate user* trigger.
    #[must_use]
    pub fn user_migration(&self) -> Option<FunctionArn> {
        self.function("UserMigration")
    }

    /// The function of a trigger whose member holds a plain ARN.
    #[must_use]
    pub fn function(&self, trigger: &str) -> Option<FunctionArn> {
        self.0
            .get(trigger)
            .and_then(serde_json::Value::as_str)
            .map(|arn| FunctionArn(arn.to_owned()))
    }

    /// The function of the *pre token generation* trigger, and in which version it gets its events.
    /// `PreTokenGenerationConfig` goes before the older `PreTokenGeneration`.
    #[must_use]
    pub fn pre_token_generation(&self) -> Option<(FunctionArn, TokenEventVersion)> {
        let configured = self.0.get("PreTokenGenerationConfig");
        let member = |name| configured.and_then(|config| config.get(name)?.as_str());
        match member("LambdaArn") {
            Some(arn) => {
                let version = match member("LambdaVersion") {
                    Some("V2_0") => TokenEventVersion::V2,
                    Some("V3_0") => TokenEventVersion::V3,
                    _ => TokenEventVersion::V1,
                };
                Some((FunctionArn(arn.to_owned()), version))
            }
            None => self
                .function("PreTokenGeneration")
                .map(|function| (function, TokenEventVersion::V1)),
        }
    }

    /// The function that sends messages of this medium itself: `CustomEmailSender`, `CustomSMSSender`.
    #[must_use]
    pub fn custom_sender(&self, medium: Medium) -> Option<FunctionArn> {
        let member = self.0.get(custom_sender_member(medium))?;
        let arn = member.get("LambdaArn")?.as_str()?;
        Some(FunctionArn(arn.to_owned()))
    }

    /// The ARN of the key that encrypts codes for these functions.
    #[must_use]
    pub fn kms_key_id(&self) -> Option<&str> {
        self.0.get("KMSKeyID").and_then(serde_json::Value::as_str)
    }

    /// Whether every ARN in it reads as a function's (a key's for `KMSKeyID`), and custom senders have a key.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`].
    fn check(&self) -> Result<(), Error> {
        for medium in [Medium::Email, Medium::Sms] {
            if self.custom_sender(medium).is_some() && self.kms_key_id().is_none() {
                let member = custom_sender_member(medium);
                return Err(Error::InvalidParameter(text::no_key_for(member)));
            }
        }
        for (member, value) in &self.0 {
            let arn = value
                .as_str()
                .or_else(|| value.get("LambdaArn").and_then(serde_json::Value::as_str));
            let Some(arn) = arn else { continue };
            let sound = if member == "KMSKeyID" {
                arn.starts_with("arn:")
            } else {
                is_function_arn(arn)
            };
            if !sound {
                return Err(Error::InvalidParameter(text::no_function_arn(member)));
            }
        }
        Ok(())
    }
}

/// `PreTokenGenerationConfig.LambdaVersion`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenEventVersion {
    /// `V1_0`: claims of the ID token, and groups.
    V1,
    /// `V2_0`: also claims and scopes of the access token.
    V2,
    /// `V3_0`: the same, and for app clients on their own behalf too.
    V3,
}

fn custom_sender_member(medium: Medium) -> &'static str {
    match medium {
        Medium::Email => "CustomEmailSender",
        Medium::Sms => "CustomSMSSender",
    }
}

/// `RecoveryMechanisms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecoveryMechanism {
    /// A code to the verified e-mail address.
    VerifiedEmail,
    /// A code to the verified phone number.
    VerifiedPhoneNumber,
    /// Only an administrator can help.
    AdminOnly,
}

/// `MfaConfiguration`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mfa {
    /// No second factor.
    #[default]
    Off,
    /// Those who have set one up are asked.
    Optional,
    /// Everybody is.
    On,
}

/// Whether `arn` reads `arn:<partition>:lambda:<region>:<twelve digits>:function:<name>[:<version or alias>]`.
fn is_function_arn(arn: &str) -> bool {
    let word = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'$' | b'.'))
    };
    let parts: Vec<&str> = arn.split(':').collect();
    let [scheme, partition, service, region, account, kind, name @ ..] = parts.as_slice() else {
        return false;
    };
    *scheme == "arn"
        && word(partition)
        && *service == "lambda"
        && word(region)
        && account.len() == 12
        && account.bytes().all(|b| b.is_ascii_digit())
        && *kind == "function"
        && (1..=2).contains(&name.len())
        && name.iter().all(|part| word(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arn_of_a_function_may_name_a_version_or_alias() {
        for arn in [
            "arn:aws:lambda:us-east-1:000000000000:function:CognitoUserMigration",
            "arn:aws:lambda:us-east-1:000000000000:function:f:live",
            "arn:aws-cn:lambda:cn-north-1:123456789012:function:f:$LATEST",
        ] {
            assert!(is_function_arn(arn), "{arn}");
        }
    }

    #[test]
    fn what_is_no_function_is_refused() {
        for arn in [
            "",
            "CognitoUserMigration",
            "arn:aws:sns:us-east-1:000000000000:function:f",
            "arn:aws:lambda:us-east-1:0:function:f",
            "arn:aws:lambda:us-east-1:000000000000:layer:f",
            "arn:aws:lambda:us-east-1:000000000000:function:",
            "arn:aws:lambda:us-east-1:000000000000:function:f:a:b",
        ] {
            assert!(!is_function_arn(arn), "{arn}");
        }
        let mut settings = UserPoolSettings::default();
        settings
            .lambda_config
            .0
            .insert("UserMigration".to_owned(), json!("nonsense"));
        assert!(matches!(settings.check(), Err(Error::InvalidParameter(_))));
    }

    #[test]
    fn a_custom_sender_needs_a_key() {
        let mut config = LambdaConfig::default();
        let arn = "arn:aws:lambda:us-east-1:000000000000:function:sender";
        let sender = json!({"LambdaVersion": "V1_0", "LambdaArn": arn});
        config.0.insert("CustomSMSSender".to_owned(), sender);
        assert_eq!(
            config.custom_sender(Medium::Sms),
            Some(FunctionArn(arn.to_owned()))
        );
        assert_eq!(config.custom_sender(Medium::Email), None);
        assert!(matches!(config.check(), Err(Error::InvalidParameter(_))));
        config.0.insert(
            "KMSKeyID".to_owned(),
            json!("arn:aws:kms:us-east-1:000000000000:key/1"),
        );
        assert!(config.check().is_ok());
    }

    #[test]
    fn what_was_given_stays_beside_the_defaults() {
        let mut settings = UserPoolSettings::default();
        settings.kept.insert("UserPoolTier".to_owned(), json!("LITE"));
        settings
            .kept
            .insert("IssuerConfiguration".to_owned(), json!({"Other": 1}));
        settings.complete();
        assert_eq!(settings.kept["UserPoolTier"], "LITE");
        let issuer = json!({"Other": 1, "Type": "ORIGINAL"});
        assert_eq!(settings.kept["IssuerConfiguration"], issuer);
        assert_eq!(settings.kept["KeyConfiguration"]["KeyType"], "AWS_OWNED_KEY");
    }

    #[test]
    fn recovery_by_an_administrator_stands_alone() {
        let mut settings = UserPoolSettings::default();
        settings.account_recovery.push(RecoveryMechanism::AdminOnly);
        assert!(settings.check().is_err());
        settings.account_recovery = vec![RecoveryMechanism::AdminOnly];
        assert!(settings.check().is_ok());
    }

    #[test]
    fn the_defaults_are_sound_and_need_a_password() {
        let settings = UserPoolSettings::default();
        assert!(settings.check().is_ok());
        assert!(!settings.allows_passwordless_users());
    }
}
