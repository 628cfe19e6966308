//! A group on the wire.

use model::GroupType;
use pool::group::Group;

use super::user_pool::moment;

/// A group as every operation shows it; what is not set is not there.
pub(super) fn written(group: &Group) -> GroupType {
    GroupType {
        creation_date: Some(moment(group.created_at)),
        description: group.description.clone(),
        group_name: Some(group.name.to_string()),
        last_modified_date: Some(moment(group.modified_at)),
        precedence: group.precedence,
        role_arn: group.role_arn.clone(),
        user_pool_id: Some(group.user_pool_id.to_string()),
    }
}
