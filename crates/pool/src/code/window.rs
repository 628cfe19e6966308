//! How many codes may be sent and tried in an hour, and how long each is good.
//!
//! Source: *Quotas in Amazon Cognito*, per-user limits, and its table of times.

use crate::error::{Error, text};
use crate::time::{Span, Time};
use crate::user::{CodePurpose, IssuedCode};

impl CodePurpose {
    /// How long a code is good.
    pub(super) fn life(self) -> Span {
        match self {
            Self::ResetPassword => Span::hours(1),
            Self::ConfirmSignUp | Self::VerifyEmail | Self::VerifyPhoneNumber => Span::hours(24),
        }
    }

    /// Codes that may be asked for in an hour. For a password Cognito allows 5 to 20 by risk; here it is 20.
    fn sends(self) -> u32 {
        match self {
            Self::ResetPassword => 20,
            Self::ConfirmSignUp | Self::VerifyEmail | Self::VerifyPhoneNumber => 5,
        }
    }

    /// Wrong codes that may be given in an hour.
    fn tries(self) -> u32 {
        match self {
            Self::ResetPassword => 20,
            Self::ConfirmSignUp | Self::VerifyEmail | Self::VerifyPhoneNumber => 15,
        }
    }
}

/// What has happened within the hour that counts.
pub(super) struct Window {
    purpose: CodePurpose,
    pub(super) started_at: Time,
    pub(super) sent: u32,
    pub(super) wrong_tries: u32,
}

impl Window {
    /// The hour of a code, or a new one.
    pub(super) fn of(purpose: CodePurpose, issued: Option<&IssuedCode>, now: Time) -> Self {
        match issued {
            Some(code) if now.since(code.window_started_at) < Span::hours(1) => Self {
                purpose,
                started_at: code.window_started_at,
                sent: code.sent,
                wrong_tries: code.wrong_tries,
            },
            _ => Self {
                purpose,
                started_at: now,
                sent: 0,
                wrong_tries: 0,
            },
        }
    }

    /// Whether one more code may be sent.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`].
    pub(super) fn check_sends(&self) -> Result<(), Error> {
        within(self.sent, self.purpose.sends())
    }

    /// Whether one more code may be tried.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`].
    pub(super) fn check_tries(&self) -> Result<(), Error> {
        within(self.wrong_tries, self.purpose.tries())
    }
}

fn within(happened: u32, limit: u32) -> Result<(), Error> {
    if happened < limit {
        Ok(())
    } else {
        Err(Error::LimitExceeded(text::ATTEMPT_LIMIT.into()))
    }
}
