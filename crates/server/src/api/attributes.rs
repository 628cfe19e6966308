//! A user's attributes on the wire.

use model::{AttributeType, MFAOptionType, UserStatusType, UserType};
use pool::user::{MfaMethod, User, UserStatus};

use super::user_pool::moment;

/// `email_verified: true` as a pair of name and value; an attribute without value is one with an empty one.
pub(super) fn pairs(given: impl IntoIterator<Item = AttributeType>) -> Vec<(String, String)> {
    given
        .into_iter()
        .map(|attribute| {
            (
                attribute.name,
                attribute
                    .value
                    .map(model::Sensitive::into_inner)
                    .unwrap_or_default(),
            )
        })
        .collect()
}

/// All attributes that `shown` lets through: standard ones, custom ones, `sub` last (observed).
pub(super) fn listed(user: &User, shown: impl Fn(&str) -> bool) -> Vec<AttributeType> {
    user.attributes
        .iter()
        .chain([("sub", user.sub.as_str())])
        .filter(|(name, _)| shown(name))
        .map(|(name, value)| AttributeType {
            name: name.to_owned(),
            value: Some(value.into()),
        })
        .collect()
}

/// A user as `AdminCreateUser` and `ListUsers` show them, with these attributes.
pub(super) fn user(user: &User, attributes: Vec<AttributeType>) -> UserType {
    UserType {
        attributes: Some(attributes),
        enabled: Some(user.enabled),
        mfa_options: mfa_options(user),
        user_create_date: Some(moment(user.created_at)),
        user_last_modified_date: Some(moment(user.modified_at)),
        user_status: Some(status(user.status)),
        username: Some(user.username.as_str().into()),
    }
}

/// `MFAOptions`: only for a user with codes by SMS.
pub(super) fn mfa_options(user: &User) -> Option<Vec<MFAOptionType>> {
    let by_sms = user.mfa.enabled.contains(&MfaMethod::SmsMfa);
    by_sms.then(|| {
        vec![MFAOptionType {
            attribute_name: Some("phone_number".to_owned()),
            delivery_medium: Some(model::DeliveryMediumType::Sms),
        }]
    })
}

/// `UserMFASettingList`: absent where nothing is turned on. What stands for a passkey is chosen.
pub(super) fn mfa_settings(user: &User) -> Option<Vec<String>> {
    let passkey = (user.mfa.passkey == Some(true)).then_some("WEB_AUTHN_MFA");
    let enabled = user.mfa.enabled.iter().map(|method| method.as_str());
    let names: Vec<String> = enabled.chain(passkey).map(str::to_owned).collect();
    (!names.is_empty()).then_some(names)
}

/// `PreferredMfaSetting`: absent where none is preferred.
pub(super) fn preferred_mfa(user: &User) -> Option<String> {
    user.mfa.preferred.map(|method| method.as_str().to_owned())
}

/// `UserStatus`.
pub(super) fn status(status: UserStatus) -> UserStatusType {
    match status {
        UserStatus::Unconfirmed => UserStatusType::Unconfirmed,
        UserStatus::Confirmed => UserStatusType::Confirmed,
        UserStatus::ResetRequired => UserStatusType::ResetRequired,
        UserStatus::ForceChangePassword => UserStatusType::ForceChangePassword,
        UserStatus::ExternalProvider => UserStatusType::ExternalProvider,
    }
}
