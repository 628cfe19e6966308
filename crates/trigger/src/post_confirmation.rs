//! *Post confirmation*: after a user confirmed the account or a forgotten password.
//!
//! AWS: user-pool-lambda-post-confirmation.

use serde::{Deserialize, Serialize};

use crate::attributes::{Attributes, Metadata, tolerant};
use crate::wire::{Trigger, sources, wire_shape};

/// The trigger.
#[derive(Clone, Copy, Debug)]
pub struct PostConfirmation;

impl Trigger for PostConfirmation {
    type Source = Source;
    type Request = Request;
    type Response = Response;
    const NAME: &'static str = "PostConfirmation";
}

sources! {
    /// A sign-up was confirmed.
    ConfirmSignUp = "PostConfirmation_ConfirmSignUp",
    /// A forgotten password was reset.
    ConfirmForgotPassword = "PostConfirmation_ConfirmForgotPassword",
}

/// What the event tells.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// The user's attributes.
    #[serde(default, deserialize_with = "tolerant")]
    pub user_attributes: Option<Attributes>,
    /// `ClientMetadata` of the call.
    #[serde(
        default,
        deserialize_with = "tolerant",
        skip_serializing_if = "Option::is_none"
    )]
    pub client_metadata: Option<Metadata>,
}

/// Nothing is expected back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {}

wire_shape!(Request for Request, Response for Response);
