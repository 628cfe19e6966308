//! A pool on the wire. Requests and answers share the names of their settings, so one type, `UserPoolType`, reads and
//! writes them.

use model::{
    AccountRecoverySettingType, AdminCreateUserConfigType, AliasAttributeType, AuthFactorType,
    DeletionProtectionType, LambdaConfigType, MessageTemplateType, PasswordPolicyType,
    RecoveryOptionNameType, RecoveryOptionType, SignInPolicyType, Timestamp, UserAttributeUpdateSettingsType,
    UserPoolMfaType, UserPoolPolicyType, UserPoolType, UsernameAttributeType, UsernameConfigurationType,
    VerifiedAttributeType,
};
use pool::error::Error;
use pool::service::Place;
use pool::time::Time;
use pool::user_pool::{
    FirstFactor, InviteMessageTemplate, LambdaConfig, MessageSettings, Mfa, PasswordPolicy,
    RecoveryMechanism, SignInNames, UserPool, UserPoolSettings,
};
use pool::user_pool_domain::UserPoolDomain;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The settings that a request gives; what it leaves out is Cognito's default.
pub(super) fn settings(request: &impl Serialize) -> Result<UserPoolSettings, Error> {
    let mut given: UserPoolType = same_members(request)?;
    let defaults = UserPoolSettings::default();
    let admin = given.admin_create_user_config.take().unwrap_or_default();
    let policies = given.policies.take().unwrap_or_default();
    let factors = policies
        .sign_in_policy
        .and_then(|policy| policy.allowed_first_auth_factors);
    let recovery = given
        .account_recovery_setting
        .take()
        .and_then(|setting| setting.recovery_mechanisms);
    let verified = given.auto_verified_attributes.take().unwrap_or_default();
    let before_update = given
        .user_attribute_update_settings
        .take()
        .and_then(|settings| settings.attributes_require_verification_before_update)
        .unwrap_or_default();
    let lambda_config = given
        .lambda_config
        .take()
        .map(|config| object(&config))
        .transpose()?;
    let mut settings = UserPoolSettings {
        password_policy: password_policy(policies.password_policy, admin.unused_account_validity_days),
        lambda_config: LambdaConfig(lambda_config.unwrap_or_default()),
        account_recovery: recovery.map_or(defaults.account_recovery, recovery_mechanisms),
        auto_verified_attributes: verified
            .into_iter()
            .map(|name| name.as_str().to_owned())
            .collect(),
        verification_before_update: before_update
            .into_iter()
            .map(|name| name.as_str().to_owned())
            .collect(),
        mfa: given.mfa_configuration.take().map_or(Mfa::Off, mfa),
        allow_admin_create_user_only: admin.allow_admin_create_user_only.unwrap_or_default(),
        invite_message_template: admin.invite_message_template.map(invite).unwrap_or_default(),
        messages: messages(&mut given)?,
        first_factors: factors.map_or(Ok(defaults.first_factors), first_factors)?,
        deletion_protection: given.deletion_protection.take() == Some(DeletionProtectionType::Active),
        tags: given.user_pool_tags.take().unwrap_or_default(),
        kept: Map::new(),
    };
    // These are fixed, not settings; `CreateUserPool` reads them itself.
    given.alias_attributes = None;
    given.username_attributes = None;
    given.username_configuration = None;
    settings.kept = object(&given)?;
    Ok(settings)
}

/// How messages read, taken out of a request.
fn messages(given: &mut UserPoolType) -> Result<MessageSettings, Error> {
    let template = given.verification_message_template.take().unwrap_or_default();
    Ok(MessageSettings {
        verification: same_members(&template)?,
        email_verification_message: given.email_verification_message.take(),
        email_verification_subject: given.email_verification_subject.take(),
        sms_verification_message: given.sms_verification_message.take(),
        sms_authentication_message: given.sms_authentication_message.take(),
        email: same_members(&given.email_configuration.take().unwrap_or_default())?,
    })
}

/// A pool as `CreateUserPool` answers it, without its count of users.
pub(super) fn written(pool: &UserPool, place: &Place) -> Result<UserPoolType, Error> {
    let settings = &pool.settings;
    let mut written: UserPoolType = same_members(&settings.kept)?;
    written.id = Some(pool.id.to_string());
    written.arn = Some(place.arn(&pool.id));
    written.name = Some(pool.name.clone());
    written.creation_date = Some(moment(pool.created_at));
    written.last_modified_date = Some(moment(pool.modified_at));
    written.schema_attributes = Some(pool.schema.0.iter().map(super::schema::attribute).collect());
    let name = |domain: &Option<UserPoolDomain>| domain.as_ref().map(|domain| domain.name.clone());
    written.domain = name(&pool.domains.prefix);
    written.custom_domain = name(&pool.domains.custom);
    written.lambda_config = Some(same_members(&settings.lambda_config)?);
    let messages = &settings.messages;
    written.verification_message_template = Some(same_members(&messages.verification)?);
    written
        .email_verification_message
        .clone_from(&messages.email_verification_message);
    written
        .email_verification_subject
        .clone_from(&messages.email_verification_subject);
    written
        .sms_verification_message
        .clone_from(&messages.sms_verification_message);
    written
        .sms_authentication_message
        .clone_from(&messages.sms_authentication_message);
    written.email_configuration = Some(same_members(&messages.email)?);
    written.policies = Some(policies(settings));
    written.account_recovery_setting = Some(account_recovery(&settings.account_recovery));
    written.admin_create_user_config = Some(admin_create_user_config(settings));
    written.deletion_protection = Some(if settings.deletion_protection {
        DeletionProtectionType::Active
    } else {
        DeletionProtectionType::Inactive
    });
    written.mfa_configuration = Some(mfa_type(settings.mfa));
    written.user_pool_tags = (!settings.tags.is_empty()).then(|| settings.tags.clone());
    let verified = &settings.auto_verified_attributes;
    written.auto_verified_attributes =
        (!verified.is_empty()).then(|| names(verified, VerifiedAttributeType::parse));
    let before_update = names(&settings.verification_before_update, VerifiedAttributeType::parse);
    written.user_attribute_update_settings = Some(UserAttributeUpdateSettingsType {
        attributes_require_verification_before_update: Some(before_update),
    });
    match &pool.sign_in_names {
        SignInNames::Username => {}
        SignInNames::Aliases(aliases) => {
            written.alias_attributes = Some(names(aliases, AliasAttributeType::parse));
        }
        SignInNames::UsernameAttributes(attributes) => {
            written.username_attributes = Some(names(attributes, UsernameAttributeType::parse));
        }
    }
    written.username_configuration = pool
        .case_sensitive
        .map(|case_sensitive| UsernameConfigurationType { case_sensitive });
    Ok(written)
}

/// `MfaConfiguration`.
pub(super) fn mfa(given: UserPoolMfaType) -> Mfa {
    match given {
        UserPoolMfaType::Off => Mfa::Off,
        UserPoolMfaType::Optional => Mfa::Optional,
        UserPoolMfaType::On => Mfa::On,
    }
}

/// And back.
pub(super) fn mfa_type(mfa: Mfa) -> UserPoolMfaType {
    match mfa {
        Mfa::Off => UserPoolMfaType::Off,
        Mfa::Optional => UserPoolMfaType::Optional,
        Mfa::On => UserPoolMfaType::On,
    }
}

/// `LambdaConfig` of a pool.
pub(super) fn lambda_config(pool: &UserPool) -> Result<LambdaConfigType, Error> {
    same_members(&pool.settings.lambda_config)
}

/// A moment on the wire.
pub(super) fn moment(time: Time) -> Timestamp {
    Timestamp::from_milliseconds(time.0)
}

/// Another type with members of the same names.
pub(super) fn same_members<T: DeserializeOwned>(value: &impl Serialize) -> Result<T, Error> {
    serde_json::to_value(value)
        .and_then(serde_json::from_value)
        .map_err(Error::internal)
}

/// The members that are there.
pub(super) fn object(value: &impl Serialize) -> Result<Map<String, Value>, Error> {
    same_members(value)
}

/// A count of the API, none of which is ever negative: the model sees to that.
pub(super) fn count(number: i32) -> u32 {
    u32::try_from(number).unwrap_or_default()
}

/// And back.
pub(super) fn number(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// A policy that is given at all has only those demands that it names; without one, all are made.
fn password_policy(given: Option<PasswordPolicyType>, unused_account_days: Option<i32>) -> PasswordPolicy {
    let defaults = PasswordPolicy::default();
    let days = given
        .as_ref()
        .and_then(|policy| policy.temporary_password_validity_days)
        .or(unused_account_days);
    let temporary_password_validity_days = days.map_or(defaults.temporary_password_validity_days, count);
    let Some(given) = given else {
        return PasswordPolicy {
            temporary_password_validity_days,
            ..defaults
        };
    };
    PasswordPolicy {
        minimum_length: given.minimum_length.map_or(defaults.minimum_length, count),
        require_uppercase: given.require_uppercase.unwrap_or_default(),
        require_lowercase: given.require_lowercase.unwrap_or_default(),
        require_numbers: given.require_numbers.unwrap_or_default(),
        require_symbols: given.require_symbols.unwrap_or_default(),
        temporary_password_validity_days,
        password_history_size: given.password_history_size.map(count),
    }
}

fn policies(settings: &UserPoolSettings) -> UserPoolPolicyType {
    let policy = &settings.password_policy;
    let factors = settings.first_factors.iter().copied().map(auth_factor);
    UserPoolPolicyType {
        password_policy: Some(PasswordPolicyType {
            minimum_length: Some(number(policy.minimum_length)),
            password_history_size: policy.password_history_size.map(number),
            require_lowercase: Some(policy.require_lowercase),
            require_numbers: Some(policy.require_numbers),
            require_symbols: Some(policy.require_symbols),
            require_uppercase: Some(policy.require_uppercase),
            temporary_password_validity_days: Some(number(policy.temporary_password_validity_days)),
        }),
        sign_in_policy: Some(SignInPolicyType {
            allowed_first_auth_factors: Some(factors.collect()),
        }),
    }
}

/// A first factor on the wire.
pub(super) fn auth_factor(factor: FirstFactor) -> AuthFactorType {
    match factor {
        FirstFactor::Password => AuthFactorType::Password,
        FirstFactor::EmailOtp => AuthFactorType::EmailOtp,
        FirstFactor::SmsOtp => AuthFactorType::SmsOtp,
        FirstFactor::WebAuthn => AuthFactorType::WebAuthn,
    }
}

fn first_factors(given: Vec<AuthFactorType>) -> Result<Vec<FirstFactor>, Error> {
    let factor = |factor| match factor {
        AuthFactorType::Password => Ok(FirstFactor::Password),
        AuthFactorType::EmailOtp => Ok(FirstFactor::EmailOtp),
        AuthFactorType::SmsOtp => Ok(FirstFactor::SmsOtp),
        AuthFactorType::WebAuthn => Ok(FirstFactor::WebAuthn),
        AuthFactorType::SoftwareToken => Err(Error::invalid_parameter(
            "SOFTWARE_TOKEN is not a first factor of a user pool.",
        )),
    };
    given.into_iter().map(factor).collect()
}

/// In the order of their priorities.
fn recovery_mechanisms(mut given: Vec<RecoveryOptionType>) -> Vec<RecoveryMechanism> {
    given.sort_by_key(|option| option.priority);
    given
        .into_iter()
        .map(|option| match option.name {
            RecoveryOptionNameType::VerifiedEmail => RecoveryMechanism::VerifiedEmail,
            RecoveryOptionNameType::VerifiedPhoneNumber => RecoveryMechanism::VerifiedPhoneNumber,
            RecoveryOptionNameType::AdminOnly => RecoveryMechanism::AdminOnly,
        })
        .collect()
}

fn account_recovery(mechanisms: &[RecoveryMechanism]) -> AccountRecoverySettingType {
    let options = mechanisms
        .iter()
        .zip(1..)
        .map(|(mechanism, priority)| RecoveryOptionType {
            name: match mechanism {
                RecoveryMechanism::VerifiedEmail => RecoveryOptionNameType::VerifiedEmail,
                RecoveryMechanism::VerifiedPhoneNumber => RecoveryOptionNameType::VerifiedPhoneNumber,
                RecoveryMechanism::AdminOnly => RecoveryOptionNameType::AdminOnly,
            },
            priority,
        });
    AccountRecoverySettingType {
        recovery_mechanisms: Some(options.collect()),
    }
}

fn admin_create_user_config(settings: &UserPoolSettings) -> AdminCreateUserConfigType {
    let invite = &settings.invite_message_template;
    let template = MessageTemplateType {
        email_message: invite.email_message.clone(),
        email_subject: invite.email_subject.clone(),
        sms_message: invite.sms_message.clone(),
    };
    AdminCreateUserConfigType {
        allow_admin_create_user_only: Some(settings.allow_admin_create_user_only),
        invite_message_template: (*invite != InviteMessageTemplate::default()).then_some(template),
        unused_account_validity_days: Some(number(settings.password_policy.temporary_password_validity_days)),
    }
}

fn invite(template: MessageTemplateType) -> InviteMessageTemplate {
    InviteMessageTemplate {
        sms_message: template.sms_message,
        email_message: template.email_message,
        email_subject: template.email_subject,
    }
}

fn names<T>(names: &[String], parse: impl Fn(&str) -> Option<T>) -> Vec<T> {
    names.iter().filter_map(|name| parse(name)).collect()
}
