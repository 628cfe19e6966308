//! Groups of users, which tokens carry.
//!
//! Source: *Adding groups to a user pool*; answers and errors as observed.

mod admin_add_user_to_group;
mod admin_list_groups_for_user;
mod admin_remove_user_from_group;
mod create_group;
mod delete_group;
mod get_group;
mod list_groups;
mod list_users_in_group;
mod membership;
mod update_group;

use serde::{Deserialize, Serialize};

use crate::id::{GroupId, GroupName, UserPoolId};
use crate::time::Time;

pub use admin_add_user_to_group::admin_add_user_to_group;
pub use admin_list_groups_for_user::{AdminListGroupsForUser, admin_list_groups_for_user};
pub use admin_remove_user_from_group::admin_remove_user_from_group;
pub use create_group::{CreateGroup, create_group};
pub use delete_group::delete_group;
pub use get_group::get_group;
pub use list_groups::{ListGroups, ListedGroups, list_groups};
pub use list_users_in_group::{ListUsersInGroup, ListedMembers, list_users_in_group};
pub(crate) use membership::groups_of;
pub use update_group::{UpdateGroup, update_group};

/// Most groups of a user. Source: *Quotas in Amazon Cognito*.
const MOST_OF_A_USER: usize = 100;
/// Most groups of a pool. Source: *Quotas in Amazon Cognito*.
const MOST_OF_A_POOL: u64 = 10_000;

/// How often a change is made again when others change the same group or the same user.
const TRIES: u32 = 100;

/// A group of a pool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// The pool.
    pub user_pool_id: UserPoolId,
    /// What members refer to.
    pub id: GroupId,
    /// `GroupName`.
    pub name: GroupName,
    /// `Description`.
    pub description: Option<String>,
    /// `RoleArn`.
    pub role_arn: Option<String>,
    /// `Precedence`: the lowest goes first.
    pub precedence: Option<i32>,
    /// When it was made.
    pub created_at: Time,
    /// When it was last changed.
    pub modified_at: Time,
    /// Counts the writes; a commit names the one it has read.
    pub version: i64,
}
