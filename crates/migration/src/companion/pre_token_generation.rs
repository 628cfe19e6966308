//! The old id and the old groups in tokens, from the very first one on.
//!
//! Source: *Pre token generation Lambda trigger*. Where groups are overridden all of them are, roles too, so those that the
//! pool names are given back with the old ones added.

use serde_json::{Map, Value};
use trigger::Attributes;
use trigger::pre_token_generation::{self as v1, GroupConfiguration};
use trigger::pre_token_generation_v2 as v2;

use super::{Carrier, Companion};
use crate::mapping::Mapping;

/// The answer to an event of version 1: the ID token's claims, the groups of both.
#[must_use]
pub fn version_1(request: &v1::Request, carrier: Carrier<'_>, companion: &Companion) -> v1::Response {
    let attributes = request.user_attributes.as_ref();
    let claim = old_id(carrier.mapping, companion, attributes);
    let groups = groups(
        carrier,
        companion,
        attributes,
        request.group_configuration.as_ref(),
    );
    if claim.is_none() && groups.is_none() {
        return v1::Response::default();
    }
    v1::Response {
        claims_override_details: Some(v1::ClaimsOverrideDetails {
            claims_to_add_or_override: claim.map(|claim| [claim].into_iter().collect()),
            claims_to_suppress: None,
            group_override_details: groups,
        }),
    }
}

/// The answer to an event of version 2 or 3: claims and groups of both tokens. An app client that asks for itself has neither.
#[must_use]
pub fn version_2(request: &v2::Request, carrier: Carrier<'_>, companion: &Companion) -> v2::Response {
    let attributes = request.user_attributes.as_ref();
    let claim = old_id(carrier.mapping, companion, attributes);
    let groups = groups(
        carrier,
        companion,
        attributes,
        request.group_configuration.as_ref(),
    );
    if claim.is_none() && groups.is_none() {
        return v2::Response::default();
    }
    let generation = claim.map(|(name, value)| v2::TokenGeneration {
        claims_to_add_or_override: Some(Map::from_iter([(name.to_owned(), Value::from(value))])),
        ..v2::TokenGeneration::default()
    });
    v2::Response {
        claims_and_scope_override_details: Some(v2::ClaimsAndScopeOverrideDetails {
            id_token_generation: generation.clone(),
            access_token_generation: generation,
            group_override_details: groups,
        }),
    }
}

/// The claim and the old id, where both are there.
fn old_id<'a>(
    mapping: &Mapping,
    companion: &'a Companion,
    attributes: Option<&'a Attributes>,
) -> Option<(&'a str, &'a str)> {
    let value = attributes?.get(mapping.keep_sub_as.as_deref()?)?;
    let claim = companion.old_id_claim.as_deref()?;
    (!value.is_empty()).then_some((claim, value))
}

/// The pool's groups and the old ones behind them; `None` where the old ones add nothing.
fn groups(
    carrier: Carrier<'_>,
    companion: &Companion,
    attributes: Option<&Attributes>,
    now: Option<&GroupConfiguration>,
) -> Option<GroupConfiguration> {
    if !companion.old_groups_in_tokens {
        return None;
    }
    let mut all = now.cloned().unwrap_or_default();
    let names = all.groups_to_override.get_or_insert_default();
    let before = names.len();
    for group in carrier.groups(attributes).iter() {
        if !names.iter().any(|name| name == group) {
            names.push(group.to_owned());
        }
    }
    (names.len() > before).then_some(all)
}
