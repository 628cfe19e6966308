//! What a step of a sign-in ends in: tokens, or the next challenge.

use trigger::Attributes;

use crate::secret::SessionToken;
use crate::token::Tokens;
use crate::user::User;

/// The end of a step.
#[derive(Debug)]
pub enum Outcome {
    /// The user is in.
    Tokens(Tokens),
    /// The user is in, on one of the pool's pages: an authorization code follows, and the tokens with that.
    SignedIn(Box<User>),
    /// One more proof is asked for.
    Challenge(Challenge),
    /// The first proof is asked for, in a sign-in that leaves the choice.
    Choice {
        /// What is asked for.
        challenge: Challenge,
        /// `AvailableChallenges`.
        available: Vec<ChallengeName>,
    },
    /// A question of the pool's own functions.
    CustomChallenge {
        /// `ChallengeParameters`.
        parameters: Attributes,
        /// What the answer has to bring along.
        session: SessionToken,
    },
}

impl Outcome {
    /// What is counted.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Tokens(_) | Self::SignedIn(_) => "signed_in",
            Self::Challenge(_) | Self::Choice { .. } | Self::CustomChallenge { .. } => "challenge",
        }
    }
}

/// A challenge.
#[derive(Debug)]
pub struct Challenge {
    /// Which.
    pub name: ChallengeName,
    /// `ChallengeParameters`; nested data is JSON text.
    pub parameters: Vec<(&'static str, String)>,
    /// What the answer has to bring along; `PASSWORD_VERIFIER` has none, its state is in `SECRET_BLOCK`.
    pub session: Option<SessionToken>,
}

/// `ChallengeName`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChallengeName {
    /// Prove by SRP that you know the password.
    PasswordVerifier,
    /// The password was temporary: choose one.
    NewPasswordRequired,
    /// Give the code that came by SMS.
    SmsMfa,
    /// Answer what the pool's own functions ask.
    CustomChallenge,
    /// Give the code that the authenticator app shows.
    SoftwareTokenMfa,
    /// Choose the second factor.
    SelectMfaType,
    /// Begin to prove that this is a remembered device.
    DeviceSrpAuth,
    /// Prove it.
    DevicePasswordVerifier,
    /// Set a second factor up.
    MfaSetup,
    /// Choose with what to begin.
    SelectChallenge,
    /// Begin with the password.
    Password,
    /// Begin with SRP.
    PasswordSrp,
    /// Give the code that came by e-mail.
    EmailOtp,
    /// Give the code that came by SMS in place of a password.
    SmsOtp,
    /// Use a passkey.
    WebAuthn,
    /// A challenge that this release does not pose.
    Other(String),
}

impl ChallengeName {
    /// Reads the API's name.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        match name {
            "PASSWORD_VERIFIER" => Self::PasswordVerifier,
            "NEW_PASSWORD_REQUIRED" => Self::NewPasswordRequired,
            "SMS_MFA" => Self::SmsMfa,
            "CUSTOM_CHALLENGE" => Self::CustomChallenge,
            "SOFTWARE_TOKEN_MFA" => Self::SoftwareTokenMfa,
            "SELECT_MFA_TYPE" => Self::SelectMfaType,
            "DEVICE_SRP_AUTH" => Self::DeviceSrpAuth,
            "DEVICE_PASSWORD_VERIFIER" => Self::DevicePasswordVerifier,
            "MFA_SETUP" => Self::MfaSetup,
            "SELECT_CHALLENGE" => Self::SelectChallenge,
            "PASSWORD" => Self::Password,
            "PASSWORD_SRP" => Self::PasswordSrp,
            "EMAIL_OTP" => Self::EmailOtp,
            "SMS_OTP" => Self::SmsOtp,
            "WEB_AUTHN" => Self::WebAuthn,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The API's name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Other(name) => name,
            known => known.name(),
        }
    }

    /// The same where nothing that a client has written may show: `other` for a challenge that is none of ours.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::PasswordVerifier => "PASSWORD_VERIFIER",
            Self::NewPasswordRequired => "NEW_PASSWORD_REQUIRED",
            Self::SmsMfa => "SMS_MFA",
            Self::CustomChallenge => "CUSTOM_CHALLENGE",
            Self::SoftwareTokenMfa => "SOFTWARE_TOKEN_MFA",
            Self::SelectMfaType => "SELECT_MFA_TYPE",
            Self::DeviceSrpAuth => "DEVICE_SRP_AUTH",
            Self::DevicePasswordVerifier => "DEVICE_PASSWORD_VERIFIER",
            Self::MfaSetup => "MFA_SETUP",
            Self::SelectChallenge => "SELECT_CHALLENGE",
            Self::Password => "PASSWORD",
            Self::PasswordSrp => "PASSWORD_SRP",
            Self::EmailOtp => "EMAIL_OTP",
            Self::SmsOtp => "SMS_OTP",
            Self::WebAuthn => "WEB_AUTHN",
            Self::Other(_) => "other",
        }
    }
}
