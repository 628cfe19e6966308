//! `SELECT_MFA_TYPE`: several factors are on, and none is preferred.

use pool::time::Span;
use serde_json::{Value, json};

use crate::app::{App, asked, every_factor, pool, registered, totp};
use crate::behaviour::{HIDING, LEGACY, NOT_AUTHORIZED, Pool, Seen, challenge, refusal, tokens, user};

const EVE: &str = "eve";
const MAIL: &str = "eve@example.com";
const PHONE: &str = "+12065550105";

async fn with_all() -> (Pool, App) {
    let attributes = format!(", attributes = {{ email = \"{MAIL}\", phone_number = \"{PHONE}\" }}");
    let users = user(EVE, &attributes) + &user("ann", "");
    let pool = pool(every_factor("OPTIONAL"), &users).await;
    let token = pool.signed_in(LEGACY, EVE).await.access;
    let app = registered(&pool, &token).await;
    let on = json!({
        "AccessToken": token, "SMSMfaSettings": { "Enabled": true }, "EmailMfaSettings": { "Enabled": true },
    });
    pool.done("SetUserMFAPreference", on).await;
    (pool, app)
}

async fn choose(pool: &Pool, session: &str, answer: &str) -> Seen {
    let answers = json!({ "USERNAME": EVE, "ANSWER": answer });
    pool.respond(LEGACY, "SELECT_MFA_TYPE", session, answers).await
}

#[tokio::test]
async fn the_user_chooses_among_what_is_on() {
    let (pool, app) = with_all().await;
    let select = asked(&pool, EVE, "SELECT_MFA_TYPE").await;
    let offered: Value = serde_json::from_str(select.parameter("MFAS_CAN_CHOOSE")).unwrap();
    assert_eq!(offered, json!(["SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP"]));
    assert!(pool.messages().is_empty());
    let by_app = challenge(
        choose(&pool, select.session(), "SOFTWARE_TOKEN_MFA").await,
        "SOFTWARE_TOKEN_MFA",
    );
    tokens(totp(&pool, by_app.session(), EVE, &app.code()).await);

    let select = asked(&pool, EVE, "SELECT_MFA_TYPE").await;
    let by_sms = challenge(choose(&pool, select.session(), "SMS_MFA").await, "SMS_MFA");
    let code = pool.code(PHONE).await;
    tokens(pool.sms_code(by_sms.session(), EVE, &code).await);

    for name in ["EMAIL_OTP", "EMAIL_MFA"] {
        let select = asked(&pool, EVE, "SELECT_MFA_TYPE").await;
        let by_mail = challenge(choose(&pool, select.session(), name).await, "EMAIL_OTP");
        let answers = json!({ "USERNAME": EVE, "EMAIL_OTP_CODE": pool.code(MAIL).await });
        tokens(
            pool.respond(LEGACY, "EMAIL_OTP", by_mail.session(), answers)
                .await,
        );
    }
}

#[tokio::test]
async fn what_is_not_offered_is_refused_and_a_choice_proves_nothing() {
    let (pool, app) = with_all().await;
    let select = asked(&pool, EVE, "SELECT_MFA_TYPE").await;
    let session = select.session();
    for nonsense in ["WEB_AUTHN", "sms_mfa", "NONE"] {
        assert_eq!(
            choose(&pool, session, nonsense).await,
            refusal(
                "InvalidParameterException",
                "Invalid MFA type: it must be one of MFAS_CAN_CHOOSE."
            )
        );
    }
    assert_eq!(
        choose(&pool, session, "").await,
        refusal("InvalidParameterException", "Missing required parameter ANSWER")
    );
    let invalid = || refusal(NOT_AUTHORIZED, "Invalid session for the user.");
    assert_eq!(totp(&pool, session, EVE, &app.code()).await, invalid());
    let answers = json!({ "USERNAME": EVE, "ANSWER": "SMS_MFA" });
    assert_eq!(
        pool.respond(HIDING, "SELECT_MFA_TYPE", session, answers).await,
        invalid()
    );
    let anns = json!({ "USERNAME": "ann", "ANSWER": "SMS_MFA" });
    assert_eq!(
        pool.respond(LEGACY, "SELECT_MFA_TYPE", session, anns).await,
        invalid()
    );
    pool.wait(Span::minutes(3));
    assert_eq!(
        choose(&pool, session, "SMS_MFA").await,
        refusal(
            NOT_AUTHORIZED,
            "Invalid session for the user, session is expired."
        )
    );
}

#[tokio::test]
async fn the_preferred_one_is_asked_for_without_a_choice() {
    let (pool, _) = with_all().await;
    let prefer = json!({ "SMSMfaSettings": { "Enabled": true, "PreferredMfa": true } });
    assert_eq!(pool.admin("AdminSetUserMFAPreference", EVE, prefer).await.0, 200);
    asked(&pool, EVE, "SMS_MFA").await;
}
