//! `MFA_SETUP`: a pool that insists on a second factor, and a user who has none.

use pool::time::Span;
use serde_json::{Value, json};

use crate::app::{App, apps_alone, asked, every_factor, pool, totp};
use crate::behaviour::{
    Challenge, HIDING, LEGACY, NEXT, NOT_AUTHORIZED, Pool, Seen, challenge, refusal, tokens, user,
};

const ANN: &str = "ann";

async fn insisting() -> Pool {
    pool(apps_alone("ON"), &(user(ANN, "") + &user("bob", ""))).await
}

async fn associated(pool: &Pool, session: &str) -> (App, String) {
    let given = pool
        .done("AssociateSoftwareToken", json!({ "Session": session }))
        .await;
    let app = App::new(pool, given["SecretCode"].as_str().expect("a secret"));
    (app, given["Session"].as_str().expect("a session").to_owned())
}

async fn verify(pool: &Pool, session: &str, code: &str) -> Seen {
    pool.call(
        "VerifySoftwareToken",
        json!({ "Session": session, "UserCode": code }),
    )
    .await
}

fn session_of(seen: &Seen) -> String {
    assert_eq!(
        (seen.0, &seen.1["Status"]),
        (200, &json!("SUCCESS")),
        "{}",
        seen.1
    );
    seen.1["Session"].as_str().expect("a session").to_owned()
}

async fn finish(pool: &Pool, session: &str) -> Seen {
    pool.respond(LEGACY, "MFA_SETUP", session, json!({ "USERNAME": ANN }))
        .await
}

fn invalid() -> Seen {
    refusal(NOT_AUTHORIZED, "Invalid session for the user.")
}

fn used() -> Seen {
    refusal(
        NOT_AUTHORIZED,
        "Invalid session for the user, session can only be used once.",
    )
}

fn can_set_up(asked: &Challenge) -> Value {
    serde_json::from_str(asked.parameter("MFAS_CAN_SETUP")).expect("a JSON array")
}

#[tokio::test]
async fn the_app_is_set_up_in_the_middle_of_the_sign_in_and_asked_for_from_then_on() {
    let pool = insisting().await;
    let first = asked(&pool, ANN, "MFA_SETUP").await;
    assert_eq!(can_set_up(&first), json!(["SOFTWARE_TOKEN_MFA"]));
    assert_eq!(first.parameter("USER_ID_FOR_SRP"), ANN);
    let (app, session) = associated(&pool, first.session()).await;
    let session = session_of(&verify(&pool, &session, &app.code()).await);
    let in_there = tokens(finish(&pool, &session).await);
    let (_, seen) = pool.get_user(&in_there.access).await;
    assert_eq!(seen["UserMFASettingList"], json!(["SOFTWARE_TOKEN_MFA"]));
    pool.wait(Span::seconds(30));
    let next = asked(&pool, ANN, "SOFTWARE_TOKEN_MFA").await;
    tokens(totp(&pool, next.session(), ANN, &app.code()).await);
}

#[tokio::test]
async fn no_session_but_the_last_one_leads_to_tokens() {
    let pool = insisting().await;
    let first = asked(&pool, ANN, "MFA_SETUP").await;
    assert_eq!(finish(&pool, first.session()).await, invalid());
    assert_eq!(verify(&pool, first.session(), "123456").await, invalid());
    let (app, second) = associated(&pool, first.session()).await;
    assert_eq!(finish(&pool, &second).await, invalid());
    assert_eq!(totp(&pool, &second, ANN, &app.code()).await, invalid());
    assert_eq!(
        verify(&pool, &second, &app.wrong_code()).await,
        refusal(
            "EnableSoftwareTokenMFAException",
            "Code mismatch and fail enable Software Token MFA"
        )
    );
    let third = session_of(&verify(&pool, &second, &app.code()).await);
    for spent in [first.session(), &second] {
        let again = pool
            .call("AssociateSoftwareToken", json!({ "Session": spent }))
            .await;
        assert_eq!(again.0, 400, "{}", again.1);
    }
    let other = json!({ "USERNAME": "bob" });
    assert_eq!(pool.respond(LEGACY, "MFA_SETUP", &third, other).await, invalid());
    let elsewhere = pool
        .respond(HIDING, "MFA_SETUP", &third, json!({ "USERNAME": ANN }))
        .await;
    assert_eq!(elsewhere, invalid());
    tokens(finish(&pool, &third).await);
    assert_eq!(finish(&pool, &third).await, used());
}

#[tokio::test]
async fn who_has_only_the_password_cannot_replace_an_app_with_an_older_session() {
    let pool = insisting().await;
    let [thief, owner] = [
        asked(&pool, ANN, "MFA_SETUP").await,
        asked(&pool, ANN, "MFA_SETUP").await,
    ];
    let (stolen, thiefs) = associated(&pool, thief.session()).await;
    let (app, session) = associated(&pool, owner.session()).await;
    let session = session_of(&verify(&pool, &session, &app.code()).await);
    tokens(finish(&pool, &session).await);
    assert_eq!(verify(&pool, &thiefs, &stolen.code()).await, used());
    let again = pool
        .call("AssociateSoftwareToken", json!({ "Session": thief.session() }))
        .await;
    assert_eq!(again, invalid());
}

#[tokio::test]
async fn the_sessions_of_a_set_up_end_after_three_minutes_each() {
    let pool = insisting().await;
    let first = asked(&pool, ANN, "MFA_SETUP").await;
    pool.wait(Span::minutes(2));
    let (app, second) = associated(&pool, first.session()).await;
    pool.wait(Span::minutes(2));
    let expired = || {
        refusal(
            NOT_AUTHORIZED,
            "Invalid session for the user, session is expired.",
        )
    };
    assert_eq!(
        pool.call("AssociateSoftwareToken", json!({ "Session": first.session() }))
            .await,
        expired()
    );
    let third = session_of(&verify(&pool, &second, &app.code()).await);
    pool.wait(Span::minutes(3));
    assert_eq!(finish(&pool, &third).await, expired());
    assert_eq!(verify(&pool, &second, &app.code()).await, expired());
}

#[tokio::test]
async fn garbage_is_no_session_and_one_of_the_two_is_needed() {
    let pool = insisting().await;
    let garbage = json!({ "Session": "A".repeat(60) });
    assert_eq!(pool.call("AssociateSoftwareToken", garbage).await, invalid());
    assert_eq!(
        pool.call("AssociateSoftwareToken", json!({})).await,
        refusal(
            "InvalidParameterException",
            "Missing required parameter AccessToken"
        )
    );
}

#[tokio::test]
async fn a_new_password_comes_before_the_set_up() {
    let pool = pool(
        apps_alone("ON"),
        &user(ANN, ", status = \"FORCE_CHANGE_PASSWORD\""),
    )
    .await;
    let first = asked(&pool, ANN, "NEW_PASSWORD_REQUIRED").await;
    let second = challenge(pool.new_password(first.session(), ANN, NEXT).await, "MFA_SETUP");
    let (app, session) = associated(&pool, second.session()).await;
    let session = session_of(&verify(&pool, &session, &app.code()).await);
    tokens(finish(&pool, &session).await);
}

#[tokio::test]
async fn who_can_get_a_code_is_asked_for_it_instead() {
    let phone = user("phil", ", attributes = { phone_number = \"+12065550105\" }");
    let mail = user("mia", ", attributes = { email = \"mia@example.com\" }");
    let pool = pool(every_factor("ON"), &(phone + &mail + &user(ANN, ""))).await;
    asked(&pool, "phil", "SMS_MFA").await;
    asked(&pool, "mia", "EMAIL_OTP").await;
    asked(&pool, ANN, "MFA_SETUP").await;
}
