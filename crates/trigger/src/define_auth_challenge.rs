//! *Define auth challenge*: which challenge comes next in a custom sign-in.
//!
//! AWS: user-pool-lambda-define-auth-challenge.

use serde::{Deserialize, Serialize};

use crate::attributes::{Attributes, Metadata, tolerant};
use crate::wire::{Trigger, sources, wire_shape};

/// The trigger.
#[derive(Clone, Copy, Debug)]
pub struct DefineAuthChallenge;

impl Trigger for DefineAuthChallenge {
    type Source = Source;
    type Request = Request;
    type Response = Response;
    const NAME: &'static str = "DefineAuthChallenge";
}

sources! {
    /// A custom sign-in goes on.
    Authentication = "DefineAuthChallenge_Authentication",
}

/// What the event asks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// The user's attributes.
    #[serde(default, deserialize_with = "tolerant")]
    pub user_attributes: Option<Attributes>,
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

/// A challenge that was answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChallengeResult {
    /// `CUSTOM_CHALLENGE`, `SRP_A`, `PASSWORD_VERIFIER`, `SMS_MFA`, ….
    #[serde(default)]
    pub challenge_name: String,
    /// Whether the answer was right.
    #[serde(default)]
    pub challenge_result: bool,
    /// What the function that made the challenge noted about it.
    pub challenge_metadata: Option<String>,
}

/// What the function may answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// The next challenge.
    pub challenge_name: Option<String>,
    /// Signed in: give tokens.
    pub issue_tokens: Option<bool>,
    /// End the sign-in without.
    pub fail_authentication: Option<bool>,
}

wire_shape!(Request for Request, Response for Response);
