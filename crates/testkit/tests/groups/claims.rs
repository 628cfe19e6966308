//! What tokens say of groups.

use serde_json::{Map, Value, json};

use crate::behaviour::{LEGACY, Pool, Tokens, claims, tokens};
use crate::{add, create, group, of_two, remove, role};

/// `cognito:groups`, `cognito:roles`, `cognito:preferred_role`.
fn membership(claims: &Map<String, Value>) -> [Value; 3] {
    ["cognito:groups", "cognito:roles", "cognito:preferred_role"]
        .map(|name| claims.get(name).cloned().unwrap_or(Value::Null))
}

/// The membership in both tokens of a sign-in by `ann`: the access token has the groups alone.
async fn signed_in(pool: &Pool) -> [Value; 3] {
    of(&pool.signed_in(LEGACY, "ann").await)
}

fn of(tokens: &Tokens) -> [Value; 3] {
    let id = membership(&claims(&tokens.id));
    let access = membership(&claims(&tokens.access));
    assert_eq!(access, [id[0].clone(), Value::Null, Value::Null]);
    id
}

/// Makes groups of (name, precedence, role) and puts `ann` into them.
async fn in_groups(pool: &Pool, groups: &[(&str, Option<u32>, Option<&str>)]) {
    for (name, precedence, arn) in groups {
        let rest = json!({ "Precedence": precedence, "RoleArn": arn.map(role) });
        create(pool, name, rest).await;
        add(pool, "ann", name).await;
    }
}

#[tokio::test]
async fn who_is_in_no_group_has_no_such_claims() {
    let pool = of_two().await;
    create(&pool, "reader", json!({ "RoleArn": role("reader") })).await;
    add(&pool, "bob", "reader").await;
    assert_eq!(signed_in(&pool).await, [Value::Null, Value::Null, Value::Null]);
}

#[tokio::test]
async fn groups_stand_in_both_tokens_and_roles_in_the_id_token() {
    let pool = of_two().await;
    in_groups(&pool, &[("reader", Some(10), Some("reader"))]).await;
    let signed_in = pool.signed_in(LEGACY, "ann").await;
    assert_eq!(
        of(&signed_in),
        [json!(["reader"]), json!([role("reader")]), json!(role("reader"))]
    );
    let access = claims(&signed_in.access);
    assert_eq!(
        access.keys().take(3).collect::<Vec<_>>(),
        ["sub", "cognito:groups", "iss"]
    );
}

#[tokio::test]
async fn the_lowest_precedence_with_a_role_prefers_it() {
    let pool = of_two().await;
    let groups = [
        ("reader", Some(10), Some("reader")),
        ("writer", Some(9), Some("writer")),
        ("nobodys", Some(0), None),
        ("unranked", None, Some("other")),
    ];
    in_groups(&pool, &groups).await;
    assert_eq!(
        signed_in(&pool).await,
        [
            json!(["nobodys", "writer", "reader", "unranked"]),
            json!([role("writer"), role("reader"), role("other")]),
            json!(role("writer"))
        ]
    );
}

#[tokio::test]
async fn equals_with_different_roles_prefer_none_and_with_the_same_that_one() {
    let pool = of_two().await;
    let groups = [
        ("reader", Some(10), Some("reader")),
        ("writer", Some(10), Some("writer")),
    ];
    in_groups(&pool, &groups).await;
    let roles = json!([role("reader"), role("writer")]);
    assert_eq!(
        signed_in(&pool).await,
        [json!(["reader", "writer"]), roles, Value::Null]
    );
    group(
        &pool,
        "UpdateGroup",
        "writer",
        json!({ "RoleArn": role("reader") }),
    )
    .await;
    assert_eq!(
        signed_in(&pool).await[1..],
        [json!([role("reader")]), json!(role("reader"))]
    );
}

#[tokio::test]
async fn groups_without_a_precedence_prefer_no_role() {
    let pool = of_two().await;
    in_groups(&pool, &[("a", None, Some("one")), ("b", None, Some("one"))]).await;
    assert_eq!(
        signed_in(&pool).await,
        [json!(["a", "b"]), json!([role("one")]), Value::Null]
    );
}

#[tokio::test]
async fn a_refresh_sees_the_groups_of_now() {
    let pool = of_two().await;
    let before = pool.signed_in(LEGACY, "ann").await;
    in_groups(&pool, &[("reader", Some(1), Some("reader"))]).await;
    let refreshed = async || tokens(pool.refresh(LEGACY, before.refresh()).await);
    assert_eq!(of(&refreshed().await)[0], json!(["reader"]));
    group(
        &pool,
        "UpdateGroup",
        "reader",
        json!({ "RoleArn": role("writer") }),
    )
    .await;
    assert_eq!(of(&refreshed().await)[2], json!(role("writer")));
    remove(&pool, "ann", "reader").await;
    assert_eq!(of(&refreshed().await), [Value::Null, Value::Null, Value::Null]);
}

#[tokio::test]
async fn a_deleted_group_is_in_no_token() {
    let pool = of_two().await;
    in_groups(&pool, &[("reader", None, None), ("writer", None, None)]).await;
    assert_eq!(signed_in(&pool).await[0], json!(["reader", "writer"]));
    group(&pool, "DeleteGroup", "reader", json!({})).await;
    assert_eq!(signed_in(&pool).await[0], json!(["writer"]));
    create(&pool, "reader", json!({})).await;
    assert_eq!(signed_in(&pool).await[0], json!(["writer"]));
}
