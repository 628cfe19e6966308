//! *Create auth challenge*: the question of a custom challenge, and privately its answer.
//!
//! AWS: user-pool-lambda-create-auth-challenge.

use serde::{Deserialize, Serialize};

use crate::attributes::{Attributes, Metadata, scalars, tolerant};
use crate::define_auth_challenge::ChallengeResult;
use crate::wire::{Trigger, sources, wire_shape};

/// The trigger.
#[derive(Clone, Copy, Debug)]
pub struct CreateAuthChallenge;

impl Trigger for CreateAuthChallenge {
    type Source = Source;
    type Request = Request;
    type Response = Response;
    const NAME: &'static str = "CreateAuthChallenge";
}

sources! {
    /// A custom sign-in needs a challenge.
    Authentication = "CreateAuthChallenge_Authentication",
}

/// What the event asks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// The user's attributes.
    #[serde(default, deserialize_with = "tolerant")]
    pub user_attributes: Option<Attributes>,
    /// The challenge to make.
    pub challenge_name: Option<String>,
    /// The challenges so far, oldest first.
    pub session: Option<Vec<ChallengeResult>>,
    /// `ClientMetadata` of the answer to a challenge.
    #[serde(
        default,
        deserialize_with = "tolerant",
        skip_serializing_if = "Option::is_none"
    )]
    pub client_metadata: Option<Metadata>,
    /// Only with `PreventUserExistenceErrors` enabled: there is no such user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_not_found: Option<bool>,
}

/// What the function may answer. The parameters hold the right answer; `Debug` shows their names alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// For the client. Here and below a number or boolean becomes a text.
    #[serde(default, deserialize_with = "scalars")]
    pub public_challenge_parameters: Option<Attributes>,
    /// For the function that verifies.
    #[serde(default, deserialize_with = "scalars")]
    pub private_challenge_parameters: Option<Attributes>,
    /// A note for the function that defines.
    pub challenge_metadata: Option<String>,
}

wire_shape!(Request for Request, Response for Response);
