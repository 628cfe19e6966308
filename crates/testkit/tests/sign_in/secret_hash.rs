//! `SECRET_HASH`: missing, wrong, right; and over which name.

use serde_json::{Value, json};

use crate::behaviour::{
    LEGACY, NEXT, NOT_AUTHORIZED, PASSWORD, Pool, SECRETIVE, Seen, challenge, hash_over, incorrect, merge,
    refusal, tokens, user,
};

fn missing() -> Seen {
    refusal(
        NOT_AUTHORIZED,
        "Client secretiveclient is configured with secret but SECRET_HASH was not received",
    )
}

fn wrong() -> Seen {
    refusal(
        NOT_AUTHORIZED,
        "Unable to verify secret hash for client secretiveclient",
    )
}

async fn sign_in(pool: &Pool, username: &str, hash: &str) -> Seen {
    let parameters = json!({ "USERNAME": username, "PASSWORD": PASSWORD, "SECRET_HASH": hash });
    pool.initiate(SECRETIVE, "USER_PASSWORD_AUTH", parameters).await
}

#[tokio::test]
async fn a_missing_or_wrong_hash_comes_before_the_user() {
    let pool = Pool::of_ann().await;
    for username in ["ann", "nobody"] {
        assert_eq!(pool.sign_in(SECRETIVE, username, PASSWORD).await, missing());
        assert_eq!(sign_in(&pool, username, "").await, missing());
        assert_eq!(sign_in(&pool, username, "bm90IGl0").await, wrong());
        assert_eq!(sign_in(&pool, username, &hash_over("somebody")).await, wrong());
        let parameters = json!({ "USERNAME": username, "SRP_A": "1" });
        assert_eq!(
            pool.initiate(SECRETIVE, "USER_SRP_AUTH", parameters).await,
            missing()
        );
    }
    tokens(sign_in(&pool, "ann", &hash_over("ann")).await);
}

#[tokio::test]
async fn the_hash_is_over_the_name_as_it_is_typed() {
    let pool = Pool::with(
        "username_attributes = [\"email\"]\ncase_sensitive = false",
        &user("ann@example.com", ""),
    )
    .await;
    tokens(sign_in(&pool, "Ann@Example.com", &hash_over("Ann@Example.com")).await);
    assert_eq!(
        sign_in(&pool, "Ann@Example.com", &hash_over("ann@example.com")).await,
        wrong()
    );
}

#[tokio::test]
async fn an_answer_to_a_challenge_needs_it_too() {
    let pool = Pool::with("", &user("fay", ", status = \"FORCE_CHANGE_PASSWORD\"")).await;
    let asked = challenge(
        sign_in(&pool, "fay", &hash_over("fay")).await,
        "NEW_PASSWORD_REQUIRED",
    );
    let answer = |more: Value| {
        let mut answers = json!({ "USERNAME": "fay", "NEW_PASSWORD": NEXT });
        merge(&mut answers, more);
        pool.respond(SECRETIVE, "NEW_PASSWORD_REQUIRED", asked.session(), answers)
    };
    assert_eq!(answer(json!({})).await, missing());
    assert_eq!(answer(json!({ "SECRET_HASH": hash_over("ann") })).await, wrong());
    tokens(answer(json!({ "SECRET_HASH": hash_over("fay") })).await);
}

#[tokio::test]
async fn at_refresh_the_hash_is_over_the_real_user_name_and_not_over_the_address() {
    let pool = Pool::with("username_attributes = [\"email\"]", &user("ann@example.com", "")).await;
    let signed_in = tokens(sign_in(&pool, "ann@example.com", &hash_over("ann@example.com")).await);
    let refresh = |hash: Option<String>| {
        let mut parameters = json!({ "REFRESH_TOKEN": signed_in.refresh() });
        if let Some(hash) = hash {
            merge(&mut parameters, json!({ "SECRET_HASH": hash }));
        }
        pool.initiate(SECRETIVE, "REFRESH_TOKEN_AUTH", parameters)
    };
    assert_eq!(refresh(None).await, missing());
    assert_eq!(refresh(Some(hash_over("ann@example.com"))).await, wrong());
    let (_, attributes) = pool.user("ann@example.com").await;
    let sub = attributes["sub"].as_str().unwrap();
    assert_eq!(refresh(Some(hash_over(sub))).await.0, 200);
}

#[tokio::test]
async fn a_forgotten_password_needs_it_at_the_top_of_the_request() {
    let pool = Pool::of_ann().await;
    for username in ["ann", "nobody"] {
        assert_eq!(pool.forgot_password(SECRETIVE, username).await, missing());
        assert_eq!(
            pool.confirm_forgot(SECRETIVE, username, "123456", NEXT).await,
            missing()
        );
    }
    let body = json!({ "ClientId": SECRETIVE, "Username": "ann", "SecretHash": hash_over("nobody") });
    assert_eq!(pool.call("ForgotPassword", body).await, wrong());
    let body = json!({ "ClientId": SECRETIVE, "Username": "ann", "SecretHash": hash_over("ann") });
    assert_eq!(pool.call("ForgotPassword", body).await.0, 200);
}

#[tokio::test]
async fn a_client_without_a_secret_takes_no_notice_of_a_hash() {
    let pool = Pool::of_ann().await;
    let parameters = |password| json!({ "USERNAME": "ann", "PASSWORD": password, "SECRET_HASH": "bm90IGl0" });
    tokens(
        pool.initiate(LEGACY, "USER_PASSWORD_AUTH", parameters(PASSWORD))
            .await,
    );
    assert_eq!(
        pool.initiate(LEGACY, "USER_PASSWORD_AUTH", parameters(NEXT))
            .await,
        incorrect()
    );
}
