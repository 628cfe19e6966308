//! `EMAIL_OTP` as the second factor.

use pool::time::Span;
use serde_json::json;

use crate::app::{asked, every_factor, pool};
use crate::behaviour::{HIDING, LEGACY, NOT_AUTHORIZED, Pool, Seen, refusal, tokens, user};

const EVE: &str = "eve";
const MAIL: &str = "eve@example.com";

async fn by_mail() -> Pool {
    let eve = user(EVE, &format!(", attributes = {{ email = \"{MAIL}\" }}"));
    let pool = pool(every_factor("OPTIONAL"), &(eve + &user("ann", ""))).await;
    let on = json!({ "EmailMfaSettings": { "Enabled": true, "PreferredMfa": true } });
    assert_eq!(pool.admin("AdminSetUserMFAPreference", EVE, on).await.0, 200);
    pool
}

async fn answer(pool: &Pool, session: &str, username: &str, code: &str) -> Seen {
    let answers = json!({ "USERNAME": username, "EMAIL_OTP_CODE": code });
    pool.respond(LEGACY, "EMAIL_OTP", session, answers).await
}

fn wrong_code() -> Seen {
    refusal(
        "CodeMismatchException",
        "Invalid code or auth state for the user.",
    )
}

fn other_than(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

#[tokio::test]
async fn six_digits_go_to_the_address_let_in_and_verify_it() {
    let pool = by_mail().await;
    let asked = asked(&pool, EVE, "EMAIL_OTP").await;
    assert_eq!(
        asked.0["ChallengeParameters"],
        json!({
            "CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL", "CODE_DELIVERY_DESTINATION": "e***@e***",
            "USER_ID_FOR_SRP": EVE,
        })
    );
    let code = pool.code(MAIL).await;
    assert_eq!(code.len(), 6);
    assert!(!pool.user(EVE).await.1.contains_key("email_verified"));
    let in_there = tokens(answer(&pool, asked.session(), EVE, &code).await);
    assert_eq!(pool.user(EVE).await.1["email_verified"], "true");
    let (_, seen) = pool.get_user(&in_there.access).await;
    assert_eq!(seen["UserMFASettingList"], json!(["EMAIL_OTP"]));
    assert_eq!(seen["PreferredMfaSetting"], "EMAIL_OTP");
}

#[tokio::test]
async fn a_wrong_code_counts_and_a_right_one_works_once() {
    let pool = by_mail().await;
    let asked = asked(&pool, EVE, "EMAIL_OTP").await;
    let code = pool.code(MAIL).await;
    for _ in 0..5 {
        assert_eq!(
            answer(&pool, asked.session(), EVE, other_than(&code)).await,
            wrong_code()
        );
    }
    assert_eq!(answer(&pool, asked.session(), EVE, &code).await, wrong_code());
    pool.wait(Span::seconds(1));
    tokens(answer(&pool, asked.session(), EVE, &code).await);
    assert_eq!(
        answer(&pool, asked.session(), EVE, &code).await,
        refusal(
            NOT_AUTHORIZED,
            "Invalid session for the user, session can only be used once."
        )
    );
}

#[tokio::test]
async fn the_code_is_for_the_address_that_it_went_to() {
    let pool = by_mail().await;
    let asked = asked(&pool, EVE, "EMAIL_OTP").await;
    let code = pool.code(MAIL).await;
    let moved = json!({ "UserAttributes": [{ "Name": "email", "Value": "other@example.com" }] });
    assert_eq!(pool.admin("AdminUpdateUserAttributes", EVE, moved).await.0, 200);
    assert_eq!(answer(&pool, asked.session(), EVE, &code).await, wrong_code());
}

#[tokio::test]
async fn a_session_is_of_one_client_user_and_medium_and_ends_after_three_minutes() {
    let pool = by_mail().await;
    let asked = asked(&pool, EVE, "EMAIL_OTP").await;
    let code = pool.code(MAIL).await;
    let invalid = || refusal(NOT_AUTHORIZED, "Invalid session for the user.");
    let answers = json!({ "USERNAME": EVE, "EMAIL_OTP_CODE": code });
    let elsewhere = pool.respond(HIDING, "EMAIL_OTP", asked.session(), answers).await;
    assert_eq!(elsewhere, invalid());
    assert_eq!(answer(&pool, asked.session(), "ann", &code).await, invalid());
    assert_eq!(pool.sms_code(asked.session(), EVE, &code).await, invalid());
    pool.wait(Span::minutes(3));
    assert_eq!(
        answer(&pool, asked.session(), EVE, &code).await,
        refusal(
            NOT_AUTHORIZED,
            "Invalid session for the user, session is expired."
        )
    );
}

#[tokio::test]
async fn the_mailbox_of_the_second_factor_does_not_recover_the_password() {
    let pool = by_mail().await;
    let verified = json!({ "UserAttributes": [{ "Name": "email_verified", "Value": "true" }] });
    assert_eq!(
        pool.admin("AdminUpdateUserAttributes", EVE, verified).await.0,
        200
    );
    assert_eq!(
        pool.forgot_password(LEGACY, EVE).await,
        refusal(
            "InvalidParameterException",
            "Cannot reset password for the user as there is no registered/verified email or phone_number"
        )
    );
}
