//! Which factors a pool asks for: `SetUserPoolMfaConfig`, `GetUserPoolMfaConfig` and what `UpdateUserPool` leaves of them.

use serde_json::{Value, json};

use crate::app::{apps_alone, asked};
use crate::behaviour::{POOL, Pool, Seen, merge, refusal, user};

async fn a_pool() -> Pool {
    Pool::with(
        "",
        &user("phil", ", attributes = { phone_number = \"+12065550105\" }"),
    )
    .await
}

async fn config(pool: &Pool) -> Value {
    pool.done("GetUserPoolMfaConfig", json!({ "UserPoolId": POOL }))
        .await
}

async fn set(pool: &Pool, members: Value) -> Seen {
    let mut body = json!({ "UserPoolId": POOL });
    merge(&mut body, members);
    pool.call("SetUserPoolMfaConfig", body).await
}

#[tokio::test]
async fn a_new_pool_has_none() {
    let pool = a_pool().await;
    assert_eq!(config(&pool).await, json!({ "MfaConfiguration": "OFF" }));
}

#[tokio::test]
async fn what_is_set_is_answered_and_kept() {
    let pool = a_pool().await;
    let sms = json!({
        "SmsAuthenticationMessage": "Your code is {####}",
        "SmsConfiguration": { "SnsCallerArn": "arn:aws:iam::000000000000:role/sms", "ExternalId": "x" },
    });
    let email = json!({ "Message": "Code: {####}", "Subject": "Code" });
    let members = json!({
        "MfaConfiguration": "OPTIONAL", "SmsMfaConfiguration": sms, "EmailMfaConfiguration": email,
        "SoftwareTokenMfaConfiguration": { "Enabled": true },
        "WebAuthnConfiguration": {
            "RelyingPartyId": "example.com", "UserVerification": "required",
            "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION",
        },
    });
    assert_eq!(set(&pool, members.clone()).await, (200, members.clone()));
    assert_eq!(config(&pool).await, members);
    let described = pool.done("DescribeUserPool", json!({ "UserPoolId": POOL })).await;
    assert_eq!(described["UserPool"]["MfaConfiguration"], "OPTIONAL");
    assert_eq!(
        described["UserPool"]["SmsAuthenticationMessage"],
        "Your code is {####}"
    );
    assert_eq!(described["UserPool"]["SmsConfiguration"], sms["SmsConfiguration"]);
}

#[tokio::test]
async fn a_configuration_names_all_its_factors_and_without_one_they_stay() {
    let pool = a_pool().await;
    pool.done("SetUserPoolMfaConfig", apps_alone("OPTIONAL")).await;
    let seen = set(&pool, json!({ "EmailMfaConfiguration": {} })).await.1;
    assert_eq!(
        seen,
        json!({
            "EmailMfaConfiguration": {}, "MfaConfiguration": "OPTIONAL",
            "SoftwareTokenMfaConfiguration": { "Enabled": true },
        })
    );
    let sms_alone = json!({ "MfaConfiguration": "ON", "SmsMfaConfiguration": {} });
    assert_eq!(
        set(&pool, sms_alone).await.1,
        json!({
            "MfaConfiguration": "ON", "SmsMfaConfiguration": {},
            "SoftwareTokenMfaConfiguration": { "Enabled": false },
        })
    );
    asked(&pool, "phil", "SMS_MFA").await;
}

#[tokio::test]
async fn off_goes_with_no_factor_and_on_with_one_at_least() {
    let pool = a_pool().await;
    let invalid = |message| refusal("InvalidParameterException", message);
    let off = "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.";
    let none = "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled.";
    let token = json!({ "Enabled": true });
    for mfa in [json!({}), json!({ "MfaConfiguration": "OFF" })] {
        let mut members = json!({ "SoftwareTokenMfaConfiguration": token });
        merge(&mut members, mfa);
        assert_eq!(set(&pool, members).await, invalid(off));
    }
    for mfa in ["ON", "OPTIONAL"] {
        let off = json!({ "MfaConfiguration": mfa, "SoftwareTokenMfaConfiguration": { "Enabled": false } });
        assert_eq!(set(&pool, off).await, invalid(none));
    }
    let passkeys = json!({ "WebAuthnConfiguration": { "RelyingPartyId": "example.com" } });
    assert_eq!(
        set(&pool, passkeys).await.1,
        json!({ "MfaConfiguration": "OFF", "WebAuthnConfiguration": { "RelyingPartyId": "example.com" } })
    );
}

#[tokio::test]
async fn update_user_pool_sets_whether_and_leaves_which() {
    let pool = a_pool().await;
    let mut apps = apps_alone("OPTIONAL");
    merge(
        &mut apps,
        json!({ "EmailMfaConfiguration": { "Subject": "Code" } }),
    );
    let seen = pool.done("SetUserPoolMfaConfig", apps).await;
    let insist = json!({ "UserPoolId": POOL, "MfaConfiguration": "ON" });
    pool.done("UpdateUserPool", insist).await;
    let mut expected = seen;
    merge(&mut expected, json!({ "MfaConfiguration": "ON" }));
    assert_eq!(config(&pool).await, expected);
    asked(&pool, "phil", "MFA_SETUP").await;
    pool.done("UpdateUserPool", json!({ "UserPoolId": POOL })).await;
    assert_eq!(config(&pool).await, json!({ "MfaConfiguration": "OFF" }));
}

#[tokio::test]
async fn an_unknown_pool_has_no_configuration() {
    let pool = a_pool().await;
    let body = json!({ "UserPoolId": "us-east-1_Nowhere00" });
    for operation in ["GetUserPoolMfaConfig", "SetUserPoolMfaConfig"] {
        assert_eq!(
            pool.call(operation, body.clone()).await,
            refusal(
                "ResourceNotFoundException",
                "User pool us-east-1_Nowhere00 does not exist."
            )
        );
    }
}
