//! What can go wrong, by meaning. No HTTP in here: each face of the server turns it into its own form.
//!
//! A variant stands for one of Cognito's exceptions and carries the message that the client gets; the texts are in
//! [`text`], once each, so that a better observation of the real service is one edit.

pub mod text;

use std::borrow::Cow;

use crate::ports::{Conflict, StoreError};

/// A message for the client.
pub type Text = Cow<'static, str>;

/// The answer *no*, as every use case gives it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An alias belongs to another user.
    #[error("{0}")]
    AliasExists(Text),
    /// The courier did not take a message.
    #[error("{0}")]
    CodeDeliveryFailure(Text),
    /// A wrong code.
    #[error("{0}")]
    CodeMismatch(Text),
    /// A device is confirmed a second time.
    #[error("{0}")]
    DeviceKeyExists(Text),
    /// A wrong code for a new authenticator app.
    #[error("{0}")]
    EnableSoftwareTokenMFA(Text),
    /// No code outstanding, or too old.
    #[error("{0}")]
    ExpiredCode(Text),
    /// The pool's feature plan does not have it.
    #[error("{0}")]
    FeatureUnavailableInTier(Text),
    /// A group of that name is there.
    #[error("{0}")]
    GroupExists(Text),
    /// The ways to tokens of an app client do not go together.
    #[error("{0}")]
    InvalidOAuthFlow(Text),
    /// A trigger's function answered something else than its event.
    #[error("{0}")]
    InvalidLambdaResponse(Text),
    /// A parameter is missing or does not fit.
    #[error("{0}")]
    InvalidParameter(Text),
    /// A new password breaks the policy.
    #[error("{0}")]
    InvalidPassword(Text),
    /// Too many tries by or for one user.
    #[error("{0}")]
    LimitExceeded(Text),
    /// The app client has a style already.
    #[error("{0}")]
    ManagedLoginBrandingExists(Text),
    /// Wrong password, bad token, disabled user, …
    #[error("{0}")]
    NotAuthorized(Text),
    /// The user had that password not long ago.
    #[error("{0}")]
    PasswordHistoryPolicyViolation(Text),
    /// The user must reset the password first.
    #[error("{0}")]
    PasswordResetRequired(Text),
    /// A refresh token that has been exchanged comes again.
    #[error("{0}")]
    RefreshTokenReuse(Text),
    /// No such pool, app client, …
    #[error("{0}")]
    ResourceNotFound(Text),
    /// An app client is to have a scope that no resource server of the pool has.
    #[error("{0}")]
    ScopeDoesNotExist(Text),
    /// Authenticator apps are not offered, or the user has none.
    #[error("{0}")]
    SoftwareTokenMFANotFound(Text),
    /// Too many requests.
    #[error("{0}")]
    TooManyRequests(Text),
    /// The app client's secret is wrong.
    #[error("{0}")]
    Unauthorized(Text),
    /// A trigger's function could not be invoked or did not answer.
    #[error("{0}")]
    UnexpectedLambda(Text),
    /// This cannot be done with this client or pool.
    #[error("{0}")]
    UnsupportedOperation(Text),
    /// The token is of a kind that cannot be revoked.
    #[error("{0}")]
    UnsupportedTokenType(Text),
    /// The user's status does not allow it.
    #[error("{0}")]
    UnsupportedUserState(Text),
    /// A trigger's function refused.
    #[error("{0}")]
    UserLambdaValidation(Text),
    /// A user name is taken.
    #[error("{0}")]
    UsernameExists(Text),
    /// The user has not confirmed the sign-up.
    #[error("{0}")]
    UserNotConfirmed(Text),
    /// No such user.
    #[error("{0}")]
    UserNotFound(Text),
    /// The challenge for a passkey is too old, was used, or was never given.
    #[error("{0}")]
    WebAuthnChallengeNotFound(Text),
    /// The passkey was begun in another app client.
    #[error("{0}")]
    WebAuthnClientMismatch(Text),
    /// The pool has no relying party id.
    #[error("{0}")]
    WebAuthnConfigurationMissing(Text),
    /// The passkey is of a kind that is not accepted.
    #[error("{0}")]
    WebAuthnCredentialNotSupported(Text),
    /// The pool has no passkeys.
    #[error("{0}")]
    WebAuthnNotEnabled(Text),
    /// The passkey was made on a page that is not the relying party's.
    #[error("{0}")]
    WebAuthnOriginNotAllowed(Text),
    /// The passkey is another relying party's.
    #[error("{0}")]
    WebAuthnRelyingPartyMismatch(Text),
    /// Ours to mend. The client learns nothing but the request's id; the log gets the source.
    #[error("something went wrong inside")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// An [`Error::InvalidParameter`] with this message.
    pub fn invalid_parameter(message: impl Into<Text>) -> Self {
        Self::InvalidParameter(message.into())
    }

    /// An [`Error::NotAuthorized`] with this message.
    pub fn not_authorized(message: impl Into<Text>) -> Self {
        Self::NotAuthorized(message.into())
    }

    /// Whether it may be better another time: the store or its machine has failed, not the client.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self, Self::Internal(_) | Self::TooManyRequests(_))
    }

    /// An [`Error::Internal`] around its cause.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(source.into())
    }
}

impl From<StoreError> for Error {
    /// A conflict that a rule expects is handled where the rule commits; one that arrives here means that somebody
    /// else changed the same record again and again, and the client may try once more.
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Conflict::Changed) | StoreError::Busy => {
                Self::TooManyRequests(text::TRY_AGAIN.into())
            }
            StoreError::Conflict(conflict) => Self::Internal(Box::new(conflict)),
            failed @ StoreError::Failed(_) => Self::Internal(Box::new(failed)),
        }
    }
}
