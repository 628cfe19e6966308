//! *Custom SMS sender*: the function sends the message itself; the code comes encrypted.
//!
//! AWS: user-pool-lambda-custom-sms-sender.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::attributes::{Attributes, Metadata, tolerant};
use crate::secret::EncryptedCode;
use crate::wire::{self, Trigger, put_if_some, sources, wire_shape};

/// The trigger.
#[derive(Clone, Copy, Debug)]
pub struct CustomSmsSender;

impl Trigger for CustomSmsSender {
    type Source = Source;
    type Request = Request;
    type Response = Response;
    const NAME: &'static str = "CustomSMSSender";
}

/// The `type` member of the request.
pub const REQUEST_TYPE: &str = "customSMSSenderRequestV1";

sources! {
    /// The code that confirms a sign-up.
    SignUp = "CustomSMSSender_SignUp",
    /// The code of a sign-up once more.
    ResendCode = "CustomSMSSender_ResendCode",
    /// The code for a forgotten password.
    ForgotPassword = "CustomSMSSender_ForgotPassword",
    /// The code for a changed attribute.
    UpdateUserAttribute = "CustomSMSSender_UpdateUserAttribute",
    /// The code that verifies an attribute on demand.
    VerifyUserAttribute = "CustomSMSSender_VerifyUserAttribute",
    /// The invitation with a temporary password.
    AdminCreateUser = "CustomSMSSender_AdminCreateUser",
    /// The code of a second factor.
    Authentication = "CustomSMSSender_Authentication",
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
