//! An answer *no* in the form that AWS's clients read: exception, message, status.
//!
//! Two kinds come together here: what the protocol itself turns down (target, signature, body), and the rules'
//! [`pool::error::Error`]. Every client error is 400, whatever it means; only our own failures are 500 (observed).

use std::borrow::Cow;

use http::StatusCode;
use model::{Invalid, Operation};
use pool::error::Error;

/// Why a request gets no result.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// The exception's name: `__type`.
    pub(crate) exception: &'static str,
    /// The message; an unknown operation has none, and few refusals of the rules.
    pub(crate) message: Option<Cow<'static, str>>,
    /// 400, or 500 when it is our fault.
    pub(crate) status: StatusCode,
    /// What the log gets to know beyond that, if it is our fault.
    pub(crate) cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Refusal {
    /// A client's error.
    pub(crate) fn new(exception: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            exception,
            message: Some(message.into()),
            status: StatusCode::BAD_REQUEST,
            cause: None,
        }
    }

    /// The target names no operation, or the request is none of this protocol.
    pub(crate) fn unknown_operation() -> Self {
        Self {
            exception: "UnknownOperationException",
            message: None,
            status: StatusCode::BAD_REQUEST,
            cause: None,
        }
    }

    /// The operation exists at AWS and not here. Ours: Cognito has no such answer.
    pub(crate) fn not_built(operation: Operation) -> Self {
        Self::new(
            "NotImplementedException",
            format!("{operation} is not built yet in this release of rehome."),
        )
    }

    /// The body is not what the operation takes.
    pub(crate) fn serialization(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new("SerializationException", message)
    }

    /// Our failure. The client learns nothing of it; the request's id is in the header.
    pub(crate) fn internal(cause: Box<dyn std::error::Error + Send + Sync>) -> Self {
        Self {
            exception: "InternalErrorException",
            message: Some("An internal error occurred.".into()),
            status: StatusCode::INTERNAL_SERVER_ERROR,
            cause: Some(cause),
        }
    }
}

impl From<Invalid> for Refusal {
    fn from(invalid: Invalid) -> Self {
        let message = invalid.to_string();
        match invalid {
            Invalid::Serialization(_) => Self::serialization(message),
            Invalid::Constraints(_) => Self::new("InvalidParameterException", message),
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let (exception, message) = match error {
            Error::AliasExists(text) => ("AliasExistsException", text),
            Error::CodeDeliveryFailure(text) => ("CodeDeliveryFailureException", text),
            Error::CodeMismatch(text) => ("CodeMismatchException", text),
            Error::DeviceKeyExists(text) => ("DeviceKeyExistsException", text),
            Error::EnableSoftwareTokenMFA(text) => ("EnableSoftwareTokenMFAException", text),
            Error::ExpiredCode(text) => ("ExpiredCodeException", text),
            Error::FeatureUnavailableInTier(text) => ("FeatureUnavailableInTierException", text),
            Error::GroupExists(text) => ("GroupExistsException", text),
            Error::InvalidLambdaResponse(text) => ("InvalidLambdaResponseException", text),
            Error::InvalidOAuthFlow(text) => ("InvalidOAuthFlowException", text),
            Error::InvalidParameter(text) => ("InvalidParameterException", text),
            Error::InvalidPassword(text) => ("InvalidPasswordException", text),
            Error::LimitExceeded(text) => ("LimitExceededException", text),
            Error::ManagedLoginBrandingExists(text) => ("ManagedLoginBrandingExistsException", text),
            Error::NotAuthorized(text) => ("NotAuthorizedException", text),
            Error::PasswordHistoryPolicyViolation(text) => ("PasswordHistoryPolicyViolationException", text),
            Error::PasswordResetRequired(text) => ("PasswordResetRequiredException", text),
            Error::RefreshTokenReuse(text) => ("RefreshTokenReuseException", text),
            Error::ResourceNotFound(text) => ("ResourceNotFoundException", text),
            Error::ScopeDoesNotExist(text) => ("ScopeDoesNotExistException", text),
            Error::SoftwareTokenMFANotFound(text) => ("SoftwareTokenMFANotFoundException", text),
            Error::TooManyRequests(text) => ("TooManyRequestsException", text),
            Error::Unauthorized(text) => ("UnauthorizedException", text),
            Error::UnexpectedLambda(text) => ("UnexpectedLambdaException", text),
            Error::UnsupportedOperation(text) => ("UnsupportedOperationException", text),
            Error::UnsupportedTokenType(text) => ("UnsupportedTokenTypeException", text),
            Error::UnsupportedUserState(text) => ("UnsupportedUserStateException", text),
            Error::UserLambdaValidation(text) => ("UserLambdaValidationException", text),
            Error::UsernameExists(text) => ("UsernameExistsException", text),
            Error::UserNotConfirmed(text) => ("UserNotConfirmedException", text),
            Error::UserNotFound(text) => ("UserNotFoundException", text),
            Error::WebAuthnChallengeNotFound(text) => ("WebAuthnChallengeNotFoundException", text),
            Error::WebAuthnClientMismatch(text) => ("WebAuthnClientMismatchException", text),
            Error::WebAuthnConfigurationMissing(text) => ("WebAuthnConfigurationMissingException", text),
            Error::WebAuthnCredentialNotSupported(text) => ("WebAuthnCredentialNotSupportedException", text),
            Error::WebAuthnNotEnabled(text) => ("WebAuthnNotEnabledException", text),
            Error::WebAuthnOriginNotAllowed(text) => ("WebAuthnOriginNotAllowedException", text),
            Error::WebAuthnRelyingPartyMismatch(text) => ("WebAuthnRelyingPartyMismatchException", text),
            Error::Internal(cause) => return Self::internal(cause),
        };
        Self {
            message: Some(message).filter(|text| !text.is_empty()),
            ..Self::new(exception, "")
        }
    }
}

#[cfg(test)]
mod tests {
    use model::ErrorKind;

    use super::*;

    #[test]
    fn every_error_of_the_rules_is_an_exception_of_the_model() {
        let makers: [fn(pool::error::Text) -> Error; 38] = [
            Error::AliasExists,
            Error::CodeDeliveryFailure,
            Error::CodeMismatch,
            Error::DeviceKeyExists,
            Error::EnableSoftwareTokenMFA,
            Error::ExpiredCode,
            Error::FeatureUnavailableInTier,
            Error::GroupExists,
            Error::InvalidLambdaResponse,
            Error::InvalidOAuthFlow,
            Error::InvalidParameter,
            Error::InvalidPassword,
            Error::LimitExceeded,
            Error::ManagedLoginBrandingExists,
            Error::NotAuthorized,
            Error::PasswordHistoryPolicyViolation,
            Error::PasswordResetRequired,
            Error::RefreshTokenReuse,
            Error::ResourceNotFound,
            Error::ScopeDoesNotExist,
            Error::SoftwareTokenMFANotFound,
            Error::TooManyRequests,
            Error::Unauthorized,
            Error::UnexpectedLambda,
            Error::UnsupportedOperation,
            Error::UnsupportedTokenType,
            Error::UnsupportedUserState,
            Error::UserLambdaValidation,
            Error::UsernameExists,
            Error::UserNotConfirmed,
            Error::UserNotFound,
            Error::WebAuthnChallengeNotFound,
            Error::WebAuthnClientMismatch,
            Error::WebAuthnConfigurationMissing,
            Error::WebAuthnCredentialNotSupported,
            Error::WebAuthnNotEnabled,
            Error::WebAuthnOriginNotAllowed,
            Error::WebAuthnRelyingPartyMismatch,
        ];
        for make in makers {
            let name = format!("{:?}", make("".into()));
            let refusal = Refusal::from(make("text".into()));
            assert_eq!(
                format!("{}Exception", name.trim_end_matches("(\"\")")),
                refusal.exception
            );
            assert!(
                ErrorKind::parse(refusal.exception).is_some(),
                "{}",
                refusal.exception
            );
            assert_eq!(
                (refusal.status, refusal.message.as_deref()),
                (StatusCode::BAD_REQUEST, Some("text"))
            );
        }
    }

    #[test]
    fn an_internal_error_keeps_its_cause_for_the_log() {
        let refusal = Refusal::from(Error::internal("the disk is full"));
        assert_eq!(
            (refusal.exception, refusal.status.as_u16()),
            ("InternalErrorException", 500)
        );
        assert!(!refusal.message.unwrap().contains("disk"));
        assert_eq!(refusal.cause.unwrap().to_string(), "the disk is full");
    }
}
