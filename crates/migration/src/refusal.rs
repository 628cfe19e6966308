//! The function's no.

/// Why a person is not moved now: a closed list, each with the text that the client sees.
///
/// Cognito quotes the text (`UserMigration failed with error ….`), appends the full stop itself and shows it on its
/// hosted pages, so the texts are short and harmless. Where the password was not proven right, all say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The password is wrong.
    WrongPassword,
    /// Nobody of that login.
    Unknown,
    /// Disabled, locked for good, deleted.
    Disabled,
    /// A user without a password there.
    NoPassword,
    /// No password came; the old directory was not asked.
    EmptyPassword,
    /// Password right, contact never confirmed.
    Unconfirmed,
    /// Password right, and a second factor that cannot be carried.
    SecondFactor,
    /// The password must be changed, and the rules do not move such users.
    PasswordMustChange,
    /// A reset is due, and the rules do not move such users.
    ResetDue,
    /// Password right, but the mapping left no attribute, and a user needs one.
    NothingToMove,
    /// Too many attempts at the old directory.
    LockedForNow,
    /// The old directory could not be asked: throttled, down, slow, not understood.
    CouldNotAsk,
    /// A lever: nobody moves for now.
    Stopped,
    /// A lever: the migration is over for those who come with a password; the text may be one's own.
    Ended,
    /// A lever: this person is not among those who move yet.
    NotInCohort,
    /// A lever: this login is never to be made again.
    Tombstone,
    /// A lever: the person would have moved, but the function only looks on.
    ObserveOnly,
}

const NEUTRAL: &str = "Incorrect username or password";
const TRY_AGAIN_LATER: &str = "Try again later";

impl Refusal {
    /// The name: `errorType` of the Lambda error document, and in logs. No client sees it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::WrongPassword => "WrongPassword",
            Self::Unknown => "Unknown",
            Self::Disabled => "Disabled",
            Self::NoPassword => "NoPassword",
            Self::EmptyPassword => "EmptyPassword",
            Self::Unconfirmed => "Unconfirmed",
            Self::SecondFactor => "SecondFactor",
            Self::PasswordMustChange => "PasswordMustChange",
            Self::ResetDue => "ResetDue",
            Self::NothingToMove => "NothingToMove",
            Self::LockedForNow => "LockedForNow",
            Self::CouldNotAsk => "CouldNotAsk",
            Self::Stopped => "Stopped",
            Self::Ended => "Ended",
            Self::NotInCohort => "NotInCohort",
            Self::Tombstone => "Tombstone",
            Self::ObserveOnly => "ObserveOnly",
        }
    }

    /// What the client sees, without the full stop that Cognito appends.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            // From `PasswordMustChange` on the old directory may not have looked at the password at all.
            Self::WrongPassword
            | Self::Unknown
            | Self::Disabled
            | Self::NoPassword
            | Self::EmptyPassword
            | Self::PasswordMustChange
            | Self::ResetDue
            | Self::NothingToMove
            | Self::NotInCohort
            | Self::Tombstone
            | Self::ObserveOnly => NEUTRAL,
            Self::Unconfirmed => "User is not confirmed",
            Self::SecondFactor => "Password reset required for the user",
            Self::LockedForNow | Self::CouldNotAsk | Self::Stopped => TRY_AGAIN_LATER,
            // The same for everybody, asked or not: it says nothing of the person.
            Self::Ended => "Please use the forgotten password link to set a new password",
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text())
    }
}
