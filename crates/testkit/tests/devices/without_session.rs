//! Clients that come back to `DEVICE_SRP_AUTH` without its session.

use pool::ports::SystemEntropy;
use pool::srp::client::Client;
use pool::time::Span;
use serde_json::json;

use crate::behaviour::{
    Challenge, LEGACY, NEXT, NOT_AUTHORIZED, PASSWORD, Pool, Seen, Srp, challenge, merge, refusal, tokens,
};
use crate::device::{
    DEVICE_PASSWORD, Device, EVE, PHONE, answer_proof, confirmed, has_new_device, sparing, tracking,
};

fn invalid() -> Seen {
    refusal(NOT_AUTHORIZED, "Invalid session for the user.")
}

/// A sign-in by SRP from the device up to `DEVICE_SRP_AUTH`.
async fn begun(pool: &Pool, device: &Device) -> (Srp, Challenge) {
    let begun = pool.begin_srp(LEGACY, EVE).await;
    let mut answers = begun.answers(PASSWORD);
    merge(&mut answers, json!({ "DEVICE_KEY": device.key }));
    let asked = challenge(pool.prove(LEGACY, answers).await, "DEVICE_SRP_AUTH");
    (begun, asked)
}

#[tokio::test]
async fn the_number_that_proved_the_password_goes_on_once() {
    let pool = sparing().await;
    let (device, _) = confirmed(&pool).await;
    let (begun, _) = begun(&pool, &device).await;
    let seen = device.srp_a(&pool, &begun.client, None).await;
    let asked = challenge(seen, "DEVICE_PASSWORD_VERIFIER");
    let proof = device.proof(&begun.client, &asked, DEVICE_PASSWORD);
    tokens(answer_proof(&pool, LEGACY, proof).await);
    assert_eq!(device.srp_a(&pool, &begun.client, None).await, invalid());
}

#[tokio::test]
async fn time_and_a_newer_password_end_what_was_kept() {
    let pool = sparing().await;
    let (device, _) = confirmed(&pool).await;
    let (late, _) = begun(&pool, &device).await;
    pool.wait(Span::minutes(3));
    let expired = refusal(
        NOT_AUTHORIZED,
        "Invalid session for the user, session is expired.",
    );
    assert_eq!(device.srp_a(&pool, &late.client, None).await, expired);
    let (open, _) = begun(&pool, &device).await;
    pool.set_password(EVE, NEXT).await;
    assert_eq!(device.srp_a(&pool, &open.client, None).await, invalid());
}

#[tokio::test]
async fn the_session_of_the_second_factor_before_goes_on_once_its_code_was_right() {
    let pool = tracking(json!({ "DeviceOnlyRememberedOnUserPrompt": false })).await;
    let (device, _) = confirmed(&pool).await;
    let by_code = challenge(device.sign_in(&pool, EVE, PASSWORD).await, "SMS_MFA");
    let code = pool.code(PHONE).await;
    let early = device
        .srp_a(&pool, &Client::begin(&SystemEntropy), Some(by_code.session()))
        .await;
    assert_eq!(early, invalid());
    let seen = pool.sms_code(by_code.session(), EVE, &code).await;
    let asked = challenge(seen, "DEVICE_SRP_AUTH");
    let seen = device
        .prove_by(&pool, &asked, by_code.session(), DEVICE_PASSWORD)
        .await;
    assert!(!has_new_device(&seen));
    tokens(seen);
    // Neither of the two sessions does it again.
    let client = Client::begin(&SystemEntropy);
    let used = refusal(
        NOT_AUTHORIZED,
        "Invalid session for the user, session can only be used once.",
    );
    let again = device.srp_a(&pool, &client, Some(by_code.session())).await;
    assert_eq!(again, used);
}
