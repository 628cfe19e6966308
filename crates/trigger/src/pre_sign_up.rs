//! *Pre sign-up*: before a user is stored, by sign-up, by an administrator (a migration included) or by federation.
//!
//! AWS: user-pool-lambda-pre-sign-up.

use serde::{Deserialize, Serialize};

use crate::attributes::{Attributes, Metadata, tolerant};
use crate::wire::{Trigger, sources, wire_shape};

/// The trigger.
#[derive(Clone, Copy, Debug)]
pub struct PreSignUp;

impl Trigger for PreSignUp {
    type Source = Source;
    type Request = Request;
    type Response = Response;
    const NAME: &'static str = "PreSignUp";
}

sources! {
    /// `SignUp`.
    SignUp = "PreSignUp_SignUp",
    /// `AdminCreateUser`, and the making of a migrated user.
    AdminCreateUser = "PreSignUp_AdminCreateUser",
    /// First sign-in through an identity provider.
    ExternalProvider = "PreSignUp_ExternalProvider",
}

/// What the event asks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// Attributes of the user to be.
    #[serde(default, deserialize_with = "tolerant")]
    pub user_attributes: Option<Attributes>,
    /// `ValidationData` of the call.
    #[serde(default, deserialize_with = "tolerant")]
    pub validation_data: Option<Metadata>,
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
    /// The user is confirmed at once.
    pub auto_confirm_user: Option<bool>,
    /// The e-mail address counts as verified.
    pub auto_verify_email: Option<bool>,
    /// The phone number counts as verified.
    pub auto_verify_phone: Option<bool>,
}

impl crate::wire::Response for Response {
    fn read(value: &serde_json::Value) -> Option<Self> {
        crate::wire::shape(value)
    }

    /// Cognito sends `false` here, not `null`.
    fn write(&self) -> serde_json::Map<String, serde_json::Value> {
        crate::wire::members(&Self {
            auto_confirm_user: Some(self.auto_confirm_user.unwrap_or_default()),
            auto_verify_email: Some(self.auto_verify_email.unwrap_or_default()),
            auto_verify_phone: Some(self.auto_verify_phone.unwrap_or_default()),
        })
    }
}

wire_shape!(Request for Request);
