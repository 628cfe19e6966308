//! Who is in a group.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::behaviour::{POOL, Pool, refusal};
use crate::{add, create, each, group, group_not_found, groups_of, members_of, nothing, of_two, remove};

#[tokio::test]
async fn a_membership_is_seen_from_both_sides() {
    let pool = of_two().await;
    for name in ["reader", "writer"] {
        create(&pool, name, json!({ "Description": name })).await;
        assert_eq!(add(&pool, "ann", name).await, nothing());
    }
    assert_eq!(add(&pool, "bob", "writer").await, nothing());
    assert_eq!(groups_of(&pool, "ann").await, ["reader", "writer"]);
    assert_eq!(groups_of(&pool, "bob").await, ["writer"]);
    assert_eq!(members_of(&pool, "reader").await, ["ann"]);
    assert_eq!(members_of(&pool, "writer").await, ["ann", "bob"]);
    let (_, shown) = pool.admin("AdminListGroupsForUser", "bob", json!({})).await;
    let (_, writer) = group(&pool, "GetGroup", "writer", json!({})).await;
    assert_eq!(shown, json!({ "Groups": [writer["Group"]] }));
}

#[tokio::test]
async fn a_member_is_listed_as_list_users_shows_them() {
    let pool = of_two().await;
    create(&pool, "reader", json!({})).await;
    add(&pool, "ann", "reader").await;
    let (_, users) = pool
        .call(
            "ListUsers",
            json!({ "UserPoolId": POOL, "Filter": "username = \"ann\"" }),
        )
        .await;
    assert_eq!(
        group(&pool, "ListUsersInGroup", "reader", json!({})).await,
        (200, users)
    );
}

#[tokio::test]
async fn adding_and_removing_twice_is_fine() {
    let pool = of_two().await;
    create(&pool, "reader", json!({})).await;
    for _ in 0..2 {
        assert_eq!(add(&pool, "ann", "reader").await, nothing());
        assert_eq!(groups_of(&pool, "ann").await, ["reader"]);
    }
    for _ in 0..2 {
        assert_eq!(remove(&pool, "ann", "reader").await, nothing());
        assert!(groups_of(&pool, "ann").await.is_empty());
        assert!(members_of(&pool, "reader").await.is_empty());
    }
}

#[tokio::test]
async fn an_alias_names_the_member_too() {
    let pool = of_two().await;
    create(&pool, "reader", json!({})).await;
    assert_eq!(add(&pool, "ann@example.com", "reader").await, nothing());
    assert_eq!(groups_of(&pool, "ann@example.com").await, ["reader"]);
    assert_eq!(members_of(&pool, "reader").await, ["ann"]);
}

#[tokio::test]
async fn the_user_is_looked_for_before_the_group() {
    let pool = of_two().await;
    create(&pool, "reader", json!({})).await;
    let unknown = refusal("UserNotFoundException", "User does not exist.");
    for name in ["reader", "absent"] {
        assert_eq!(add(&pool, "nobody", name).await, unknown);
        assert_eq!(remove(&pool, "nobody", name).await, unknown);
    }
    assert_eq!(
        pool.admin("AdminListGroupsForUser", "nobody", json!({})).await,
        unknown
    );
    assert_eq!(add(&pool, "ann", "absent").await, group_not_found());
    assert_eq!(remove(&pool, "ann", "absent").await, nothing());
}

#[tokio::test]
async fn a_group_made_anew_under_an_old_name_inherits_nobody() {
    let pool = of_two().await;
    create(&pool, "reader", json!({})).await;
    add(&pool, "ann", "reader").await;
    assert_eq!(group(&pool, "DeleteGroup", "reader", json!({})).await, nothing());
    assert!(groups_of(&pool, "ann").await.is_empty());
    create(&pool, "reader", json!({})).await;
    assert!(groups_of(&pool, "ann").await.is_empty());
    assert!(members_of(&pool, "reader").await.is_empty());
}

#[tokio::test]
async fn a_user_made_anew_under_an_old_name_inherits_nothing() {
    let pool = of_two().await;
    create(&pool, "reader", json!({})).await;
    add(&pool, "bob", "reader").await;
    pool.admin("AdminDeleteUser", "bob", json!({})).await;
    assert!(members_of(&pool, "reader").await.is_empty());
    pool.admin("AdminCreateUser", "bob", json!({ "MessageAction": "SUPPRESS" }))
        .await;
    assert!(groups_of(&pool, "bob").await.is_empty());
}

#[tokio::test]
async fn a_user_is_in_a_hundred_groups_and_no_more() {
    let pool = of_two().await;
    for n in 0..=100 {
        create(&pool, &format!("group{n:03}"), json!({})).await;
    }
    for n in 0..100 {
        assert_eq!(add(&pool, "ann", &format!("group{n:03}")).await, nothing());
    }
    let full = refusal("LimitExceededException", "A user can be in at most 100 groups.");
    assert_eq!(add(&pool, "ann", "group100").await, full);
    assert_eq!(add(&pool, "ann", "group050").await, nothing());
    // A group that is gone counts no more, though nobody has told the user.
    group(&pool, "DeleteGroup", "group050", json!({})).await;
    assert_eq!(add(&pool, "ann", "group100").await, nothing());
    assert_eq!(pages(&pool).await.len(), 100);
}

/// The groups of `ann`, read in the largest pages.
async fn pages(pool: &Pool) -> Vec<String> {
    let (mut found, mut token) = (Vec::new(), Value::Null);
    loop {
        let mut body = json!({});
        if !token.is_null() {
            body["NextToken"] = token;
        }
        let (_, page) = pool.admin("AdminListGroupsForUser", "ann", body).await;
        let names = each(&page, "Groups", "GroupName");
        assert!(names.len() <= 60);
        found.extend(names);
        token = page["NextToken"].clone();
        if token.is_null() {
            return found;
        }
    }
}

#[tokio::test]
async fn fifty_changes_of_one_users_groups_at_once_all_happen() {
    let pool = Arc::new(of_two().await);
    for n in 0..50 {
        create(&pool, &format!("group{n}"), json!({})).await;
    }
    add(&pool, "ann", "group0").await;
    let mut changes = JoinSet::new();
    for n in 0..50 {
        let pool = Arc::clone(&pool);
        changes.spawn(async move {
            let name = format!("group{n}");
            if n == 0 {
                remove(&pool, "ann", &name).await
            } else {
                add(&pool, "ann", &name).await
            }
        });
    }
    assert!(changes.join_all().await.iter().all(|seen| *seen == nothing()));
    assert_eq!(groups_of(&pool, "ann").await.len(), 49);
    assert!(members_of(&pool, "group0").await.is_empty());
    assert_eq!(members_of(&pool, "group1").await, ["ann"]);
}

#[tokio::test]
async fn members_are_listed_page_by_page() {
    let pool = of_two().await;
    create(&pool, "reader", json!({})).await;
    for n in 0..5 {
        let name = format!("user{n}");
        pool.admin("AdminCreateUser", &name, json!({ "MessageAction": "SUPPRESS" }))
            .await;
        add(&pool, &name, "reader").await;
    }
    let (_, first) = group(&pool, "ListUsersInGroup", "reader", json!({ "Limit": 3 })).await;
    let rest = json!({ "Limit": 3, "NextToken": first["NextToken"] });
    let (_, second) = group(&pool, "ListUsersInGroup", "reader", rest).await;
    let mut found = each(&first, "Users", "Username");
    assert_eq!(found.len(), 3);
    found.extend(each(&second, "Users", "Username"));
    found.sort();
    assert_eq!(found, ["user0", "user1", "user2", "user3", "user4"]);
    assert!(second.get("NextToken").is_none());
}
