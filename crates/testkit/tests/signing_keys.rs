//! Keys that sign tokens change without a verifier noticing.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod behaviour;

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pool::time::Span;
use pool::user_pool::rotate_signing_keys;
use serde_json::{Value, json};

use behaviour::{LEGACY, OTHER_POOL, POOL, Pool, Tokens, part, tokens};

const DAY: Span = Span::hours(24);

/// A pool, and an app client whose tokens live as long as any may.
async fn with_long_lives() -> (Pool, String) {
    let pool = Pool::of_ann().await;
    let settings = json!({
        "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        "AccessTokenValidity": 24, "IdTokenValidity": 24,
    });
    let client = pool.app_client(settings).await;
    (pool, client)
}

async fn rotate(pool: &Pool) {
    rotate_signing_keys(pool.server.service(), POOL).await.unwrap();
}

/// The keys that a verifier fetches now.
async fn jwks_of(pool: &Pool, id: &str) -> Vec<Value> {
    let path = format!("/{id}/.well-known/jwks.json");
    let (status, document) = pool.server.client().get(&path).await.unwrap();
    assert_eq!(status, 200, "{document}");
    let document: Value = serde_json::from_str(&document).unwrap();
    document["keys"].as_array().unwrap().clone()
}

async fn jwks(pool: &Pool) -> Vec<Value> {
    jwks_of(pool, POOL).await
}

fn decoded(text: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text.as_str().unwrap()).unwrap()
}

/// Whether a verifier that knows these keys takes the token: it looks for the `kid` and checks the signature.
fn verifies(token: &str, keys: &[Value]) -> bool {
    let kid = &part(token, 0)["kid"];
    let Some(key) = keys.iter().find(|key| key["kid"] == *kid) else {
        return false;
    };
    let components = RsaPublicKeyComponents {
        n: decoded(&key["n"]),
        e: decoded(&key["e"]),
    };
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    components
        .verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature)
        .is_ok()
}

fn both_verify(signed_in: &Tokens, keys: &[Value]) -> bool {
    verifies(&signed_in.id, keys) && verifies(&signed_in.access, keys)
}

/// Whether these keys, ID first, have signed the tokens.
fn are_signed_by(signed_in: &Tokens, keys: &[Value]) -> bool {
    part(&signed_in.id, 0)["kid"] == keys[0]["kid"] && part(&signed_in.access, 0)["kid"] == keys[1]["kid"]
}

#[tokio::test]
async fn the_next_pair_is_published_a_day_before_it_signs() {
    let (pool, client) = with_long_lives().await;
    let before = jwks(&pool).await;
    rotate(&pool).await;
    let during = jwks(&pool).await;
    assert_eq!((before.len(), during.len()), (2, 4));
    assert_eq!(during[..2], before);
    assert!(are_signed_by(&pool.signed_in(&client, "ann").await, &before));
    pool.wait(Span(DAY.0 - 1));
    assert_eq!(jwks(&pool).await, during);
    assert!(are_signed_by(&pool.signed_in(&client, "ann").await, &before));
    pool.wait(Span(1));
    let signed_in = pool.signed_in(&client, "ann").await;
    assert!(are_signed_by(&signed_in, &during[2..]));
    // Who fetched the keys at any time since the rotation was asked for knows them; those that sign come first.
    assert!(both_verify(&signed_in, &during));
    let after = jwks(&pool).await;
    assert_eq!((&after[..2], &after[2..]), (&during[2..], &during[..2]));
}

#[tokio::test]
async fn tokens_of_before_during_and_after_verify_as_long_as_they_live() {
    let (pool, client) = with_long_lives().await;
    let first = pool.signed_in(&client, "ann").await;
    let mut living = vec![(first.clone(), 24)];
    rotate(&pool).await;
    // Seventy-five hours, in which the keys change twice; each hour a token is made and all that live are verified.
    for hour in 0..75 {
        let keys = jwks(&pool).await;
        let fresh = tokens(pool.refresh(&client, first.refresh()).await);
        living.push((fresh, hour + 24));
        living.retain(|(_, until)| *until > hour);
        for (signed_in, until) in &living {
            assert!(both_verify(signed_in, &keys), "until {until} at {hour}");
        }
        let (oldest, _) = &living[0];
        assert_eq!(pool.get_user(&oldest.access).await.0, 200, "at {hour}");
        if hour == 30 {
            rotate(&pool).await;
            assert_eq!(jwks(&pool).await.len(), 6);
        }
        pool.wait(Span::hours(1));
    }
}

#[tokio::test]
async fn a_former_pair_goes_when_its_last_token_has_ended() {
    let (pool, client) = with_long_lives().await;
    let before = jwks(&pool).await;
    rotate(&pool).await;
    pool.wait(Span(DAY.0 - 1));
    let last = pool.signed_in(&client, "ann").await;
    // Tokens end at whole seconds.
    pool.wait(Span(DAY.0 - 1000));
    assert!(both_verify(&last, &jwks(&pool).await));
    assert_eq!(pool.get_user(&last.access).await.0, 200);
    pool.wait(Span::minutes(6));
    let after = jwks(&pool).await;
    assert_eq!(after.len(), 2);
    assert!(after.iter().all(|key| !before.contains(key)));
    assert!(both_verify(&pool.signed_in(&client, "ann").await, &after));
}

#[tokio::test]
async fn a_third_pair_is_not_made_while_the_second_waits() {
    let pool = Pool::of_ann().await;
    rotate(&pool).await;
    let keys = jwks(&pool).await;
    let refused = rotate_signing_keys(pool.server.service(), POOL).await;
    assert_eq!(
        refused.unwrap_err().to_string(),
        "A new pair of keys is published already and does not sign yet."
    );
    assert_eq!(jwks(&pool).await, keys);
    pool.wait(DAY);
    rotate(&pool).await;
    assert_eq!(jwks(&pool).await.len(), 6);
}

#[tokio::test]
async fn of_several_who_rotate_at_once_one_does() {
    let pool = Pool::of_ann().await;
    let rotations = (0..4).map(|_| {
        let service = std::sync::Arc::clone(pool.server.service());
        async move { rotate_signing_keys(&service, POOL).await.is_ok() }
    });
    let outcomes = rotations.collect::<tokio::task::JoinSet<_>>().join_all().await;
    assert_eq!(outcomes.into_iter().filter(|done| *done).count(), 1);
    assert_eq!(jwks(&pool).await.len(), 4);
}

#[tokio::test]
async fn a_rotation_is_of_one_pool_and_ends_no_sign_in() {
    let pool = Pool::of_ann().await;
    let elsewhere = jwks_of(&pool, OTHER_POOL).await;
    let signed_in = pool.signed_in(LEGACY, "ann").await;
    rotate(&pool).await;
    assert_eq!(jwks_of(&pool, OTHER_POOL).await, elsewhere);
    pool.wait(DAY);
    let refreshed = tokens(pool.refresh(LEGACY, signed_in.refresh()).await);
    assert!(both_verify(&refreshed, &jwks(&pool).await));
    assert_eq!(pool.get_user(&refreshed.access).await.0, 200);
}
