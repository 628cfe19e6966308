//! `RevokeToken`: the end of one sign-in.

use pool::time::Span;
use serde_json::json;

use crate::behaviour::{
    LEGACY, OTHER_CLIENT, Pool, SECRET, SECRETIVE, Seen, claims, hash_over, refusal, tokens,
};
use crate::{done, revoke, revoke_with, revoked_access, revoked_refresh};

fn unauthorized() -> Seen {
    refusal("UnauthorizedException", "Invalid client or secret")
}

#[tokio::test]
async fn revoking_ends_the_sign_in_and_no_other() {
    let pool = Pool::of_ann().await;
    let (ends, stays) = (
        pool.signed_in(LEGACY, "ann").await,
        pool.signed_in(LEGACY, "ann").await,
    );
    let later = tokens(pool.refresh(LEGACY, ends.refresh()).await);
    assert_eq!(revoke(&pool, LEGACY, ends.refresh()).await, done());
    assert_eq!(pool.refresh(LEGACY, ends.refresh()).await, revoked_refresh());
    for access in [&ends.access, &later.access] {
        assert_eq!(pool.get_user(access).await, revoked_access());
    }
    assert_eq!(pool.get_user(&stays.access).await.0, 200);
    assert_eq!(pool.refresh(LEGACY, stays.refresh()).await.0, 200);
    assert_eq!(
        pool.get_user(&pool.signed_in(LEGACY, "ann").await.access).await.0,
        200
    );
}

#[tokio::test]
async fn what_is_unknown_or_revoked_already_is_fine() {
    let pool = Pool::of_ann().await;
    let signed_in = pool.signed_in(LEGACY, "ann").await;
    for _ in 0..2 {
        assert_eq!(revoke(&pool, LEGACY, signed_in.refresh()).await, done());
    }
    assert_eq!(revoke(&pool, LEGACY, "no-token-at-all").await, done());
    let again = pool.signed_in(LEGACY, "ann").await;
    pool.admin("AdminDeleteUser", "ann", json!({})).await;
    assert_eq!(revoke(&pool, LEGACY, again.refresh()).await, done());
}

#[tokio::test]
async fn a_token_of_another_pool_is_unknown_and_stays_good() {
    let pool = Pool::of_ann().await;
    let signed_in = pool.signed_in(LEGACY, "ann").await;
    assert_eq!(revoke(&pool, OTHER_CLIENT, signed_in.refresh()).await, done());
    assert_eq!(pool.refresh(LEGACY, signed_in.refresh()).await.0, 200);
}

#[tokio::test]
async fn a_wrong_or_missing_secret_is_unauthorized_and_revokes_nothing() {
    let pool = Pool::of_ann().await;
    let parameters = json!({
        "USERNAME": "ann", "PASSWORD": crate::behaviour::PASSWORD, "SECRET_HASH": hash_over("ann"),
    });
    let signed_in = tokens(pool.initiate(SECRETIVE, "USER_PASSWORD_AUTH", parameters).await);
    let wrong = json!({ "ClientSecret": "0123456789abcdefghijklmnopqrstuvwxyA" });
    assert_eq!(
        revoke_with(&pool, SECRETIVE, signed_in.refresh(), wrong).await,
        unauthorized()
    );
    assert_eq!(
        revoke(&pool, SECRETIVE, signed_in.refresh()).await,
        unauthorized()
    );
    assert_eq!(pool.get_user(&signed_in.access).await.0, 200);
    let right = json!({ "ClientSecret": SECRET });
    assert_eq!(
        revoke_with(&pool, SECRETIVE, signed_in.refresh(), right).await,
        done()
    );
    assert_eq!(pool.get_user(&signed_in.access).await, revoked_access());
}

#[tokio::test]
async fn a_public_app_client_may_send_any_secret() {
    let pool = Pool::of_ann().await;
    let signed_in = pool.signed_in(LEGACY, "ann").await;
    let extra = json!({ "ClientSecret": SECRET });
    assert_eq!(
        revoke_with(&pool, LEGACY, signed_in.refresh(), extra).await,
        done()
    );
    assert_eq!(pool.get_user(&signed_in.access).await, revoked_access());
}

#[tokio::test]
async fn an_unknown_app_client_and_one_that_did_not_get_the_token_are_unauthorized() {
    let pool = Pool::of_ann().await;
    let signed_in = pool.signed_in(LEGACY, "ann").await;
    assert_eq!(
        revoke(&pool, "nobodysclient", signed_in.refresh()).await,
        unauthorized()
    );
    let another = pool.app_client(json!({})).await;
    assert_eq!(revoke(&pool, &another, signed_in.refresh()).await, unauthorized());
    assert_eq!(pool.refresh(LEGACY, signed_in.refresh()).await.0, 200);
}

#[tokio::test]
async fn without_token_revocation_nothing_is_revoked_and_tokens_do_not_name_their_family() {
    let pool = Pool::of_ann().await;
    let settings = json!({
        "EnableTokenRevocation": false,
        "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    });
    let client = pool.app_client(settings).await;
    let signed_in = pool.signed_in(&client, "ann").await;
    let access = claims(&signed_in.access);
    assert!(!access.contains_key("origin_jti") && !access.contains_key("jti"));
    assert!(!claims(&signed_in.id).contains_key("origin_jti"));
    assert_eq!(
        revoke(&pool, &client, signed_in.refresh()).await,
        refusal(
            "UnsupportedOperationException",
            "This feature is not enabled for this client"
        )
    );
    assert_eq!(pool.refresh(&client, signed_in.refresh()).await.0, 200);
}

#[tokio::test]
async fn access_and_id_tokens_are_not_of_the_kind_that_is_revoked() {
    let pool = Pool::of_ann().await;
    let signed_in = pool.signed_in(LEGACY, "ann").await;
    for token in [&signed_in.access, &signed_in.id] {
        assert_eq!(
            revoke(&pool, LEGACY, token).await,
            refusal(
                "UnsupportedTokenTypeException",
                "Only refresh tokens can be revoked."
            )
        );
    }
    assert_eq!(pool.get_user(&signed_in.access).await.0, 200);
}

#[tokio::test]
async fn a_revocation_holds_for_access_tokens_that_outlive_the_refresh_token() {
    let pool = Pool::of_ann().await;
    let settings = json!({
        "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"], "RefreshTokenValidity": 60,
        "TokenValidityUnits": { "RefreshToken": "minutes" },
    });
    let client = pool.app_client(settings).await;
    let (early, late) = (
        pool.signed_in(&client, "ann").await,
        pool.signed_in(&client, "ann").await,
    );
    pool.wait(Span::minutes(59));
    let outlives = tokens(pool.refresh(&client, early.refresh()).await);
    let another = tokens(pool.refresh(&client, late.refresh()).await);
    assert_eq!(revoke(&pool, &client, early.refresh()).await, done());
    pool.wait(Span::minutes(11));
    assert_eq!(pool.get_user(&outlives.access).await, revoked_access());
    // What has expired may be revoked for the sake of what has not.
    assert_eq!(pool.get_user(&another.access).await.0, 200);
    assert_eq!(revoke(&pool, &client, late.refresh()).await, done());
    assert_eq!(pool.get_user(&another.access).await, revoked_access());
    assert_eq!(pool.get_user(&outlives.access).await, revoked_access());
}

#[tokio::test]
async fn every_operation_of_the_bearer_sees_the_revocation() {
    let pool = Pool::of_ann().await;
    let signed_in = pool.signed_in(LEGACY, "ann").await;
    revoke(&pool, LEGACY, signed_in.refresh()).await;
    let passwords = json!({
        "AccessToken": signed_in.access, "PreviousPassword": crate::behaviour::PASSWORD,
        "ProposedPassword": crate::behaviour::NEXT,
    });
    assert_eq!(pool.call("ChangePassword", passwords).await, revoked_access());
    let body = json!({ "AccessToken": signed_in.access });
    assert_eq!(pool.call("GlobalSignOut", body).await, revoked_access());
}
