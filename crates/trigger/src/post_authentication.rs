//! *Post authentication*: after a sign-in.
//!
//! AWS: user-pool-lambda-post-authentication.

use serde::{Deserialize, Serialize};

use crate::attributes::{Attributes, Metadata, tolerant};
use crate::wire::{Trigger, sources, wire_shape};

/// The trigger.
#[derive(Clone, Copy, Debug)]
pub struct PostAuthentication;

impl Trigger for PostAuthentication {
    type Source = Source;
    type Request = Request;
    type Response = Response;
    const NAME: &'static str = "PostAuthentication";
}

sources! {
    /// Somebody signed in.
    Authentication = "PostAuthentication_Authentication",
}

/// What the event tells.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// The user's attributes.
    #[serde(default, deserialize_with = "tolerant")]
    pub user_attributes: Option<Attributes>,
    /// The sign-in came from a device that was not known.
    pub new_device_used: Option<bool>,
    /// `ClientMetadata` of the last call.
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
