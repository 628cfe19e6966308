//! What the migration function can do behind the new pool's other triggers, for users who have moved or are about to.
//!
//! - [`pre_token_generation`]: the old id and the old groups stand in the very first token.
//! - [`post_authentication`]: which of the old groups are still to be written into the new pool.
//! - [`pre_sign_up`]: nobody registers a name that still lives in the old directory.
//!
//! What has to be remembered from the migration stands in the new user's own attributes, so that a token can be made without
//! asking anybody: the old id in `keep_sub_as`, the old groups in `keep_groups_as` of `[attributes]`.

pub mod groups;
pub mod post_authentication;
pub mod pre_sign_up;
pub mod pre_token_generation;

use serde::Deserialize;
use trigger::Attributes;

use crate::mapping::Mapping;
use groups::CarriedGroups;

/// `[companion]` of `rehome.toml`.
///
/// ```toml
/// [companion]
/// old_id_claim = "old_sub"      # the old id under this name in the tokens; absent: not there
/// old_groups_in_tokens = true   # until they are written into the new pool
/// create_groups = false         # make a group that the new pool lacks
/// groups_per_second = 10        # of Cognito's 25 writes a second, for all users together
/// guard_sign_up = true          # refuse sign-ups under names that live in the old directory
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Companion {
    /// The claim that gets the old id.
    pub old_id_claim: Option<String>,
    /// Whether the old groups stand in tokens.
    pub old_groups_in_tokens: bool,
    /// Whether a group is made that the new pool lacks.
    pub create_groups: bool,
    /// How many groups are written in a second.
    pub groups_per_second: u32,
    /// Whether sign-ups are held against the old directory.
    pub guard_sign_up: bool,
}

impl Default for Companion {
    fn default() -> Self {
        Self {
            old_id_claim: None,
            old_groups_in_tokens: true,
            create_groups: false,
            groups_per_second: 10,
            guard_sign_up: true,
        }
    }
}

/// Claims that no trigger may set, or that mean something else to every verifier.
///
/// AWS: user-pool-lambda-pre-token-generation, *claims and scopes that can't be modified*.
const RESERVED_CLAIMS: [&str; 22] = [
    "acr",
    "amr",
    "at_hash",
    "aud",
    "auth_time",
    "azp",
    "client_id",
    "device_key",
    "event_id",
    "exp",
    "iat",
    "identities",
    "iss",
    "jti",
    "nbf",
    "nonce",
    "origin_jti",
    "scope",
    "sub",
    "token_use",
    "username",
    "version",
];

impl Companion {
    /// Every mistake in these settings beside that mapping: the key inside `[companion]`, and what to write.
    #[must_use]
    pub fn problems(&self, mapping: &Mapping) -> Vec<(&'static str, String)> {
        let mut problems = Vec::new();
        if let Some(claim) = &self.old_id_claim {
            let is_reserved = RESERVED_CLAIMS.contains(&claim.as_str()) || claim.starts_with("cognito:");
            if claim.is_empty() || is_reserved {
                let advice =
                    format!("\"{claim}\" is not a claim that can be set; write for example \"old_sub\"");
                problems.push(("old_id_claim", advice));
            }
            if mapping.keep_sub_as.is_none() {
                let advice =
                    "nothing remembers the old id; write attributes.keep_sub_as = \"custom:old_sub\" too";
                problems.push(("old_id_claim", advice.to_owned()));
            }
        }
        if !(1..=1000).contains(&self.groups_per_second) {
            let advice =
                "must be from 1 to 1000; 10 is the default, Cognito allows 25 writes of users a second";
            problems.push(("groups_per_second", advice.to_owned()));
        }
        problems
    }
}

/// The old groups that an event's attributes tell of.
fn carried(mapping: &Mapping, attributes: Option<&Attributes>) -> CarriedGroups {
    let name = mapping.keep_groups_as.as_deref();
    let value = name
        .zip(attributes)
        .and_then(|(name, attributes)| attributes.get(name));
    value.map(CarriedGroups::read).unwrap_or_default()
}
