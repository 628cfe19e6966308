//! What an answer of `AdminInitiateAuth` says about a person.
//!
//! A challenge is never a success. What is not understood is never a wrong password.

use migration::{Cause, CouldNotAsk, Login, SecondFactor, Standing};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::INITIATE;
use super::api::Fault;

/// The output, without the tokens: only that there are some matters.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Authentication {
    authentication_result: Option<IgnoredAny>,
    challenge_name: Option<String>,
}

/// What the answer comes to.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// A standing that needs no profile.
    Standing(Standing),
    /// The user exists; the profile completes the standing.
    Known(Known),
    /// No answer to our question.
    CouldNotAsk(CouldNotAsk),
}

/// What is known of the user before the profile is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// Tokens were given.
    SignedIn,
    /// A second factor was asked for; `None` where the profile says which.
    SecondFactor(Option<SecondFactor>),
    PasswordMustChange,
    ResetDue,
    Unconfirmed,
}

impl Authentication {
    /// What an answer comes to; one with neither tokens nor a challenge is not understood.
    pub(crate) fn verdict(&self) -> Verdict {
        let known = match self.challenge_name.as_deref() {
            Some("NEW_PASSWORD_REQUIRED") => Known::PasswordMustChange,
            Some("SMS_MFA") => Known::SecondFactor(Some(SecondFactor::Sms)),
            Some("SELECT_MFA_TYPE") => Known::SecondFactor(None),
            Some(_) => Known::SecondFactor(Some(SecondFactor::Other)),
            None if self.authentication_result.is_some() => Known::SignedIn,
            None => return Verdict::CouldNotAsk(CouldNotAsk::new(Cause::NotUnderstood, INITIATE)),
        };
        Verdict::Known(known)
    }
}

impl Fault {
    /// What an error of `AdminInitiateAuth` comes to.
    pub(crate) fn verdict(&self, login: &Login) -> Verdict {
        match self.name.as_str() {
            "UserNotFoundException" => Verdict::Standing(Standing::Unknown),
            "PasswordResetRequiredException" => Verdict::Known(Known::ResetDue),
            "UserNotConfirmedException" => Verdict::Known(Known::Unconfirmed),
            "NotAuthorizedException" => self.not_authorized(login),
            _ => Verdict::CouldNotAsk(self.could_not_ask(INITIATE)),
        }
    }

    /// One exception for many things; only its texts tell them apart.
    fn not_authorized(&self, login: &Login) -> Verdict {
        match self.text() {
            "Incorrect username or password" => Verdict::Standing(Standing::WrongPassword),
            // moto's server has the login for a text, where Cognito has the line above.
            text if text == login.as_str().trim_end_matches('.') => {
                Verdict::Standing(Standing::WrongPassword)
            }
            "User does not exist" => Verdict::Standing(Standing::Unknown),
            "User is disabled" => Verdict::Standing(Standing::Disabled),
            "Password attempts exceeded" | "Unable to login because of security reasons" => {
                Verdict::Standing(Standing::LockedForNow(None))
            }
            text if text.starts_with("Temporary password has expired") => {
                Verdict::Known(Known::PasswordMustChange)
            }
            _ if self.speaks_of_the_secret_hash() => {
                let source = format!("{}: check the app client's secret", self.name);
                Verdict::CouldNotAsk(CouldNotAsk::new(Cause::NotAllowed, INITIATE).with_source(source))
            }
            _ => Verdict::CouldNotAsk(self.could_not_ask(INITIATE)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authenticated(json: &str) -> Verdict {
        serde_json::from_str::<Authentication>(json).unwrap().verdict()
    }

    fn cause(fault: &Fault) -> Cause {
        match fault.verdict(&Login::new("jane")) {
            Verdict::CouldNotAsk(error) => error.cause,
            other => panic!("could not ask, not {other:?}"),
        }
    }

    #[test]
    fn tokens_are_a_success_and_a_challenge_never_is() {
        let known = |json: &str| match authenticated(json) {
            Verdict::Known(known) => known,
            other => panic!("known, not {other:?}"),
        };
        assert_eq!(
            known(r#"{"AuthenticationResult":{"AccessToken":"x"},"ChallengeParameters":{}}"#),
            Known::SignedIn
        );
        let challenge = |name| {
            known(&format!(
                r#"{{"ChallengeName":"{name}","AuthenticationResult":null}}"#
            ))
        };
        assert_eq!(challenge("NEW_PASSWORD_REQUIRED"), Known::PasswordMustChange);
        assert_eq!(challenge("SMS_MFA"), Known::SecondFactor(Some(SecondFactor::Sms)));
        assert_eq!(challenge("SELECT_MFA_TYPE"), Known::SecondFactor(None));
        for name in [
            "SOFTWARE_TOKEN_MFA",
            "EMAIL_OTP",
            "MFA_SETUP",
            "WEB_AUTHN",
            "DEVICE_SRP_AUTH",
            "TELEPATHY",
        ] {
            assert_eq!(
                challenge(name),
                Known::SecondFactor(Some(SecondFactor::Other)),
                "{name}"
            );
        }
        assert!(matches!(authenticated("{}"), Verdict::CouldNotAsk(_)));
    }

    #[test]
    fn every_text_of_not_authorized_has_its_meaning() {
        let standing = |text| match Fault::new("NotAuthorizedException", text).verdict(&Login::new("jane")) {
            Verdict::Standing(standing) => standing,
            other => panic!("a standing, not {other:?}"),
        };
        assert_eq!(
            standing("Incorrect username or password."),
            Standing::WrongPassword
        );
        assert_eq!(standing("jane"), Standing::WrongPassword);
        assert_eq!(standing("User is disabled."), Standing::Disabled);
        assert_eq!(
            standing("Password attempts exceeded"),
            Standing::LockedForNow(None)
        );
        let expired = "Temporary password has expired and must be reset by an administrator.";
        let expired = Fault::new("NotAuthorizedException", expired).verdict(&Login::new("jane"));
        assert!(matches!(expired, Verdict::Known(Known::PasswordMustChange)));
        let secret = "Client 1a is configured with secret but SECRET_HASH was not received";
        assert_eq!(
            cause(&Fault::new("NotAuthorizedException", secret)),
            Cause::NotAllowed
        );
        assert_eq!(
            cause(&Fault::new("NotAuthorizedException", "Something new")),
            Cause::NotUnderstood
        );
    }

    #[test]
    fn an_outage_never_reads_as_a_wrong_password() {
        for (name, expected) in [
            ("TooManyRequestsException", Cause::Throttled),
            ("LimitExceededException", Cause::Throttled),
            ("InternalErrorException", Cause::Broken),
            ("UserLambdaValidationException", Cause::TriggerFailed),
            ("UnexpectedLambdaException", Cause::TriggerFailed),
            ("InvalidLambdaResponseException", Cause::TriggerFailed),
            ("ResourceNotFoundException", Cause::NotAllowed),
            ("AccessDeniedException", Cause::NotAllowed),
            ("SomethingNewException", Cause::NotUnderstood),
        ] {
            assert_eq!(
                cause(&Fault::new(name, "Incorrect username or password.")),
                expected,
                "{name}"
            );
        }
    }

    #[test]
    fn a_fault_does_not_repeat_a_message_that_may_quote_a_login() {
        use std::error::Error as _;
        let message = "1 validation error detected: Value 'jane' at 'username' failed to satisfy constraint";
        let error = Fault::new("InvalidParameterException", message).could_not_ask(INITIATE);
        let chain = format!("{error} {:?} {}", error, error.source().unwrap());
        assert!(!chain.contains("jane"), "{chain}");
    }
}
