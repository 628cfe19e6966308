//! `GlobalSignOut` and `AdminUserGlobalSignOut`: the end of all sign-ins so far.

use pool::time::Span;
use serde_json::json;

use crate::behaviour::{ANNS, LEGACY, NOT_AUTHORIZED, PASSWORD, Pool, Seen, Tokens, refusal, tokens, user};
use crate::{done, revoked_access, revoked_refresh};

/// A pool with `ann`, known by her address too, and `bob`.
async fn of_two() -> Pool {
    let users = user("ann", ANNS) + &user("bob", "");
    Pool::with("alias_attributes = [\"email\"]", &users).await
}

async fn sign_out(pool: &Pool, access: &str) -> Seen {
    pool.call("GlobalSignOut", json!({ "AccessToken": access })).await
}

async fn assert_ended(pool: &Pool, signed_in: &Tokens) {
    assert_eq!(pool.get_user(&signed_in.access).await, revoked_access());
    assert_eq!(pool.refresh(LEGACY, signed_in.refresh()).await, revoked_refresh());
}

async fn assert_goes_on(pool: &Pool, signed_in: &Tokens) {
    assert_eq!(pool.get_user(&signed_in.access).await.0, 200);
    assert_eq!(pool.refresh(LEGACY, signed_in.refresh()).await.0, 200);
}

#[tokio::test]
async fn signing_out_ends_all_sign_ins_of_the_bearer_and_nobody_elses() {
    let pool = of_two().await;
    let (here, there) = (
        pool.signed_in(LEGACY, "ann").await,
        pool.signed_in(LEGACY, "ann").await,
    );
    let bobs = pool.signed_in(LEGACY, "bob").await;
    pool.wait(Span::minutes(5));
    let refreshed = tokens(pool.refresh(LEGACY, there.refresh()).await);
    assert_eq!(sign_out(&pool, &here.access).await, done());
    assert_ended(&pool, &here).await;
    assert_ended(&pool, &there).await;
    assert_eq!(pool.get_user(&refreshed.access).await, revoked_access());
    assert_goes_on(&pool, &bobs).await;
}

#[tokio::test]
async fn the_next_sign_in_works_in_the_same_second() {
    let pool = of_two().await;
    let before = pool.signed_in(LEGACY, "ann").await;
    sign_out(&pool, &before.access).await;
    let after = pool.signed_in(LEGACY, "ann").await;
    assert_goes_on(&pool, &after).await;
    assert_ended(&pool, &before).await;
    assert_eq!(sign_out(&pool, &before.access).await, revoked_access());
    assert_goes_on(&pool, &after).await;
}

#[tokio::test]
async fn a_second_sign_out_in_the_same_second_ends_what_came_between() {
    let pool = of_two().await;
    let mut ended = pool.signed_in(LEGACY, "ann").await;
    for _ in 0..3 {
        assert_eq!(sign_out(&pool, &ended.access).await, done());
        let next = pool.signed_in(LEGACY, "ann").await;
        assert_ended(&pool, &ended).await;
        ended = next;
    }
    for operation in ["AdminUserGlobalSignOut", "AdminDisableUser"] {
        let between = pool.signed_in(LEGACY, "ann").await;
        assert_eq!(pool.admin(operation, "ann", json!({})).await, done());
        assert_eq!(pool.admin("AdminEnableUser", "ann", json!({})).await, done());
        assert_ended(&pool, &between).await;
    }
}

#[tokio::test]
async fn an_administrator_signs_a_user_out_by_name_or_alias() {
    let pool = of_two().await;
    for name in ["ann", "ann@example.com"] {
        let (anns, bobs) = (
            pool.signed_in(LEGACY, "ann").await,
            pool.signed_in(LEGACY, "bob").await,
        );
        assert_eq!(
            pool.admin("AdminUserGlobalSignOut", name, json!({})).await,
            done()
        );
        assert_ended(&pool, &anns).await;
        assert_goes_on(&pool, &bobs).await;
        pool.wait(Span::seconds(1));
    }
}

#[tokio::test]
async fn who_does_not_exist_is_not_signed_out() {
    let pool = of_two().await;
    assert_eq!(
        pool.admin("AdminUserGlobalSignOut", "nobody", json!({})).await,
        refusal("UserNotFoundException", "User does not exist.")
    );
    let elsewhere = json!({ "UserPoolId": "us-east-1_Nowhere" });
    assert_eq!(
        pool.admin("AdminUserGlobalSignOut", "ann", elsewhere).await,
        refusal(
            "ResourceNotFoundException",
            "User pool us-east-1_Nowhere does not exist."
        )
    );
}

#[tokio::test]
async fn signing_out_takes_an_access_token_in_its_time() {
    let pool = of_two().await;
    let signed_in = pool.signed_in(LEGACY, "ann").await;
    let invalid = refusal(NOT_AUTHORIZED, "Invalid Access Token");
    assert_eq!(sign_out(&pool, &signed_in.id).await, invalid);
    assert_eq!(sign_out(&pool, signed_in.refresh()).await, invalid);
    pool.wait(Span::minutes(61));
    assert_eq!(
        sign_out(&pool, &signed_in.access).await,
        refusal(NOT_AUTHORIZED, "Access Token has expired")
    );
    assert_eq!(pool.refresh(LEGACY, signed_in.refresh()).await.0, 200);
}

#[tokio::test]
async fn tokens_that_cannot_be_revoked_one_by_one_end_all_the_same() {
    let pool = of_two().await;
    let settings = json!({
        "EnableTokenRevocation": false,
        "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    });
    let client = pool.app_client(settings).await;
    let signed_in = pool.signed_in(&client, "ann").await;
    assert_eq!(sign_out(&pool, &signed_in.access).await, done());
    assert_eq!(pool.get_user(&signed_in.access).await, revoked_access());
    assert_eq!(
        pool.refresh(&client, signed_in.refresh()).await,
        revoked_refresh()
    );
}

#[tokio::test]
async fn signing_out_changes_nothing_that_is_shown_of_the_user() {
    let pool = of_two().await;
    let before = pool.admin("AdminGetUser", "ann", json!({})).await;
    pool.wait(Span::minutes(1));
    let signed_in = tokens(pool.sign_in(LEGACY, "ann", PASSWORD).await);
    sign_out(&pool, &signed_in.access).await;
    assert_eq!(pool.admin("AdminGetUser", "ann", json!({})).await, before);
}
