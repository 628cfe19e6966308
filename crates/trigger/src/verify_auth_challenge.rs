//! *Verify auth challenge response*: whether the answer to a custom challenge is right.
//!
//! AWS: user-pool-lambda-verify-auth-challenge-response.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::attributes::{Attributes, Metadata, tolerant};
use crate::secret::ChallengeAnswer;
use crate::wire::{self, Trigger, put_if_some, sources, wire_shape};

/// The trigger.
#[derive(Clone, Copy, Debug)]
pub struct VerifyAuthChallenge;

impl Trigger for VerifyAuthChallenge {
    type Source = Source;
    type Request = Request;
    type Response = Response;
    const NAME: &'static str = "VerifyAuthChallengeResponse";
}

sources! {
    /// A custom challenge was answered.
    Authentication = "VerifyAuthChallengeResponse_Authentication",
}

/// What the event asks.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// The user's attributes.
    #[serde(default, deserialize_with = "tolerant")]
    pub user_attributes: Option<Attributes>,
    /// What the function that made the challenge kept for this one.
    #[serde(default, deserialize_with = "tolerant")]
    pub private_challenge_parameters: Option<Attributes>,
    /// What the person answered.
    pub challenge_answer: Option<ChallengeAnswer>,
    /// `ClientMetadata` of the answer.
    #[serde(default, deserialize_with = "tolerant")]
    pub client_metadata: Option<Metadata>,
    /// Only with `PreventUserExistenceErrors` enabled: there is no such user.
    pub user_not_found: Option<bool>,
}

impl wire::Request for Request {
    fn read(value: &Value) -> Option<Self> {
        wire::shape(value)
    }

    fn write(&self) -> Map<String, Value> {
        let map = |map: &Option<Attributes>| map.as_ref().map_or(Value::Null, Attributes::to_value);
        let answer = self
            .challenge_answer
            .as_ref()
            .map_or(Value::Null, |answer| answer.expose().into());
        let mut members = Map::new();
        members.insert("userAttributes".to_owned(), map(&self.user_attributes));
        members.insert(
            "privateChallengeParameters".to_owned(),
            map(&self.private_challenge_parameters),
        );
        members.insert("challengeAnswer".to_owned(), answer);
        put_if_some(
            &mut members,
            "clientMetadata",
            self.client_metadata.as_ref().map(Attributes::to_value),
        );
        put_if_some(&mut members, "userNotFound", self.user_not_found.map(Value::Bool));
        members
    }
}

/// What the function may answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// Whether the answer is right; absent means no.
    pub answer_correct: Option<bool>,
}

wire_shape!(Response for Response);
