//! `GetTokensFromRefreshToken`, and refresh tokens that rotate.

use std::sync::{Arc, Mutex};

use pool::time::Span;
use serde_json::{Value, json};
use testkit::{Answering, Options};

use crate::behaviour::{
    ANNS, FUNCTION, LEGACY, NOT_AUTHORIZED, OTHER_CLIENT, POOL, Pool, SECRET, SECRETIVE, Seen, claims,
    hash_over, refusal, tokens, user,
};
use crate::{get_tokens, get_tokens_with, revoke, revoked_access, revoked_refresh, update};

/// Settings of an app client that rotates.
pub(crate) fn rotating(grace: u32) -> Value {
    json!({
        "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
        "RefreshTokenRotation": { "Feature": "ENABLED", "RetryGracePeriodSeconds": grace },
    })
}

/// And of one that does not (any more).
fn standing() -> Value {
    json!({
        "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        "RefreshTokenRotation": { "Feature": "DISABLED" },
    })
}

pub(crate) fn reuse() -> Seen {
    refusal("RefreshTokenReuseException", "Refresh token reuse detected")
}

/// Where tokens rotate, a revoked one gets an exception without any words.
fn revoked_without_words() -> Seen {
    (400, json!({ "__type": NOT_AUTHORIZED }))
}

/// A pool with an app client that rotates, and a sign-in of `ann` there.
async fn signed_in(grace: u32) -> (Pool, String, String) {
    let pool = Pool::of_ann().await;
    let client = pool.app_client(rotating(grace)).await;
    let refresh = pool.signed_in(&client, "ann").await.refresh().to_owned();
    (pool, client, refresh)
}

/// The refresh token that a token is exchanged for.
async fn next(pool: &Pool, client: &str, token: &str) -> String {
    tokens(get_tokens(pool, client, token).await).refresh().to_owned()
}

#[tokio::test]
async fn an_app_client_that_rotates_gets_another_refresh_token_each_time() {
    let pool = Pool::of_ann().await;
    let client = pool.app_client(rotating(0)).await;
    let first = pool.signed_in(&client, "ann").await;
    pool.wait(Span::seconds(10));
    let (status, answer) = get_tokens(&pool, &client, first.refresh()).await;
    assert_eq!(
        answer.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["AuthenticationResult"]
    );
    let names: Vec<&String> = answer["AuthenticationResult"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(
        names,
        ["AccessToken", "ExpiresIn", "IdToken", "RefreshToken", "TokenType"]
    );
    let second = tokens((status, answer));
    assert_ne!(first.refresh(), second.refresh());
    let (before, after) = (claims(&first.access), claims(&second.access));
    for same in ["sub", "origin_jti", "event_id", "auth_time", "client_id"] {
        assert_eq!(before[same], after[same], "{same}");
    }
    for other in ["jti", "iat", "exp"] {
        assert_ne!(before[other], after[other], "{other}");
    }
    let third = tokens(get_tokens(&pool, &client, second.refresh()).await);
    for access in [&first.access, &second.access, &third.access] {
        assert_eq!(pool.get_user(access).await.0, 200);
    }
}

#[tokio::test]
async fn an_app_client_that_does_not_rotate_gets_no_refresh_token() {
    let pool = Pool::of_ann().await;
    let first = pool.signed_in(LEGACY, "ann").await;
    for _ in 0..2 {
        let (status, answer) = get_tokens(&pool, LEGACY, first.refresh()).await;
        assert_eq!(status, 200, "{answer}");
        let result = answer["AuthenticationResult"].as_object().unwrap();
        assert_eq!(
            result.keys().collect::<Vec<_>>(),
            ["AccessToken", "ExpiresIn", "IdToken", "TokenType"]
        );
        assert!(answer.get("ChallengeParameters").is_none());
    }
}

#[tokio::test]
async fn an_exchanged_token_is_refused_and_its_family_goes_on() {
    let (pool, client, first) = signed_in(0).await;
    let second = next(&pool, &client, &first).await;
    for _ in 0..2 {
        assert_eq!(get_tokens(&pool, &client, &first).await, reuse());
    }
    let third = next(&pool, &client, &second).await;
    assert_eq!(get_tokens(&pool, &client, &second).await, reuse());
    next(&pool, &client, &third).await;
}

#[tokio::test]
async fn within_the_grace_period_a_retry_displaces_the_child() {
    let (pool, client, first) = signed_in(4).await;
    let displaced = next(&pool, &client, &first).await;
    pool.wait(Span::seconds(2));
    let child = next(&pool, &client, &first).await;
    assert_eq!(get_tokens(&pool, &client, &displaced).await, reuse());
    pool.wait(Span::seconds(2));
    // The retry has not extended the period.
    assert_eq!(get_tokens(&pool, &client, &first).await, reuse());
    assert_eq!(get_tokens(&pool, &client, &displaced).await, reuse());
    next(&pool, &client, &child).await;
}

#[tokio::test]
async fn only_one_predecessor_is_good() {
    let (pool, client, first) = signed_in(60).await;
    let second = next(&pool, &client, &first).await;
    let third = next(&pool, &client, &second).await;
    assert_eq!(get_tokens(&pool, &client, &first).await, reuse());
    next(&pool, &client, &second).await;
    assert_eq!(get_tokens(&pool, &client, &third).await, reuse());
}

#[tokio::test]
async fn any_token_of_the_family_revokes_all_of_it() {
    let (pool, client, first) = signed_in(0).await;
    let second = tokens(get_tokens(&pool, &client, &first).await);
    let third = tokens(get_tokens(&pool, &client, second.refresh()).await);
    let independent = pool.signed_in(&client, "ann").await;
    assert_eq!(revoke(&pool, &client, &first).await.0, 200);
    for refresh in [&first, second.refresh(), third.refresh()] {
        assert_eq!(get_tokens(&pool, &client, refresh).await, revoked_without_words());
    }
    for access in [&second.access, &third.access] {
        assert_eq!(pool.get_user(access).await, revoked_access());
    }
    assert_eq!(pool.get_user(&independent.access).await.0, 200);
    next(&pool, &client, independent.refresh()).await;
}

#[tokio::test]
async fn signing_out_ends_rotated_tokens_too() {
    let (pool, client, first) = signed_in(60).await;
    let second = next(&pool, &client, &first).await;
    pool.admin("AdminUserGlobalSignOut", "ann", json!({})).await;
    for refresh in [first, second] {
        assert_eq!(
            get_tokens(&pool, &client, &refresh).await,
            revoked_without_words()
        );
    }
    let again = pool.signed_in(&client, "ann").await;
    next(&pool, &client, again.refresh()).await;
}

#[tokio::test]
async fn a_rotated_token_ends_when_the_first_would_have() {
    let pool = Pool::of_ann().await;
    let mut settings = rotating(0);
    settings["RefreshTokenValidity"] = json!(60);
    settings["TokenValidityUnits"] = json!({ "RefreshToken": "minutes" });
    let client = pool.app_client(settings).await;
    let first = pool.signed_in(&client, "ann").await;
    pool.wait(Span::minutes(50));
    let second = next(&pool, &client, first.refresh()).await;
    pool.wait(Span::minutes(9));
    let third = next(&pool, &client, &second).await;
    pool.wait(Span::minutes(1));
    let expired = refusal(NOT_AUTHORIZED, "Refresh Token has expired");
    assert_eq!(get_tokens(&pool, &client, &third).await, expired);
}

#[tokio::test]
async fn the_secret_itself_is_asked_for() {
    let pool = Pool::of_ann().await;
    let parameters = json!({
        "USERNAME": "ann", "PASSWORD": crate::behaviour::PASSWORD, "SECRET_HASH": hash_over("ann"),
    });
    let signed_in = tokens(pool.initiate(SECRETIVE, "USER_PASSWORD_AUTH", parameters).await);
    let with = async |rest: Value| get_tokens_with(&pool, SECRETIVE, signed_in.refresh(), rest).await;
    let missing = format!("Client {SECRETIVE} is configured for secret but secret was not received");
    assert_eq!(with(json!({})).await, refusal(NOT_AUTHORIZED, &missing));
    let wrong = format!("Unable to verify secret hash for client {SECRETIVE}");
    assert_eq!(
        with(json!({ "ClientSecret": hash_over("ann").replace(['=', '/'], "x") })).await,
        refusal(NOT_AUTHORIZED, &wrong)
    );
    assert_eq!(with(json!({ "ClientSecret": SECRET })).await.0, 200);
    let public = pool.signed_in(LEGACY, "ann").await;
    let extra = json!({ "ClientSecret": SECRET });
    assert_eq!(
        get_tokens_with(&pool, LEGACY, public.refresh(), extra).await.0,
        200
    );
}

#[tokio::test]
async fn a_token_that_is_none_of_the_app_clients_is_refused() {
    let (pool, client, refresh) = signed_in(0).await;
    let refused = |message: &str| refusal(NOT_AUTHORIZED, message);
    assert_eq!(
        get_tokens(&pool, &client, "garbage").await,
        refused("Invalid Refresh Token")
    );
    assert_eq!(
        get_tokens(&pool, OTHER_CLIENT, &refresh).await,
        refused("Invalid Refresh Token")
    );
    assert_eq!(
        get_tokens(&pool, LEGACY, &refresh).await,
        refused("Refresh Token has different Client")
    );
    assert_eq!(
        get_tokens(&pool, "nobodysclient", &refresh).await,
        refusal(
            "ResourceNotFoundException",
            "User pool client nobodysclient does not exist."
        )
    );
    pool.admin("AdminDisableUser", "ann", json!({})).await;
    assert_eq!(
        get_tokens(&pool, &client, &refresh).await,
        refused("User is disabled.")
    );
    pool.admin("AdminDeleteUser", "ann", json!({})).await;
    assert_eq!(
        get_tokens(&pool, &client, &refresh).await,
        refused("The user has been deleted for the associated refresh token")
    );
}

#[tokio::test]
async fn the_refresh_flow_does_not_rotate() {
    let (pool, client, refresh) = signed_in(0).await;
    assert_eq!(
        pool.refresh(&client, &refresh).await,
        refusal(
            "UnsupportedOperationException",
            "This API does not support refresh token rotation"
        )
    );
    next(&pool, &client, &refresh).await;
}

#[tokio::test]
async fn rotation_may_be_turned_on_and_off_under_living_sign_ins() {
    let pool = Pool::of_ann().await;
    let client = pool.app_client(standing()).await;
    let first = pool.signed_in(&client, "ann").await.refresh().to_owned();
    update(&pool, &client, rotating(0)).await;
    let second = next(&pool, &client, &first).await;
    update(&pool, &client, standing()).await;
    for _ in 0..2 {
        assert_eq!(get_tokens(&pool, &client, &second).await.0, 200);
        assert_eq!(pool.refresh(&client, &second).await.0, 200);
    }
    assert_eq!(get_tokens(&pool, &client, &first).await, revoked_refresh());
    assert_eq!(pool.refresh(&client, &first).await, revoked_refresh());
    update(&pool, &client, rotating(0)).await;
    next(&pool, &client, &second).await;
    assert_eq!(get_tokens(&pool, &client, &first).await, reuse());
}

#[tokio::test]
async fn the_lite_plan_has_no_rotation() {
    let pool = Pool::of_ann().await;
    pool.done(
        "UpdateUserPool",
        json!({ "UserPoolId": POOL, "UserPoolTier": "LITE" }),
    )
    .await;
    let mut body = json!({ "UserPoolId": POOL, "ClientName": "rotating" });
    crate::behaviour::merge(&mut body, rotating(0));
    assert_eq!(
        pool.call("CreateUserPoolClient", body).await.1["__type"],
        "FeatureUnavailableInTierException"
    );
}

#[tokio::test]
async fn the_trigger_is_told_of_the_refresh_and_its_no_costs_no_refresh_token() {
    let events = Arc::new(Mutex::new(Vec::<Value>::new()));
    let seen = Arc::clone(&events);
    let function = Answering(move |event: Value| {
        let mut seen = seen.lock().unwrap();
        seen.push(event.clone());
        // The second refresh of the test is refused.
        if seen.len() == 3 {
            return Err("not now".to_owned());
        }
        Ok(event)
    });
    let options = Options {
        builtins: vec![(FUNCTION, Arc::new(function))],
        ..Options::default()
    };
    let trigger = format!("lambda_config = {{ PreTokenGeneration = \"{FUNCTION}\" }}");
    let pool = Pool::over(options, &trigger, &user("ann", ANNS)).await;
    let client = pool.app_client(rotating(0)).await;
    let first = pool.signed_in(&client, "ann").await;
    let metadata = json!({ "ClientMetadata": { "from": "refresh" } });
    let second = tokens(get_tokens_with(&pool, &client, first.refresh(), metadata).await);
    let event = events.lock().unwrap()[1].clone();
    assert_eq!(event["triggerSource"], "TokenGeneration_RefreshTokens");
    assert_eq!(event["request"]["clientMetadata"], json!({ "from": "refresh" }));
    assert_eq!(
        get_tokens(&pool, &client, second.refresh()).await,
        refusal(
            "UserLambdaValidationException",
            "PreTokenGeneration failed with error not now."
        )
    );
    next(&pool, &client, second.refresh()).await;
}
