//! What the pool has sealed and the client carries: altered in any byte it is worth nothing.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::json;

use crate::behaviour::{LEGACY, NOT_AUTHORIZED, PASSWORD, Pool, challenge, incorrect, refusal, tokens, user};

/// The value with one bit of one byte turned, for every byte.
fn altered(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..bytes.len()).map(|n| {
        let mut bytes = bytes.to_vec();
        bytes[n] ^= 1 << (n % 8);
        bytes
    })
}

#[tokio::test]
async fn a_session_altered_in_any_byte_is_none() {
    let eves =
        ", sms_mfa = true, attributes = { phone_number = \"+12065550105\", phone_number_verified = true }";
    let pool = Pool::with("mfa_configuration = \"OPTIONAL\"", &user("eve", eves)).await;
    let asked = challenge(pool.sign_in(LEGACY, "eve", PASSWORD).await, "SMS_MFA");
    let code = pool.code("+12065550105").await;
    let session = URL_SAFE_NO_PAD.decode(asked.session()).unwrap();
    let none = refusal(NOT_AUTHORIZED, "Invalid session for the user.");
    for altered in altered(&session) {
        let altered = URL_SAFE_NO_PAD.encode(altered);
        assert_eq!(pool.sms_code(&altered, "eve", &code).await, none);
    }
    tokens(pool.sms_code(asked.session(), "eve", &code).await);
}

#[tokio::test]
async fn a_secret_block_altered_in_any_byte_proves_nothing() {
    let pool = Pool::of_ann().await;
    let begun = pool.begin_srp(LEGACY, "ann").await;
    let answers = begun.answers(PASSWORD);
    let block = STANDARD
        .decode(begun.challenge.parameter("SECRET_BLOCK"))
        .unwrap();
    for altered in altered(&block) {
        let mut answers = answers.clone();
        answers["PASSWORD_CLAIM_SECRET_BLOCK"] = STANDARD.encode(altered).into();
        assert_eq!(pool.prove(LEGACY, answers).await, incorrect());
    }
    tokens(pool.prove(LEGACY, answers).await);
}

#[tokio::test]
async fn a_refresh_token_altered_in_any_byte_refreshes_nothing() {
    let pool = Pool::of_ann().await;
    let signed_in = pool.signed_in(LEGACY, "ann").await;
    let token = URL_SAFE_NO_PAD.decode(signed_in.refresh()).unwrap();
    let none = refusal(NOT_AUTHORIZED, "Invalid Refresh Token");
    for altered in altered(&token) {
        let altered = URL_SAFE_NO_PAD.encode(altered);
        assert_eq!(pool.refresh(LEGACY, &altered).await, none);
        let revoke = json!({ "ClientId": LEGACY, "Token": altered });
        pool.call("RevokeToken", revoke).await;
    }
    tokens(pool.refresh(LEGACY, signed_in.refresh()).await);
}
