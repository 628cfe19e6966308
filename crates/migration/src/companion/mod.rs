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

use crate::digest::DigestKey;
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

/// The attributes in which people carry what the old directory knew of them, and the key that vouches for the groups.
///
/// An app client may write every custom attribute unless it was told otherwise, so groups count only under a seal: a keyed
/// digest over them and the old id.
#[derive(Clone, Copy, Debug)]
pub struct Carrier<'a> {
    /// Which attributes they are.
    pub mapping: &'a Mapping,
    /// Without it no groups are carried.
    pub key: Option<&'a DigestKey>,
}

impl Carrier<'_> {
    /// The groups that these attributes carry; none where the key does not vouch for them.
    #[must_use]
    pub fn groups(&self, attributes: Option<&Attributes>) -> CarriedGroups {
        self.opened(attributes).unwrap_or_default()
    }

    fn opened(&self, attributes: Option<&Attributes>) -> Option<CarriedGroups> {
        let attributes = attributes?;
        let value = attributes.get(self.mapping.keep_groups_as.as_deref()?)?;
        let (seal, names) = value.split_once(' ')?;
        let is_ours = self.key?.vouches(&self.statement(names, attributes), seal);
        is_ours.then(|| CarriedGroups::read(names))
    }

    /// The value with which somebody of these attributes carries these groups; empty for none. `None` without the key.
    #[must_use]
    pub fn written(&self, groups: &CarriedGroups, attributes: &Attributes) -> Option<String> {
        if groups.is_empty() {
            return Some(String::new());
        }
        let names = groups.written();
        let seal = self.key?.seal(&self.statement(&names, attributes));
        Some(format!("{seal} {names}"))
    }

    /// Puts the groups of a user who moves under the seal. `None` where there are some and no key.
    pub(crate) fn seal(&self, attributes: &mut Attributes) -> Option<()> {
        let name = self.mapping.keep_groups_as.as_deref();
        if let Some((name, names)) = name.and_then(|name| Some((name, attributes.get(name)?))) {
            let value = self.written(&CarriedGroups::read(names), attributes)?;
            attributes.insert(name, value);
        }
        Some(())
    }

    /// Neither an id nor a name of a group has a line break in it.
    fn statement(&self, names: &str, attributes: &Attributes) -> String {
        let old_id = self.mapping.keep_sub_as.as_deref();
        let old_id = old_id.and_then(|name| attributes.get(name)).unwrap_or_default();
        format!("groups\n{old_id}\n{names}")
    }
}
