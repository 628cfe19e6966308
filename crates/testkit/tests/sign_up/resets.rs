//! `AdminResetUserPassword`: the old password ends, a code sets the next.

use serde_json::{Value, json};

use crate::behaviour::{
    ANNS, HIDING, LEGACY, NEXT, NOT_AUTHORIZED, PASSWORD, Pool, Seen, challenge, incorrect, refusal, tokens,
    user,
};
use crate::calls::done;

async fn reset(pool: &Pool, username: &str) -> Seen {
    pool.admin("AdminResetUserPassword", username, json!({})).await
}

fn due() -> Seen {
    refusal(
        "PasswordResetRequiredException",
        "Password reset required for the user",
    )
}

#[tokio::test]
async fn the_old_password_ends_and_the_code_sets_another() {
    let pool = Pool::of_ann().await;
    let signed_in = pool.signed_in(LEGACY, "ann").await;
    assert_eq!(reset(&pool, "ann").await, done());
    assert_eq!(pool.user("ann").await.0, "RESET_REQUIRED");
    assert_eq!(pool.sign_in(LEGACY, "ann", PASSWORD).await, due());
    assert_eq!(pool.sign_in(HIDING, "ann", PASSWORD).await, incorrect());
    let change = json!({
        "AccessToken": signed_in.access, "PreviousPassword": PASSWORD, "ProposedPassword": NEXT,
    });
    assert_eq!(pool.call("ChangePassword", change).await, due());
    let code = pool.code("ann@example.com").await;
    assert_eq!(pool.confirm_forgot(LEGACY, "ann", &code, NEXT).await, done());
    assert_eq!(pool.sign_in(LEGACY, "ann", PASSWORD).await, incorrect());
    tokens(pool.sign_in(LEGACY, "ann", NEXT).await);
}

#[tokio::test]
async fn a_sign_in_that_has_begun_does_not_end_in_tokens() {
    let eve = r#", sms_mfa = true, attributes = { phone_number = "+12065550105", email = "ann@example.com", email_verified = true }"#;
    let pool = Pool::with("mfa_configuration = \"OPTIONAL\"", &user("ann", eve)).await;
    let asked = challenge(pool.sign_in(LEGACY, "ann", PASSWORD).await, "SMS_MFA");
    let code = pool.code("+12065550105").await;
    let begun = pool.begin_srp(LEGACY, "ann").await;
    assert_eq!(reset(&pool, "ann").await, done());
    assert_eq!(pool.sms_code(asked.session(), "ann", &code).await.0, 400);
    assert_eq!(pool.prove(LEGACY, begun.answers(PASSWORD)).await, due());
}

#[tokio::test]
async fn it_needs_a_verified_contact_and_a_password_of_the_users_own() {
    let ben = user(
        "ben",
        r#", attributes = { email = "ben@example.com", email_verified = false }"#,
    );
    let fay = user("fay", &format!(", status = \"FORCE_CHANGE_PASSWORD\"{ANNS}"));
    let pool = Pool::with("", &(ben + &fay)).await;
    assert_eq!(
        reset(&pool, "ben").await,
        refusal(
            "InvalidParameterException",
            "Cannot reset password for the user as there is no registered/verified email or phone_number"
        )
    );
    assert_eq!(
        reset(&pool, "fay").await,
        refusal(
            NOT_AUTHORIZED,
            "User password cannot be reset in the current state."
        )
    );
    assert_eq!(
        reset(&pool, "nobody").await,
        refusal("UserNotFoundException", "User does not exist.")
    );
    assert_eq!(pool.user("ben").await.0, "CONFIRMED");
    assert_eq!(pool.messages(), Vec::<Value>::new());
}

#[tokio::test]
async fn where_administrators_alone_recover_there_is_no_code_to_send() {
    let pool = Pool::with("account_recovery = [\"admin_only\"]", &user("ann", ANNS)).await;
    assert_eq!(
        reset(&pool, "ann").await,
        refusal(NOT_AUTHORIZED, "Contact administrator to reset password.")
    );
    pool.signed_in(LEGACY, "ann").await;
}

#[tokio::test]
async fn who_has_not_confirmed_a_contact_resets_nothing_and_a_client_that_hides_pretends() {
    let una = r#", status = "UNCONFIRMED", attributes = { email = "una@example.com" }"#;
    let pool = Pool::with("", &user("una", una)).await;
    let unreachable = || {
        refusal(
            "InvalidParameterException",
            "Cannot reset password for the user as there is no registered/verified email or phone_number",
        )
    };
    assert_eq!(pool.forgot_password(LEGACY, "una").await, unreachable());
    assert_eq!(pool.forgot_password(HIDING, "una").await.0, 200);
    assert_eq!(reset(&pool, "una").await, unreachable());
    assert_eq!(pool.user("una").await.0, "UNCONFIRMED");
    assert_eq!(pool.messages(), Vec::<Value>::new());
}
