//! Groups: what they are, who is in them, and what tokens say of it.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so"
)]

#[path = "../behaviour/mod.rs"]
mod behaviour;

mod claims;
mod groups;
mod members;

use serde_json::{Value, json};

use behaviour::{ANNS, POOL, Pool, Seen, merge, refusal, user};

/// The ARN of a role.
fn role(name: &str) -> String {
    format!("arn:aws:iam::000000000000:role/{name}")
}

/// A pool with `ann` and `bob` in no group.
async fn of_two() -> Pool {
    let users = user("ann", ANNS) + &user("bob", "");
    Pool::with("alias_attributes = [\"email\"]", &users).await
}

/// An operation on a group, with further members.
async fn group(pool: &Pool, operation: &str, name: &str, rest: Value) -> Seen {
    let mut body = json!({ "UserPoolId": POOL, "GroupName": name });
    merge(&mut body, rest);
    pool.call(operation, body).await
}

/// Makes a group; gives what the API shows of it.
async fn create(pool: &Pool, name: &str, rest: Value) -> Value {
    let (status, made) = group(pool, "CreateGroup", name, rest).await;
    assert_eq!(status, 200, "{made}");
    made["Group"].clone()
}

async fn add(pool: &Pool, username: &str, name: &str) -> Seen {
    group(pool, "AdminAddUserToGroup", name, json!({ "Username": username })).await
}

async fn remove(pool: &Pool, username: &str, name: &str) -> Seen {
    group(
        pool,
        "AdminRemoveUserFromGroup",
        name,
        json!({ "Username": username }),
    )
    .await
}

/// What an operation without an output answers.
fn nothing() -> Seen {
    (200, Value::Null)
}

fn group_not_found() -> Seen {
    refusal("ResourceNotFoundException", "Group not found.")
}

/// One member of every entry of a listing, sorted: the order is nobody's business.
fn each(listed: &Value, list: &str, member: &str) -> Vec<String> {
    let entries = listed[list]
        .as_array()
        .unwrap_or_else(|| panic!("no {list}: {listed}"));
    let mut names: Vec<String> = entries
        .iter()
        .map(|entry| entry[member].as_str().expect("a text").to_owned())
        .collect();
    names.sort();
    names
}

async fn groups_of(pool: &Pool, username: &str) -> Vec<String> {
    let listed = pool.admin("AdminListGroupsForUser", username, json!({})).await;
    assert_eq!(listed.0, 200, "{}", listed.1);
    each(&listed.1, "Groups", "GroupName")
}

async fn members_of(pool: &Pool, name: &str) -> Vec<String> {
    let listed = group(pool, "ListUsersInGroup", name, json!({})).await;
    assert_eq!(listed.0, 200, "{}", listed.1);
    each(&listed.1, "Users", "Username")
}
