//! Whom the old directory is asked about, and what it knows.

use std::fmt;

use trigger::Attributes;

use crate::companion::groups::CarriedGroups;

/// What the person typed in the user name field. `Debug` shows nothing: logins are not for logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Login(String);

impl Login {
    /// Takes it exactly as it was typed.
    #[must_use]
    pub fn new(typed: impl Into<String>) -> Self {
        Self(typed.into())
    }

    /// As it was typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As comparisons see it: without white space around it, in lower case. New pools take names in any case by default.
    #[must_use]
    pub fn normalised(&self) -> String {
        normalised(&self.0)
    }

    /// Whether nothing was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

pub(crate) fn normalised(name: &str) -> String {
    name.trim().to_lowercase()
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login(…)")
    }
}

/// What the old directory knows of a user.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// The user's name there, which is not always the login.
    pub username: String,
    /// Attributes in Cognito's names and text forms, `sub` among them where there is one.
    pub attributes: Attributes,
    /// The second factor that is on, whatever else is the matter with the user.
    pub second_factor: Option<SecondFactor>,
    /// The groups, where they were asked for.
    pub groups: CarriedGroups,
}

/// A second factor, by what becomes of it in a migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondFactor {
    /// Codes by SMS: can be carried, with the phone number.
    Sms,
    /// TOTP, e-mail, passkey, not known which: its secret cannot be carried.
    Other,
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile")
            .field("attributes", &self.attributes)
            .finish_non_exhaustive()
    }
}
