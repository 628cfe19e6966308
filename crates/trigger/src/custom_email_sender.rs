//! *Custom e-mail sender*: the function sends the message itself; the code comes encrypted.
//!
//! AWS: user-pool-lambda-custom-email-sender.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::attributes::{Attributes, Metadata, tolerant};
use crate::secret::EncryptedCode;
use crate::wire::{self, Trigger, put_if_some, sources, wire_shape};

/// The trigger.
#[derive(Clone, Copy, Debug)]
pub struct CustomEmailSender;

impl Trigger for CustomEmailSender {
    type Source = Source;
    type Request = Request;
    type Response = Response;
    const NAME: &'static str = "CustomEmailSender";
}

/// The `type` member of the request.
pub const REQUEST_TYPE: &str = "customEmailSenderRequestV1";

sources! {
    /// The code that confirms a sign-up.
    SignUp = "CustomEmailSender_SignUp",
    /// The code of a sign-up once more.
    ResendCode = "CustomEmailSender_ResendCode",
    /// The code for a forgotten password.
    ForgotPassword = "CustomEmailSender_ForgotPassword",
    /// The code for a changed attribute.
    UpdateUserAttribute = "CustomEmailSender_UpdateUserAttribute",
    /// The code that verifies an attribute on demand.
    VerifyUserAttribute = "CustomEmailSender_VerifyUserAttribute",
    /// The invitation with a temporary password.
    AdminCreateUser = "CustomEmailSender_AdminCreateUser",
    /// The code of a second factor.
    Authentication = "CustomEmailSender_Authentication",
    /// A warning about a suspicious sign-in.
    AccountTakeOverNotification = "CustomEmailSender_AccountTakeOverNotification",
}

/// What the event asks.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// The code or temporary password, encrypted with the pool's key for custom senders.
    pub code: Option<EncryptedCode>,
    /// `ClientMetadata` of the call.
    #[serde(default, deserialize_with = "tolerant")]
    pub client_metadata: Option<Metadata>,
    /// The user's attributes.
    #[serde(default, deserialize_with = "tolerant")]
    pub user_attributes: Option<Attributes>,
}

impl wire::Request for Request {
    fn read(value: &Value) -> Option<Self> {
        wire::shape(value)
    }

    fn write(&self) -> Map<String, Value> {
        let mut members = Map::new();
        members.insert("type".to_owned(), Value::from(REQUEST_TYPE));
        put_if_some(
            &mut members,
            "code",
            self.code.as_ref().map(|code| code.expose().into()),
        );
        // Observed: `null` without metadata, where other triggers leave the member out.
        for (name, map) in [
            ("clientMetadata", &self.client_metadata),
            ("userAttributes", &self.user_attributes),
        ] {
            members.insert(
                name.to_owned(),
                map.as_ref().map_or(Value::Null, Attributes::to_value),
            );
        }
        members
    }
}

/// Nothing is expected back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {}

wire_shape!(Response for Response);
