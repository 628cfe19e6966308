//! The groups of a user in the old pool.

use migration::companion::groups::CarriedGroups;
use migration::{Cause, CouldNotAsk};
use serde::{Deserialize, Serialize};

use super::api::{Api, Failure};
use crate::http::Limits;

pub(super) const LIST_GROUPS: &str = "AdminListGroupsForUser";

/// The most that one answer holds.
const PAGE: u32 = 60;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListGroups<'a> {
    user_pool_id: &'a str,
    username: &'a str,
    limit: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page {
    #[serde(default)]
    groups: Vec<Group>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Group {
    group_name: String,
}

/// All of them. Who is gone meanwhile is in none.
///
/// # Errors
/// When they cannot be read, or not be carried: nobody moves with some of their groups.
pub(super) async fn of_user(
    api: &Api,
    user_pool_id: &str,
    username: &str,
    limits: Limits<'_>,
) -> Result<CarriedGroups, CouldNotAsk> {
    let mut names = Vec::new();
    let mut next_token = None;
    loop {
        let input = ListGroups {
            user_pool_id,
            username,
            limit: PAGE,
            next_token: next_token.take(),
        };
        let page: Page = match api.call(LIST_GROUPS, &input, limits).await {
            Ok(page) => page,
            Err(Failure::CouldNotAsk(error)) => return Err(error),
            Err(Failure::Fault(fault)) if fault.says_no_such_user() => return Ok(CarriedGroups::default()),
            Err(Failure::Fault(fault)) => return Err(fault.could_not_ask(LIST_GROUPS)),
        };
        names.extend(page.groups.into_iter().map(|group| group.group_name));
        next_token = page.next_token.filter(|token| !token.is_empty());
        if next_token.is_none() {
            break;
        }
    }
    CarriedGroups::of(names)
        .map_err(|error| CouldNotAsk::new(Cause::NotUnderstood, LIST_GROUPS).with_source(error.to_string()))
}
