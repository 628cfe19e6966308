//! How an old directory answered about a person.

use crate::profile::{Profile, SecondFactor};

/// The answer to *verify* (login and password) or *find* (login alone). Found by *find*, "password right" reads as
/// "there is a user who could sign in". That the directory could not be asked is no standing: [`crate::CouldNotAsk`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Password right, nothing in the way.
    Active(Profile),
    /// Password wrong.
    WrongPassword,
    /// Nobody of that login.
    Unknown,
    /// Disabled, locked for good, or deleted and remembered.
    Disabled,
    /// Too many attempts; later the answer will be another.
    LockedForNow(Option<Profile>),
    /// Password right, but temporary or expired: it must be changed.
    PasswordMustChange(Profile),
    /// A reset is due already: no password is of use.
    ResetDue(Profile),
    /// Password right, but no contact was ever confirmed.
    Unconfirmed(Profile),
    /// Password right, and a second factor is on.
    SecondFactor(SecondFactor, Profile),
    /// There is a user, but without a password (federated).
    NoPassword,
}

impl Standing {
    /// The name for logs and tallies.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Active(_) => "active",
            Self::WrongPassword => "wrong_password",
            Self::Unknown => "unknown",
            Self::Disabled => "disabled",
            Self::LockedForNow(_) => "locked_for_now",
            Self::PasswordMustChange(_) => "password_must_change",
            Self::ResetDue(_) => "reset_due",
            Self::Unconfirmed(_) => "unconfirmed",
            Self::SecondFactor(SecondFactor::Sms, _) => "second_factor_sms",
            Self::SecondFactor(SecondFactor::Other, _) => "second_factor_other",
            Self::NoPassword => "no_password",
        }
    }
    /// What is known of the user, where somebody was found.
    #[must_use]
    pub fn profile(&self) -> Option<&Profile> {
        match self {
            Self::Active(profile)
            | Self::LockedForNow(Some(profile))
            | Self::PasswordMustChange(profile)
            | Self::ResetDue(profile)
            | Self::Unconfirmed(profile)
            | Self::SecondFactor(_, profile) => Some(profile),
            Self::WrongPassword
            | Self::Unknown
            | Self::Disabled
            | Self::LockedForNow(None)
            | Self::NoPassword => None,
        }
    }
}
