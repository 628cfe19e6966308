//! *Pre token generation*, event version 1: claims of the ID token, groups.
//!
//! AWS: user-pool-lambda-pre-token-generation. Versions 2 and 3 are in [`crate::pre_token_generation_v2`].

use serde::{Deserialize, Deserializer, Serialize};

use crate::attributes::{Attributes, Metadata, scalars, tolerant};
use crate::wire::{Trigger, sources, wire_shape};

/// The trigger in event version 1.
#[derive(Clone, Copy, Debug)]
pub struct PreTokenGeneration;

impl Trigger for PreTokenGeneration {
    type Source = Source;
    type Request = Request;
    type Response = Response;
    const NAME: &'static str = "PreTokenGeneration";
}

sources! {
    /// Sign-in on the hosted pages.
    HostedAuth = "TokenGeneration_HostedAuth",
    /// Sign-in through the API.
    Authentication = "TokenGeneration_Authentication",
    /// A new password was set in place of a temporary one.
    NewPasswordChallenge = "TokenGeneration_NewPasswordChallenge",
    /// A device was authenticated.
    AuthenticateDevice = "TokenGeneration_AuthenticateDevice",
    /// Tokens are refreshed.
    RefreshTokens = "TokenGeneration_RefreshTokens",
    /// An app client asks for itself; event version 3 only.
    ClientCredentials = "TokenGeneration_ClientCredentials",
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
    /// `ClientMetadata` of the call.
    #[serde(
        default,
        deserialize_with = "tolerant",
        skip_serializing_if = "Option::is_none"
    )]
    pub client_metadata: Option<Metadata>,
}

/// Groups and roles of a user, in an event and as an override.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupConfiguration {
    /// Names of groups.
    pub groups_to_override: Option<Vec<String>>,
    /// ARNs of the groups' roles.
    pub iam_roles_to_override: Option<Vec<String>>,
    /// ARN of the preferred role.
    pub preferred_role: Option<String>,
}

/// What the function may answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// Changes to the tokens; absent means none.
    pub claims_override_details: Option<ClaimsOverrideDetails>,
}

/// Changes to the ID token, and to the groups of both tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClaimsOverrideDetails {
    /// Claims to add, texts all; a number or boolean becomes one.
    #[serde(
        default,
        deserialize_with = "scalars",
        skip_serializing_if = "Option::is_none"
    )]
    pub claims_to_add_or_override: Option<Attributes>,
    /// Claims to leave out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims_to_suppress: Option<Vec<String>>,
    /// Other groups: absent leaves them as they are, `null` takes them away as an empty configuration does.
    #[serde(
        default,
        deserialize_with = "null_as_empty",
        skip_serializing_if = "Option::is_none"
    )]
    pub group_override_details: Option<GroupConfiguration>,
}

/// Reads a member that is there: `null` is an empty configuration.
pub(crate) fn null_as_empty<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<GroupConfiguration>, D::Error> {
    let said = Option::<GroupConfiguration>::deserialize(deserializer)?;
    Ok(Some(said.unwrap_or_default()))
}

wire_shape!(Request for Request, Response for Response);
