//! One function behind all triggers of a sign-in, and the order in which each way of signing in asks it.

use serde_json::{Value, json};

use crate::behaviour::{
    ANNS, HIDING, LEGACY, NEXT, PASSWORD, Pool, WRONG, challenge, incorrect, tokens, user,
};
use crate::quiz::{CREATE, DEFINE, RIGHT, TRIGGERS, VERIFY, quiz};
use crate::recorded::{Recorded, pool_of};

const PRE: &str = "PreAuthentication_Authentication";
const POST: &str = "PostAuthentication_Authentication";
const TOKENS: &str = "TokenGeneration_Authentication";
const MIGRATE: &str = "UserMigration_Authentication";

/// What the function does: the quiz, and `grace` is known in the old directory.
fn answer(event: &mut Value) -> Result<(), String> {
    if event["triggerSource"] == MIGRATE {
        if event["userName"] != "grace" {
            return Err("unknown".to_owned());
        }
        event["response"]["userAttributes"] = json!({ "email": "grace@example.com" });
        event["response"]["finalUserStatus"] = "CONFIRMED".into();
        event["response"]["messageAction"] = "SUPPRESS".into();
    }
    quiz(event)
}

async fn pool() -> (Pool, Recorded) {
    let triggers = format!(
        "{TRIGGERS}, UserMigration = FUNCTION, PreAuthentication = FUNCTION, PostAuthentication = FUNCTION, \
         PreTokenGeneration = FUNCTION"
    );
    let people = user("ann", ANNS)
        + &user("fay", ", status = \"FORCE_CHANGE_PASSWORD\"")
        + &user(
            "eve",
            ", sms_mfa = true, attributes = { phone_number = \"+12065550105\", phone_number_verified = true }",
        );
    pool_of(&triggers, "mfa_configuration = \"OPTIONAL\"", &people, answer).await
}

#[tokio::test]
async fn a_sign_in_by_password_and_its_refresh() {
    let (pool, recorded) = pool().await;
    let given = pool.signed_in(LEGACY, "ann").await;
    assert_eq!(recorded.sources(), [PRE, TOKENS, POST]);
    assert_eq!(pool.refresh(LEGACY, given.refresh()).await.0, 200);
    assert_eq!(recorded.sources(), ["TokenGeneration_RefreshTokens"]);
    assert_eq!(pool.sign_in(LEGACY, "ann", WRONG).await, incorrect());
    assert_eq!(recorded.sources(), [PRE]);
}

#[tokio::test]
async fn a_sign_in_by_srp() {
    let (pool, recorded) = pool().await;
    let begun = pool.begin_srp(LEGACY, "ann").await;
    assert_eq!(recorded.sources(), [PRE]);
    tokens(pool.prove(LEGACY, begun.answers(PASSWORD)).await);
    assert_eq!(recorded.sources(), [TOKENS, POST]);
}

#[tokio::test]
async fn a_custom_sign_in() {
    let (pool, recorded) = pool().await;
    let asked = pool.question(LEGACY, "ann").await;
    assert_eq!(recorded.sources(), [PRE, DEFINE, CREATE]);
    let asked = challenge(
        pool.answer(asked.session(), "ann", "41").await,
        "CUSTOM_CHALLENGE",
    );
    assert_eq!(recorded.sources(), [VERIFY, DEFINE, CREATE]);
    tokens(pool.answer(asked.session(), "ann", RIGHT).await);
    assert_eq!(recorded.sources(), [VERIFY, DEFINE, TOKENS, POST]);
}

#[tokio::test]
async fn a_custom_sign_in_that_begins_with_srp() {
    let (pool, recorded) = pool().await;
    let begun = pool.begin_custom_with_srp(LEGACY, "ann").await;
    assert_eq!(recorded.sources(), [PRE, DEFINE]);
    let asked = challenge(
        pool.prove(LEGACY, begun.answers(PASSWORD)).await,
        "CUSTOM_CHALLENGE",
    );
    assert_eq!(recorded.sources(), [DEFINE, CREATE]);
    tokens(pool.answer(asked.session(), "ann", RIGHT).await);
    assert_eq!(recorded.sources(), [VERIFY, DEFINE, TOKENS, POST]);
}

#[tokio::test]
async fn a_first_sign_in_that_moves_the_user_and_the_next_one() {
    let (pool, recorded) = pool().await;
    pool.signed_in(LEGACY, "grace").await;
    assert_eq!(recorded.sources(), [MIGRATE, PRE, TOKENS, POST]);
    pool.signed_in(LEGACY, "grace").await;
    assert_eq!(recorded.sources(), [PRE, TOKENS, POST]);
    assert_eq!(pool.sign_in(LEGACY, "nobody", PASSWORD).await.0, 400);
    assert_eq!(recorded.sources(), [MIGRATE]);
    assert_eq!(pool.sign_in(HIDING, "nobody", PASSWORD).await, incorrect());
    assert_eq!(recorded.sources(), [MIGRATE, PRE]);
}

#[tokio::test]
async fn a_sign_in_that_needs_a_new_password() {
    let (pool, recorded) = pool().await;
    let asked = challenge(
        pool.sign_in(LEGACY, "fay", PASSWORD).await,
        "NEW_PASSWORD_REQUIRED",
    );
    assert_eq!(recorded.sources(), [PRE]);
    tokens(pool.new_password(asked.session(), "fay", NEXT).await);
    assert_eq!(recorded.sources(), ["TokenGeneration_NewPasswordChallenge", POST]);
}

#[tokio::test]
async fn a_sign_in_with_a_second_factor() {
    let (pool, recorded) = pool().await;
    let asked = challenge(pool.sign_in(LEGACY, "eve", PASSWORD).await, "SMS_MFA");
    assert_eq!(recorded.sources(), [PRE]);
    let code = pool.code("+12065550105").await;
    tokens(pool.sms_code(asked.session(), "eve", &code).await);
    assert_eq!(recorded.sources(), [TOKENS, POST]);
}
