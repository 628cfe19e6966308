//! How a device proves itself, and what its proof is not.

use pool::ports::SystemEntropy;
use pool::srp::client::Client;
use pool::time::Span;
use serde_json::json;

use crate::behaviour::{
    Challenge, HIDING, LEGACY, NEXT, NOT_AUTHORIZED, PASSWORD, Seen, WRONG, challenge, claims, incorrect,
    merge, refusal, tokens,
};
use crate::device::{DEVICE_PASSWORD, EVE, anns, answer_proof, confirmed, has_new_device, sparing, unknown};

fn used() -> Seen {
    refusal(
        NOT_AUTHORIZED,
        "Invalid session for the user, session can only be used once.",
    )
}

#[tokio::test]
async fn without_a_second_factor_the_device_is_proven_all_the_same() {
    let pool = sparing().await;
    let (device, _) = anns(&pool).await;
    let asked = challenge(device.sign_in(&pool, "ann", PASSWORD).await, "DEVICE_SRP_AUTH");
    assert_eq!(device.prove(&pool, &asked, "another password").await, incorrect());
    let seen = device.prove(&pool, &asked, DEVICE_PASSWORD).await;
    assert!(!has_new_device(&seen));
    assert_eq!(claims(&tokens(seen).access)["device_key"], device.key.as_str());
}

#[tokio::test]
async fn a_device_never_takes_the_passwords_place() {
    let pool = sparing().await;
    let (device, _) = confirmed(&pool).await;
    assert_eq!(device.sign_in(&pool, EVE, WRONG).await, incorrect());
    let client = Client::begin(&SystemEntropy);
    let invalid = || refusal(NOT_AUTHORIZED, "Invalid session for the user.");
    assert_eq!(device.srp_a(&pool, &client, None).await, invalid());
    let nobodys = device.srp_a_of("nobody", &pool, &client, None).await;
    assert_eq!(nobodys, invalid());
    // Not even while somebody else's sign-in waits for the device, whose number it does not know.
    let begun = pool.begin_srp(LEGACY, EVE).await;
    let mut answers = begun.answers(PASSWORD);
    merge(&mut answers, json!({ "DEVICE_KEY": device.key }));
    challenge(pool.prove(LEGACY, answers).await, "DEVICE_SRP_AUTH");
    assert_eq!(device.srp_a(&pool, &client, None).await, invalid());
}

#[tokio::test]
async fn a_wrong_proof_is_incorrect_and_a_right_one_counts_once_for_its_client_user_and_device() {
    let pool = sparing().await;
    let (device, _) = confirmed(&pool).await;
    let asked = challenge(device.sign_in(&pool, EVE, PASSWORD).await, "DEVICE_SRP_AUTH");
    assert_eq!(device.prove(&pool, &asked, "another password").await, incorrect());
    let client = Client::begin(&SystemEntropy);
    let seen = device.srp_a(&pool, &client, Some(asked.session())).await;
    let posed = challenge(seen, "DEVICE_PASSWORD_VERIFIER");
    let proof = || device.proof(&client, &posed, DEVICE_PASSWORD);
    assert_eq!(answer_proof(&pool, HIDING, proof()).await, incorrect());
    for other in [
        json!({ "USERNAME": "ann" }),
        json!({ "DEVICE_KEY": "us-east-1_0a1b" }),
    ] {
        let mut altered = proof();
        merge(&mut altered, other);
        assert_eq!(answer_proof(&pool, LEGACY, altered).await, incorrect());
    }
    tokens(answer_proof(&pool, LEGACY, proof()).await);
    assert_eq!(answer_proof(&pool, LEGACY, proof()).await, used());
    // Nor does the session pose another challenge.
    let seen = device.srp_a(&pool, &client, Some(asked.session())).await;
    assert_eq!(seen, used());
}

#[tokio::test]
async fn two_exchanges_of_one_session_end_in_one_sign_in() {
    let pool = sparing().await;
    let (device, _) = confirmed(&pool).await;
    let asked = challenge(device.sign_in(&pool, EVE, PASSWORD).await, "DEVICE_SRP_AUTH");
    let client = Client::begin(&SystemEntropy);
    let pose = async || {
        let seen = device.srp_a(&pool, &client, Some(asked.session())).await;
        let posed = challenge(seen, "DEVICE_PASSWORD_VERIFIER");
        device.proof(&client, &posed, DEVICE_PASSWORD)
    };
    let (first, second) = (pose().await, pose().await);
    let (first, second) = tokio::join!(
        answer_proof(&pool, LEGACY, first),
        answer_proof(&pool, LEGACY, second)
    );
    let mut seen = [first.0, second.0];
    seen.sort_unstable();
    assert_eq!(seen, [200, 400]);
}

#[tokio::test]
async fn wrong_proofs_lock_as_wrong_codes_do() {
    let pool = sparing().await;
    let (device, _) = confirmed(&pool).await;
    for _ in 0..6 {
        let asked = challenge(device.sign_in(&pool, EVE, PASSWORD).await, "DEVICE_SRP_AUTH");
        assert_eq!(device.prove(&pool, &asked, "another password").await, incorrect());
    }
    let asked = challenge(device.sign_in(&pool, EVE, PASSWORD).await, "DEVICE_SRP_AUTH");
    assert_eq!(device.prove(&pool, &asked, DEVICE_PASSWORD).await, incorrect());
    pool.wait(Span::seconds(4));
    tokens(device.prove(&pool, &asked, DEVICE_PASSWORD).await);
}

#[tokio::test]
async fn what_is_missing_or_malformed_is_named() {
    let pool = sparing().await;
    let (device, _) = confirmed(&pool).await;
    let asked = challenge(device.sign_in(&pool, EVE, PASSWORD).await, "DEVICE_SRP_AUTH");
    let missing = |name: &str| {
        refusal(
            "InvalidParameterException",
            &format!("Missing required parameter {name}"),
        )
    };
    let session = asked.session();
    let whole = json!({ "USERNAME": EVE, "DEVICE_KEY": device.key, "SRP_A": "2" });
    for name in ["USERNAME", "DEVICE_KEY", "SRP_A"] {
        let mut answers = whole.clone();
        answers.as_object_mut().unwrap().remove(name);
        let seen = pool.respond(LEGACY, "DEVICE_SRP_AUTH", session, answers).await;
        assert_eq!(seen, missing(name));
    }
    let client = Client::begin(&SystemEntropy);
    let posed = challenge(
        device.srp_a(&pool, &client, Some(session)).await,
        "DEVICE_PASSWORD_VERIFIER",
    );
    let whole = device.proof(&client, &posed, DEVICE_PASSWORD);
    for name in [
        "USERNAME",
        "DEVICE_KEY",
        "PASSWORD_CLAIM_SECRET_BLOCK",
        "PASSWORD_CLAIM_SIGNATURE",
        "TIMESTAMP",
    ] {
        let mut answers = whole.clone();
        answers.as_object_mut().unwrap().remove(name);
        assert_eq!(answer_proof(&pool, LEGACY, answers).await, missing(name));
    }
    // The block of a password is none of a device's, whatever is proven with it.
    let begun = pool.begin_srp(LEGACY, EVE).await;
    let mut answers = begun.answers(PASSWORD);
    merge(&mut answers, json!({ "DEVICE_KEY": device.key }));
    assert_eq!(answer_proof(&pool, LEGACY, answers).await, incorrect());
    assert_eq!(pool.prove(LEGACY, whole).await, incorrect());
}

#[tokio::test]
async fn a_newer_password_a_forgotten_device_and_time_end_a_proof() {
    let pool = sparing().await;
    let (device, token) = confirmed(&pool).await;
    let client = Client::begin(&SystemEntropy);
    let begin = async || {
        let asked = challenge(device.sign_in(&pool, EVE, PASSWORD).await, "DEVICE_SRP_AUTH");
        let seen = device.srp_a(&pool, &client, Some(asked.session())).await;
        challenge(seen, "DEVICE_PASSWORD_VERIFIER")
    };
    let late = begin().await;
    pool.wait(Span::minutes(3));
    let expired = refusal(
        NOT_AUTHORIZED,
        "Invalid session for the user, session is expired.",
    );
    let proof = |asked: &Challenge| device.proof(&client, asked, DEVICE_PASSWORD);
    assert_eq!(answer_proof(&pool, LEGACY, proof(&late)).await, expired);
    let open = begin().await;
    pool.set_password(EVE, NEXT).await;
    assert_eq!(answer_proof(&pool, LEGACY, proof(&open)).await, used());
    pool.set_password(EVE, PASSWORD).await;
    let open = begin().await;
    let status = json!({ "DeviceKey": device.key, "DeviceRememberedStatus": "not_remembered" });
    assert_eq!(pool.admin("AdminUpdateDeviceStatus", EVE, status).await.0, 200);
    let invalid = refusal(NOT_AUTHORIZED, "Invalid session for the user.");
    assert_eq!(answer_proof(&pool, LEGACY, proof(&open)).await, invalid);
    let forget = json!({ "AccessToken": token, "DeviceKey": device.key });
    assert_eq!(pool.call("ForgetDevice", forget).await.0, 200);
    assert_eq!(answer_proof(&pool, LEGACY, proof(&open)).await, unknown());
    assert_eq!(pool.admin("AdminDisableUser", EVE, json!({})).await.0, 200);
    let disabled = refusal(NOT_AUTHORIZED, "User is disabled.");
    assert_eq!(answer_proof(&pool, LEGACY, proof(&open)).await, disabled);
}
