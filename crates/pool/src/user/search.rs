//! By what users can be listed.

use super::User;
use crate::id::Case;

/// What a `ListUsers` filter may name. Source: API reference, ListUsers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SearchKey {
    /// `username`
    Username,
    /// `sub`
    Sub,
    /// `email`
    Email,
    /// `phone_number`
    PhoneNumber,
    /// `name`
    Name,
    /// `given_name`
    GivenName,
    /// `family_name`
    FamilyName,
    /// `preferred_username`
    PreferredUsername,
    /// `cognito:user_status`: the status, compared without case
    UserStatus,
    /// `status`: `Enabled` or `Disabled`
    Enabled,
}

impl SearchKey {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Username,
        Self::Sub,
        Self::Email,
        Self::PhoneNumber,
        Self::Name,
        Self::GivenName,
        Self::FamilyName,
        Self::PreferredUsername,
        Self::UserStatus,
        Self::Enabled,
    ];

    /// The name in a filter.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::Sub => "sub",
            Self::Email => "email",
            Self::PhoneNumber => "phone_number",
            Self::Name => "name",
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::PreferredUsername => "preferred_username",
            Self::UserStatus => "cognito:user_status",
            Self::Enabled => "status",
        }
    }

    /// `value` in the form in which this key is compared. The pool's `case` decides for names that people type;
    /// a status is compared without case, everything else as it stands.
    #[must_use]
    pub fn normalise(self, value: &str, case: Case) -> String {
        match self {
            Self::Email | Self::PreferredUsername => case.fold(value),
            Self::UserStatus => value.to_uppercase(),
            _ => value.to_owned(),
        }
    }
}

/// How a filter compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equals,
    /// `^=`
    StartsWith,
}

impl User {
    /// The value by which this user is found under `key`, normalised; `None` when the user has no such attribute.
    #[must_use]
    pub fn search_key(&self, key: SearchKey, case: Case) -> Option<String> {
        let raw = match key {
            SearchKey::Username => Some(self.username.as_str()),
            SearchKey::Sub => Some(self.sub.as_str()),
            SearchKey::UserStatus => Some(self.status.as_str()),
            SearchKey::Enabled => Some(if self.enabled { "Enabled" } else { "Disabled" }),
            attribute => self.attributes.get(attribute.as_str()),
        };
        raw.map(|value| key.normalise(value, case))
    }
}
