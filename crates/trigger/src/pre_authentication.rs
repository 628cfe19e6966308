//! *Pre authentication*: before the proof of a sign-in is looked at; the function may throw to refuse.
//!
//! AWS: user-pool-lambda-pre-authentication.

use serde::{Deserialize, Serialize};

use crate::attributes::{Attributes, Metadata, tolerant};
use crate::wire::{Trigger, sources, wire_shape};

/// The trigger.
#[derive(Clone, Copy, Debug)]
pub struct PreAuthentication;

impl Trigger for PreAuthentication {
    type Source = Source;
    type Request = Request;
    type Response = Response;
    const NAME: &'static str = "PreAuthentication";
}

sources! {
    /// A sign-in begins.
    Authentication = "PreAuthentication_Authentication",
}

/// What the event asks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// The user's attributes.
    #[serde(default, deserialize_with = "tolerant")]
    pub user_attributes: Option<Attributes>,
    /// `ClientMetadata` of the sign-in.
    #[serde(default, deserialize_with = "tolerant")]
    pub validation_data: Option<Metadata>,
    /// Only with `PreventUserExistenceErrors` enabled: there is no such user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_not_found: Option<bool>,
}

/// Nothing is expected back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {}

wire_shape!(Request for Request, Response for Response);
