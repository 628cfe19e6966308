//! *Custom message*: the text of a message, before the pool sends it.
//!
//! AWS: user-pool-lambda-custom-message. The event has placeholders in the place of the code and the user name. Observed:
//! `linkParameter` stands in every event, also where codes are sent; `usernameParameter` is `null` but in invitations.

use serde::{Deserialize, Serialize};

use crate::attributes::{Attributes, Metadata, tolerant};
use crate::wire::{Trigger, sources, wire_shape};

/// Stands where the code goes.
pub const CODE_PARAMETER: &str = "{####}";
/// Stands where a link goes; a function may put words of its own between the signs.
pub const LINK_PARAMETER: &str = "{##Click Here##}";
/// Stands where the user name goes.
pub const USERNAME_PARAMETER: &str = "{username}";

/// The trigger.
#[derive(Clone, Copy, Debug)]
pub struct CustomMessage;

impl Trigger for CustomMessage {
    type Source = Source;
    type Request = Request;
    type Response = Response;
    const NAME: &'static str = "CustomMessage";
}

sources! {
    /// The code that confirms a sign-up.
    SignUp = "CustomMessage_SignUp",
    /// The invitation with a temporary password.
    AdminCreateUser = "CustomMessage_AdminCreateUser",
    /// The code of a sign-up once more.
    ResendCode = "CustomMessage_ResendCode",
    /// The code for a forgotten password.
    ForgotPassword = "CustomMessage_ForgotPassword",
    /// The code for a changed attribute.
    UpdateUserAttribute = "CustomMessage_UpdateUserAttribute",
    /// The code that verifies an attribute on demand.
    VerifyUserAttribute = "CustomMessage_VerifyUserAttribute",
    /// The code of a second factor.
    Authentication = "CustomMessage_Authentication",
}

/// What the event asks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// The user's attributes.
    #[serde(default, deserialize_with = "tolerant")]
    pub user_attributes: Option<Attributes>,
    /// Stands where the code goes: `{####}`.
    pub code_parameter: Option<String>,
    /// Stands where a link goes: `{##Click Here##}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_parameter: Option<String>,
    /// Stands where the user name goes, in invitations.
    pub username_parameter: Option<String>,
    /// `ClientMetadata` of the call.
    #[serde(
        default,
        deserialize_with = "tolerant",
        skip_serializing_if = "Option::is_none"
    )]
    pub client_metadata: Option<Metadata>,
}

/// What the function may answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// The SMS.
    pub sms_message: Option<String>,
    /// The body of the e-mail.
    pub email_message: Option<String>,
    /// The subject of the e-mail.
    pub email_subject: Option<String>,
}

wire_shape!(Request for Request, Response for Response);
