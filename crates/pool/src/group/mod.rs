//! Groups of users, which tokens carry.
//!
//! Source: *Adding groups to a user pool*; answers and errors as observed.

use serde::{Deserialize, Serialize};

use crate::id::{GroupId, GroupName, UserPoolId};
use crate::time::Time;

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
