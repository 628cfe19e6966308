//! Why an app gets no tokens.

use crate::error::{Error, Text};
use crate::telemetry;

/// RFC 6749, section 5.2. What went wrong with a code or a refresh token is not told: all of it is `invalid_grant`.
#[derive(Debug)]
pub enum TokenError {
    /// A parameter is missing or stands twice, or a trigger has refused, with its words.
    InvalidRequest(Option<Text>),
    /// The app client is not known here, or its secret is wrong.
    InvalidClient,
    /// The code or the refresh token is worth nothing, or not to this app client.
    InvalidGrant,
    /// The app client may ask for some of these scopes not.
    InvalidScope,
    /// The app client may not take this way to tokens.
    UnauthorizedClient,
    /// There is no such way to tokens.
    UnsupportedGrantType,
    /// Others were faster again and again, or the rate is exceeded.
    TooManyRequests,
    /// The pool failed.
    Failed(Error),
}

impl TokenError {
    /// The error's code on the wire.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidRequest(_) => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidScope => "invalid_scope",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::TooManyRequests => "too_many_requests",
            Self::Failed(_) => "server_error",
        }
    }

    /// What is counted.
    pub(super) fn outcome(&self) -> &'static str {
        match self {
            Self::Failed(error) => telemetry::outcome_of(error),
            Self::TooManyRequests => "throttled",
            _ => "refused",
        }
    }

    /// What else there is to say.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        match self {
            Self::InvalidRequest(description) => description.as_deref(),
            _ => None,
        }
    }
}

impl From<Error> for TokenError {
    /// What the rules say where tokens are given: of tokens and users all is `invalid_grant`; what a trigger has said is for
    /// the app to see.
    fn from(error: Error) -> Self {
        match error {
            Error::NotAuthorized(_) | Error::RefreshTokenReuse(_) | Error::UserNotFound(_) => {
                Self::InvalidGrant
            }
            Error::UserLambdaValidation(text)
            | Error::UnexpectedLambda(text)
            | Error::InvalidLambdaResponse(text) => Self::InvalidRequest(Some(text)),
            Error::TooManyRequests(_) => Self::TooManyRequests,
            other => Self::Failed(other),
        }
    }
}
