//! The pool's own words.

use serde_json::json;

use super::{EMAIL, EVE, PHONE, newest, pool, set};
use crate::behaviour::{LEGACY, PASSWORD, POOL, challenge};

#[tokio::test]
async fn templates_word_codes_and_are_shown_as_they_were_given() {
    let pool = pool(Vec::new()).await;
    let template = json!({
        "DefaultEmailOption": "CONFIRM_WITH_CODE", "EmailMessage": "Reset: {####}", "EmailSubject": "Reset",
        "SmsMessage": "By SMS: {####}",
    });
    let sms = "Sign in: {####}";
    set(
        &pool,
        json!({ "VerificationMessageTemplate": template, "SmsAuthenticationMessage": sms }),
    )
    .await;
    let described = pool.done("DescribeUserPool", json!({ "UserPoolId": POOL })).await;
    let described = &described["UserPool"];
    assert_eq!(described["VerificationMessageTemplate"], template);
    assert_eq!(described["SmsAuthenticationMessage"], sms);
    assert_eq!(
        described["EmailConfiguration"],
        json!({ "EmailSendingAccount": "COGNITO_DEFAULT" })
    );
    assert!(described.get("EmailVerificationMessage").is_none());

    assert_eq!(pool.forgot_password(LEGACY, "ann").await.0, 200);
    let (message, code) = (newest(&pool), pool.code(EMAIL).await);
    assert_eq!(
        (&message["subject"], &message["body"]),
        (&json!("Reset"), &json!(format!("Reset: {code}")))
    );
    challenge(pool.sign_in(LEGACY, EVE, PASSWORD).await, "SMS_MFA");
    let (message, code) = (newest(&pool), pool.code(PHONE).await);
    assert_eq!(
        (&message["subject"], &message["body"]),
        (&json!(null), &json!(format!("Sign in: {code}")))
    );
}

#[tokio::test]
async fn the_older_settings_count_where_there_is_no_template() {
    let pool = pool(Vec::new()).await;
    let older = json!({
        "EmailVerificationMessage": "Older: {####}", "EmailVerificationSubject": "Older",
        "SmsVerificationMessage": "Older: {####}",
    });
    set(&pool, older.clone()).await;
    let described = pool.done("DescribeUserPool", json!({ "UserPoolId": POOL })).await;
    for (member, value) in older.as_object().unwrap() {
        assert_eq!(&described["UserPool"][member], value);
    }
    assert_eq!(pool.forgot_password(LEGACY, "ann").await.0, 200);
    let (message, code) = (newest(&pool), pool.code(EMAIL).await);
    assert_eq!(
        (&message["subject"], &message["body"]),
        (&json!("Older"), &json!(format!("Older: {code}")))
    );
}
