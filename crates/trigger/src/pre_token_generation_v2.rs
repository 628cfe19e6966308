//! *Pre token generation*, event versions 2 and 3: claims and scopes of both tokens; 3 also for app clients themselves.
//!
//! AWS: user-pool-lambda-pre-token-generation.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::attributes::{Attributes, Metadata, tolerant};
pub use crate::pre_token_generation::Source;
use crate::pre_token_generation::{GroupConfiguration, null_as_empty};
use crate::wire::{Trigger, wire_shape};

/// The trigger in event version 2.
#[derive(Clone, Copy, Debug)]
pub struct PreTokenGenerationV2;

impl Trigger for PreTokenGenerationV2 {
    type Source = Source;
    type Request = Request;
    type Response = Response;
    const NAME: &'static str = "PreTokenGeneration";
    const VERSION: &'static str = "2";
}

/// The trigger in event version 3.
#[derive(Clone, Copy, Debug)]
pub struct PreTokenGenerationV3;

impl Trigger for PreTokenGenerationV3 {
    type Source = Source;
    type Request = Request;
    type Response = Response;
    const NAME: &'static str = "PreTokenGeneration";
    const VERSION: &'static str = "3";
}

/// What the event asks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// The user's attributes.
    #[serde(default, deserialize_with = "tolerant")]
    pub user_attributes: Option<Attributes>,
    /// The user's groups and roles.
    pub group_configuration: Option<GroupConfiguration>,
    /// Scopes of the access token to be.
    pub scopes: Option<Vec<String>>,
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
    /// Changes to the tokens; absent means none.
    pub claims_and_scope_override_details: Option<ClaimsAndScopeOverrideDetails>,
}

/// Changes to both tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClaimsAndScopeOverrideDetails {
    /// Changes to the ID token; its scope members mean nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_generation: Option<TokenGeneration>,
    /// Changes to the access token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token_generation: Option<TokenGeneration>,
    /// Other groups: absent leaves them as they are, `null` takes them away as an empty configuration does.
    #[serde(
        default,
        deserialize_with = "null_as_empty",
        skip_serializing_if = "Option::is_none"
    )]
    pub group_override_details: Option<GroupConfiguration>,
}

/// Changes to one token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenGeneration {
    /// Claims to add, of any JSON kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims_to_add_or_override: Option<Map<String, Value>>,
    /// Claims to leave out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims_to_suppress: Option<Vec<String>>,
    /// Scopes to add.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes_to_add: Option<Vec<String>>,
    /// Scopes to leave out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes_to_suppress: Option<Vec<String>>,
}

wire_shape!(Request for Request, Response for Response);
