//! `SMS_MFA`: a code follows the password.

use pool::time::Span;
use serde_json::json;

use crate::behaviour::{
    Challenge, HIDING, LEGACY, NEXT, NOT_AUTHORIZED, PASSWORD, Pool, Seen, WRONG, challenge, incorrect,
    refusal, tokens, user,
};

const EVE: &str = "eve";
const PHONE: &str = "+12065550105";

fn with_phone(more: &str) -> String {
    format!(
        ", sms_mfa = true{more}, attributes = {{ phone_number = \"{PHONE}\", phone_number_verified = true }}"
    )
}

async fn pool() -> Pool {
    Pool::with(
        "mfa_configuration = \"OPTIONAL\"",
        &(user(EVE, &with_phone("")) + &user("ann", "")),
    )
    .await
}

async fn asked(pool: &Pool) -> Challenge {
    challenge(pool.sign_in(LEGACY, EVE, PASSWORD).await, "SMS_MFA")
}

fn wrong_code() -> Seen {
    refusal(
        "CodeMismatchException",
        "Invalid code or auth state for the user.",
    )
}

/// A code that is not the right one.
fn other_than(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

#[tokio::test]
async fn the_challenge_tells_where_the_code_went_and_the_code_lets_in() {
    let pool = pool().await;
    let asked = asked(&pool).await;
    assert_eq!(
        asked.0["ChallengeParameters"],
        json!({
            "CODE_DELIVERY_DELIVERY_MEDIUM": "SMS", "CODE_DELIVERY_DESTINATION": "+*******0105",
            "USER_ID_FOR_SRP": EVE,
        })
    );
    let code = pool.code(PHONE).await;
    assert!(
        code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()),
        "six digits"
    );
    tokens(pool.sms_code(asked.session(), EVE, &code).await);
}

#[tokio::test]
async fn no_code_is_sent_without_the_right_password_and_none_is_asked_of_others() {
    let pool = pool().await;
    assert_eq!(pool.sign_in(LEGACY, EVE, WRONG).await, incorrect());
    assert!(pool.messages().is_empty());
    pool.signed_in(LEGACY, "ann").await;
}

#[tokio::test]
async fn a_right_proof_by_srp_is_followed_by_the_code_too() {
    let pool = pool().await;
    let begun = pool.begin_srp(LEGACY, EVE).await;
    let asked = challenge(pool.prove(LEGACY, begun.answers(PASSWORD)).await, "SMS_MFA");
    let code = pool.code(PHONE).await;
    tokens(pool.sms_code(asked.session(), EVE, &code).await);
}

#[tokio::test]
async fn a_wrong_code_leaves_the_session_good() {
    let pool = pool().await;
    let asked = asked(&pool).await;
    let code = pool.code(PHONE).await;
    for _ in 0..4 {
        assert_eq!(
            pool.sms_code(asked.session(), EVE, other_than(&code)).await,
            wrong_code()
        );
    }
    tokens(pool.sms_code(asked.session(), EVE, &code).await);
}

#[tokio::test]
async fn a_session_and_its_code_work_once() {
    let pool = pool().await;
    let asked = asked(&pool).await;
    let code = pool.code(PHONE).await;
    tokens(pool.sms_code(asked.session(), EVE, &code).await);
    for code in [code.as_str(), other_than(&code)] {
        assert_eq!(
            pool.sms_code(asked.session(), EVE, code).await,
            refusal(
                NOT_AUTHORIZED,
                "Invalid session for the user, session can only be used once."
            )
        );
    }
}

#[tokio::test]
async fn sessions_stand_side_by_side_each_with_its_own_code() {
    let pool = pool().await;
    let first = asked(&pool).await;
    let first_code = pool.code(PHONE).await;
    let (second, second_code) = loop {
        let second = asked(&pool).await;
        let code = pool.code(PHONE).await;
        if code != first_code {
            break (second, code);
        }
    };
    assert_eq!(
        pool.sms_code(second.session(), EVE, &first_code).await,
        wrong_code()
    );
    tokens(pool.sms_code(second.session(), EVE, &second_code).await);
    tokens(pool.sms_code(first.session(), EVE, &first_code).await);
}

#[tokio::test]
async fn many_wrong_codes_make_the_right_one_wrong_for_a_while_and_a_right_password_forgives_none() {
    let pool = pool().await;
    for _ in 0..5 {
        let asked = asked(&pool).await;
        let code = pool.code(PHONE).await;
        assert_eq!(
            pool.sms_code(asked.session(), EVE, other_than(&code)).await,
            wrong_code()
        );
    }
    let asked = asked(&pool).await;
    let code = pool.code(PHONE).await;
    assert_eq!(pool.sms_code(asked.session(), EVE, &code).await, wrong_code());
    pool.wait(Span::seconds(1));
    tokens(pool.sms_code(asked.session(), EVE, &code).await);
}

#[tokio::test]
async fn a_session_is_of_one_app_client_and_one_user_and_ends_after_three_minutes() {
    let pool = pool().await;
    let asked = asked(&pool).await;
    let code = pool.code(PHONE).await;
    let invalid = || refusal(NOT_AUTHORIZED, "Invalid session for the user.");
    let answers = json!({ "USERNAME": EVE, "SMS_MFA_CODE": code });
    assert_eq!(
        pool.respond(HIDING, "SMS_MFA", asked.session(), answers).await,
        invalid()
    );
    assert_eq!(pool.sms_code(asked.session(), "ann", &code).await, invalid());
    assert_eq!(pool.new_password(asked.session(), EVE, NEXT).await, invalid());
    pool.wait(Span::minutes(3));
    assert_eq!(
        pool.sms_code(asked.session(), EVE, &code).await,
        refusal(
            NOT_AUTHORIZED,
            "Invalid session for the user, session is expired."
        )
    );
}

#[tokio::test]
async fn a_newer_password_uses_the_session_up() {
    let pool = pool().await;
    let asked = asked(&pool).await;
    let code = pool.code(PHONE).await;
    pool.set_password(EVE, NEXT).await;
    assert_eq!(
        pool.sms_code(asked.session(), EVE, &code).await,
        refusal(
            NOT_AUTHORIZED,
            "Invalid session for the user, session can only be used once."
        )
    );
}

#[tokio::test]
async fn a_new_password_is_followed_by_the_code_and_cannot_move_or_remove_its_phone() {
    let eve = user(EVE, &with_phone(", status = \"FORCE_CHANGE_PASSWORD\""));
    let pool = Pool::with("mfa_configuration = \"OPTIONAL\"", &eve).await;
    let asked = challenge(pool.sign_in(LEGACY, EVE, PASSWORD).await, "NEW_PASSWORD_REQUIRED");
    for phone in ["", "+12065550199"] {
        let answers = json!({ "USERNAME": EVE, "NEW_PASSWORD": NEXT, "userAttributes.phone_number": phone });
        assert_eq!(
            pool.respond(LEGACY, "NEW_PASSWORD_REQUIRED", asked.session(), answers)
                .await,
            refusal(
                "InvalidParameterException",
                "Cannot modify an already provided phone_number"
            )
        );
    }
    let second = challenge(pool.new_password(asked.session(), EVE, NEXT).await, "SMS_MFA");
    let code = pool.code(PHONE).await;
    tokens(pool.sms_code(second.session(), EVE, &code).await);
}

#[tokio::test]
async fn a_pool_that_insists_asks_everybody_and_lets_nobody_in_without_a_phone() {
    let bob = user("bob", &format!(", attributes = {{ phone_number = \"{PHONE}\" }}"));
    let pool = Pool::with("mfa_configuration = \"ON\"", &(bob + &user("ann", ""))).await;
    challenge(pool.sign_in(LEGACY, "bob", PASSWORD).await, "SMS_MFA");
    assert_eq!(
        pool.sign_in(LEGACY, "ann", PASSWORD).await,
        refusal(
            NOT_AUTHORIZED,
            "User has no phone_number for SMS_MFA; an administrator must add one."
        )
    );
}

#[tokio::test]
async fn a_pool_without_a_second_factor_asks_nobody() {
    let pool = Pool::with("", &user(EVE, &with_phone(""))).await;
    pool.signed_in(LEGACY, EVE).await;
}
