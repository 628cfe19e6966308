//! Which old groups are still to be written into the new pool, for a user who has just signed in.
//!
//! The attribute that carries them is the list of what is left to do: it goes when all are written. So a write that failed is
//! tried again at the next sign-in, one that was done is not, and a group that somebody takes away later stays away.

use trigger::post_authentication::Request;

use super::Carrier;
use super::groups::CarriedGroups;

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writing {
    /// The groups to put the user into.
    pub groups: CarriedGroups,
    /// The attribute to take away when all are written.
    pub attribute: String,
}

/// What is to be done for this user; `None` for most.
#[must_use]
pub fn writing(request: &Request, carrier: Carrier<'_>) -> Option<Writing> {
    let attribute = carrier.mapping.keep_groups_as.clone()?;
    let groups = carrier.groups(request.user_attributes.as_ref());
    (!groups.is_empty()).then_some(Writing { groups, attribute })
}
