//! The groups themselves.

use std::sync::Arc;

use pool::time::Span;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::behaviour::{OTHER_POOL, POOL, Pool, Seen, refusal};
use crate::{create, each, group, group_not_found, nothing, of_two, role};

fn limit_of_zero() -> Seen {
    let text = "1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have \
                value greater than or equal to 1";
    refusal("InvalidParameterException", text)
}

#[tokio::test]
async fn a_group_shows_what_it_was_given_and_no_more() {
    let pool = of_two().await;
    let whole =
        json!({ "Description": "reads", "RoleArn": role("reader"), "Precedence": 0, "UserPoolId": POOL });
    let reader = create(&pool, "reader", whole).await;
    let names: Vec<&String> = reader.as_object().unwrap().keys().collect();
    let expected = [
        "CreationDate",
        "Description",
        "GroupName",
        "LastModifiedDate",
        "Precedence",
        "RoleArn",
        "UserPoolId",
    ];
    assert_eq!(names, expected);
    assert_eq!(
        (
            &reader["GroupName"],
            &reader["Description"],
            &reader["Precedence"]
        ),
        (&json!("reader"), &json!("reads"), &json!(0))
    );
    assert_eq!(reader["CreationDate"], reader["LastModifiedDate"]);
    let bare = create(&pool, "bare", json!({})).await;
    let names: Vec<&String> = bare.as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        ["CreationDate", "GroupName", "LastModifiedDate", "UserPoolId"]
    );
    for (name, shown) in [("reader", reader), ("bare", bare)] {
        assert_eq!(
            group(&pool, "GetGroup", name, json!({})).await,
            (200, json!({ "Group": shown }))
        );
    }
}

#[tokio::test]
async fn a_name_is_one_groups_in_a_pool() {
    let pool = of_two().await;
    let reader = create(&pool, "reader", json!({ "Description": "first" })).await;
    let taken = refusal("GroupExistsException", "A group with the name already exists.");
    assert_eq!(
        group(&pool, "CreateGroup", "reader", json!({ "Description": "second" })).await,
        taken
    );
    assert_eq!(
        group(&pool, "GetGroup", "reader", json!({})).await.1["Group"],
        reader
    );
    create(&pool, "Reader", json!({})).await;
    create(&pool, "reader", json!({ "UserPoolId": OTHER_POOL })).await;
}

#[tokio::test]
async fn of_fifty_who_make_one_group_one_does() {
    let pool = Arc::new(of_two().await);
    let mut all = JoinSet::new();
    for _ in 0..50 {
        let pool = Arc::clone(&pool);
        all.spawn(async move { group(&pool, "CreateGroup", "reader", json!({})).await });
    }
    let outcomes = all.join_all().await;
    assert_eq!(outcomes.iter().filter(|seen| seen.0 == 200).count(), 1);
    assert!(
        outcomes
            .iter()
            .all(|seen| seen.0 == 200 || seen.1["__type"] == "GroupExistsException")
    );
}

#[tokio::test]
async fn an_update_changes_what_it_names() {
    let pool = of_two().await;
    let made = create(
        &pool,
        "writer",
        json!({ "RoleArn": role("writer"), "Precedence": 10 }),
    )
    .await;
    pool.wait(Span::seconds(10));
    let (_, changed) = group(
        &pool,
        "UpdateGroup",
        "writer",
        json!({ "Description": "writes", "Precedence": 9 }),
    )
    .await;
    let changed = &changed["Group"];
    assert_eq!(
        (
            &changed["Description"],
            &changed["Precedence"],
            &changed["RoleArn"]
        ),
        (&json!("writes"), &json!(9), &made["RoleArn"])
    );
    assert_eq!(changed["CreationDate"], made["CreationDate"]);
    assert!(
        seconds(&changed["LastModifiedDate"]) >= seconds(&made["LastModifiedDate"]) + 10.0,
        "{changed}"
    );
    assert_eq!(
        &group(&pool, "GetGroup", "writer", json!({})).await.1["Group"],
        changed
    );
}

fn seconds(value: &Value) -> f64 {
    value.as_f64().expect("a time")
}

#[tokio::test]
async fn an_update_with_nothing_in_it_changes_nothing_at_all() {
    let pool = of_two().await;
    let made = create(&pool, "writer", json!({ "Description": "writes" })).await;
    pool.wait(Span::seconds(10));
    let empty = [
        json!({}),
        json!({ "Description": "" }),
        json!({ "Description": null, "Precedence": null, "RoleArn": null }),
    ];
    for nothing in empty {
        assert_eq!(
            group(&pool, "UpdateGroup", "writer", nothing).await.1["Group"],
            made
        );
    }
    let (_, same) = group(&pool, "UpdateGroup", "writer", json!({ "Description": "writes" })).await;
    assert_ne!(same["Group"]["LastModifiedDate"], made["LastModifiedDate"]);
    assert_eq!(
        group(&pool, "UpdateGroup", "writer", json!({ "RoleArn": "" }))
            .await
            .1["__type"],
        "InvalidParameterException"
    );
}

#[tokio::test]
async fn a_negative_precedence_is_refused() {
    let pool = of_two().await;
    let text = "1 validation error detected: Value '-1' at 'precedence' failed to satisfy constraint: Member must have \
                value greater than or equal to 0";
    assert_eq!(
        group(&pool, "CreateGroup", "reader", json!({ "Precedence": -1 })).await,
        refusal("InvalidParameterException", text)
    );
}

#[tokio::test]
async fn a_group_that_is_not_there_is_not_found() {
    let pool = of_two().await;
    for operation in ["GetGroup", "UpdateGroup", "DeleteGroup", "ListUsersInGroup"] {
        assert_eq!(
            group(&pool, operation, "absent", json!({})).await,
            group_not_found(),
            "{operation}"
        );
    }
    let elsewhere = json!({ "UserPoolId": "us-east-1_Nowhere" });
    let unknown = refusal(
        "ResourceNotFoundException",
        "User pool us-east-1_Nowhere does not exist.",
    );
    for operation in ["CreateGroup", "GetGroup", "ListGroups"] {
        assert_eq!(
            group(&pool, operation, "absent", elsewhere.clone()).await,
            unknown,
            "{operation}"
        );
    }
}

#[tokio::test]
async fn a_deleted_group_is_gone_and_its_name_free() {
    let pool = of_two().await;
    create(&pool, "reader", json!({ "Description": "reads" })).await;
    assert_eq!(group(&pool, "DeleteGroup", "reader", json!({})).await, nothing());
    assert_eq!(
        group(&pool, "DeleteGroup", "reader", json!({})).await,
        group_not_found()
    );
    let again = create(&pool, "reader", json!({})).await;
    assert!(again.get("Description").is_none());
}

async fn list(pool: &Pool, rest: Value) -> Seen {
    group(pool, "ListGroups", "unused", rest).await
}

#[tokio::test]
async fn groups_are_listed_page_by_page() {
    let pool = of_two().await;
    assert_eq!(list(&pool, json!({})).await, (200, json!({ "Groups": [] })));
    let names = ["e", "c", "a", "d", "b"];
    for name in names {
        create(&pool, name, json!({})).await;
    }
    let (mut found, mut token) = (Vec::new(), Value::Null);
    for length in [2, 2, 1] {
        let mut body = json!({ "Limit": 2 });
        if !token.is_null() {
            body["NextToken"] = token;
        }
        let (_, page) = list(&pool, body).await;
        let names = each(&page, "Groups", "GroupName");
        assert_eq!(names.len(), length);
        found.extend(names);
        token = page["NextToken"].clone();
    }
    assert!(token.is_null());
    found.sort();
    assert_eq!(found, ["a", "b", "c", "d", "e"]);
}

#[tokio::test]
async fn a_page_token_is_good_for_its_own_listing() {
    let pool = of_two().await;
    for name in ["a", "b"] {
        create(&pool, name, json!({})).await;
    }
    let (_, page) = list(&pool, json!({ "Limit": 1 })).await;
    let token = json!({ "NextToken": page["NextToken"] });
    assert_eq!(list(&pool, token.clone()).await.0, 200);
    let invalid = refusal("InvalidParameterException", "Invalid pagination token given.");
    assert_eq!(
        group(&pool, "ListUsersInGroup", "a", token.clone()).await,
        invalid
    );
    assert_eq!(
        pool.admin("AdminListGroupsForUser", "ann", token.clone()).await,
        invalid
    );
    let mut elsewhere = token;
    elsewhere["UserPoolId"] = json!(OTHER_POOL);
    assert_eq!(list(&pool, elsewhere).await, invalid);
}

#[tokio::test]
async fn a_limit_of_zero_is_refused_in_all_listings_of_groups() {
    let pool = of_two().await;
    create(&pool, "reader", json!({})).await;
    let zero = json!({ "Limit": 0 });
    assert_eq!(list(&pool, zero.clone()).await, limit_of_zero());
    assert_eq!(
        group(&pool, "ListUsersInGroup", "reader", zero.clone()).await,
        limit_of_zero()
    );
    assert_eq!(
        pool.admin("AdminListGroupsForUser", "ann", zero).await,
        limit_of_zero()
    );
}
