//! How a pool's messages read, and by whose account its e-mails go.
//!
//! Every type has the API's names on the wire, so that an answer shows what a request gave. Texts have placeholders:
//! `{####}` for a code or temporary password, `{username}` in invitations, `{##words##}` for a link.

use serde::{Deserialize, Serialize};

/// The texts that a pool may set, and the account that sends its e-mails. What is absent is Cognito's default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MessageSettings {
    /// `VerificationMessageTemplate`: codes for addresses, numbers and forgotten passwords.
    pub verification: VerificationMessageTemplate,
    /// `EmailVerificationMessage`, the older place of the template's text: it counts where the template has none.
    pub email_verification_message: Option<String>,
    /// `EmailVerificationSubject`, likewise.
    pub email_verification_subject: Option<String>,
    /// `SmsVerificationMessage`, likewise.
    pub sms_verification_message: Option<String>,
    /// `SmsAuthenticationMessage`: codes of a sign-in by SMS.
    pub sms_authentication_message: Option<String>,
    /// `EmailConfiguration`.
    pub email: EmailConfiguration,
}

/// `VerificationMessageTemplate`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct VerificationMessageTemplate {
    /// Whether an e-mail that confirms a sign-up holds a code or a link.
    #[serde(default)]
    pub default_email_option: DefaultEmailOption,
    /// The e-mail with a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_message: Option<String>,
    /// The e-mail with a link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_message_by_link: Option<String>,
    /// The subject of the e-mail with a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_subject: Option<String>,
    /// The subject of the e-mail with a link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_subject_by_link: Option<String>,
    /// The text message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sms_message: Option<String>,
}

/// `DefaultEmailOption`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DefaultEmailOption {
    /// The person types the code.
    #[default]
    ConfirmWithCode,
    /// The person follows a link.
    ConfirmWithLink,
}

/// `EmailMfaConfiguration`: codes of a sign-in by e-mail. `SetUserPoolMfaConfig` sets it; `UpdateUserPool` leaves it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct EmailMfaConfiguration {
    /// The text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
}

/// `EmailConfiguration`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct EmailConfiguration {
    /// By whose account e-mails go.
    #[serde(default)]
    pub email_sending_account: EmailSendingAccount,
    /// The address at Amazon SES.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_arn: Option<String>,
    /// Where answers go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to_email_address: Option<String>,
    /// The sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Rules of Amazon SES.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configuration_set: Option<String>,
}

/// `EmailSendingAccount`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EmailSendingAccount {
    /// Cognito's own: what a function says about e-mails is refused.
    #[default]
    CognitoDefault,
    /// The developer's at Amazon SES.
    Developer,
}
