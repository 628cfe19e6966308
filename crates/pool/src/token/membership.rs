//! The groups of a user as tokens show them.
//!
//! Source: *Adding groups to a user pool*, *Assigning precedence values to groups*; the rest observed, but for the order
//! of names and roles, in which none could be seen and which is chosen.

use crate::error::Error;
use crate::group::{Group, groups_of};
use crate::service::Service;
use crate::user::User;

/// The groups of a user as tokens show them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Membership {
    /// `cognito:groups`: names, the one of highest precedence first.
    pub(crate) groups: Vec<String>,
    /// `cognito:roles`: ARNs of the groups' roles.
    pub(crate) roles: Vec<String>,
    /// `cognito:preferred_role`.
    pub(crate) preferred_role: Option<String>,
}

impl Membership {
    /// That of a user, as of now.
    ///
    /// # Errors
    /// Those of the store.
    pub(super) async fn of(service: &Service, user: &User) -> Result<Self, Error> {
        let groups = groups_of(service, user).await?;
        Ok(Self::in_groups(groups.iter().map(|group| &**group).collect()))
    }

    /// That of somebody who is in these groups. The lowest precedence that a group with a role has prefers its role, unless
    /// groups of that precedence have different ones. Groups without a precedence prefer none.
    fn in_groups(mut groups: Vec<&Group>) -> Self {
        groups.sort_by_key(|group| (group.precedence.unwrap_or(i32::MAX), &group.name));
        let mut roles: Vec<String> = Vec::new();
        for role in groups.iter().filter_map(|group| group.role_arn.as_ref()) {
            if !roles.contains(role) {
                roles.push(role.clone());
            }
        }
        let mut ranked = groups
            .iter()
            .filter_map(|group| Some((group.precedence?, group.role_arn.as_ref()?)));
        let preferred_role = ranked.next().and_then(|(lowest, role)| {
            let agreed = ranked
                .take_while(|(precedence, _)| *precedence == lowest)
                .all(|(_, other)| other == role);
            agreed.then(|| role.clone())
        });
        Self {
            groups: groups.iter().map(|group| group.name.to_string()).collect(),
            roles,
            preferred_role,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{GroupId, GroupName, UserPoolId};
    use crate::ports::SystemEntropy;
    use crate::time::Time;

    fn group(name: &str, precedence: Option<i32>, role: Option<&str>) -> Group {
        Group {
            user_pool_id: UserPoolId::parse("us-east-1_AbCdEf123").unwrap(),
            id: GroupId::generate(&SystemEntropy),
            name: GroupName::parse(name).unwrap(),
            description: None,
            role_arn: role.map(str::to_owned),
            precedence,
            created_at: Time(0),
            modified_at: Time(0),
            version: 1,
        }
    }

    fn preferred(groups: &[Group]) -> Option<String> {
        Membership::in_groups(groups.iter().collect()).preferred_role
    }

    #[test]
    fn names_and_roles_go_by_precedence_and_a_role_is_named_once() {
        let groups = [
            group("unranked", None, Some("role-b")),
            group("second", Some(2), Some("role-a")),
            group("zero", Some(0), None),
            group("first", Some(2), Some("role-b")),
        ];
        let membership = Membership::in_groups(groups.iter().collect());
        assert_eq!(membership.groups, ["zero", "first", "second", "unranked"]);
        assert_eq!(membership.roles, ["role-b", "role-a"]);
    }

    #[test]
    fn the_lowest_precedence_with_a_role_prefers_it() {
        let writer = group("writer", Some(9), Some("writer"));
        let reader = group("reader", Some(10), Some("reader"));
        let empty = group("empty", Some(0), None);
        assert_eq!(preferred(&[reader, empty, writer]).as_deref(), Some("writer"));
    }

    #[test]
    fn equals_prefer_a_role_only_when_they_agree() {
        let of = |role| [group("a", Some(1), Some("role")), group("b", Some(1), Some(role))];
        assert_eq!(preferred(&of("role")).as_deref(), Some("role"));
        assert_eq!(preferred(&of("another")), None);
    }

    #[test]
    fn groups_without_a_precedence_prefer_no_role() {
        assert_eq!(preferred(&[group("a", None, Some("role"))]), None);
        let largest = group("b", Some(i32::MAX), Some("another"));
        assert_eq!(
            preferred(&[group("a", None, Some("role")), largest]).as_deref(),
            Some("another")
        );
        assert_eq!(preferred(&[]), None);
    }
}
