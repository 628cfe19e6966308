//! Which factors a user has on: `SetUserMFAPreference`, its administrators' form, and the former settings.

use serde_json::{Value, json};

use crate::app::{asked, every_factor, pool, registered};
use crate::behaviour::{LEGACY, Pool, Seen, refusal, user};

const EVE: &str = "eve";

async fn with_eve() -> (Pool, String) {
    let attributes = ", attributes = { email = \"eve@example.com\", phone_number = \"+12065550105\" }";
    let users = user(EVE, attributes) + &user("ann", "");
    let pool = pool(every_factor("OPTIONAL"), &users).await;
    let token = pool.signed_in(LEGACY, EVE).await.access;
    (pool, token)
}

fn invalid(message: &str) -> Seen {
    refusal("InvalidParameterException", message)
}

/// `UserMFASettingList` and `PreferredMfaSetting`, the same to the user and to an administrator.
async fn settings(pool: &Pool, token: &str) -> (Value, Value) {
    let (_, own) = pool.get_user(token).await;
    let (_, admins) = pool.admin("AdminGetUser", EVE, json!({})).await;
    let of = |user: &Value| {
        (
            user["UserMFASettingList"].clone(),
            user["PreferredMfaSetting"].clone(),
        )
    };
    assert_eq!(of(&own), of(&admins));
    of(&own)
}

#[tokio::test]
async fn factors_are_turned_on_preferred_and_off_again() {
    let (pool, token) = with_eve().await;
    registered(&pool, &token).await;
    let set = async |members: Value| {
        let mut body = json!({ "AccessToken": token });
        crate::behaviour::merge(&mut body, members);
        assert_eq!(pool.done("SetUserMFAPreference", body).await, json!({}));
        settings(&pool, &token).await
    };
    assert_eq!(
        set(json!({ "SMSMfaSettings": { "Enabled": true, "PreferredMfa": true } })).await,
        (json!(["SMS_MFA", "SOFTWARE_TOKEN_MFA"]), json!("SMS_MFA"))
    );
    assert_eq!(
        set(json!({ "EmailMfaSettings": { "Enabled": true, "PreferredMfa": true } })).await,
        (
            json!(["SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP"]),
            json!("EMAIL_OTP")
        )
    );
    assert_eq!(
        set(json!({ "EmailMfaSettings": { "Enabled": false } })).await,
        (json!(["SMS_MFA", "SOFTWARE_TOKEN_MFA"]), Value::Null)
    );
    assert_eq!(
        set(json!({ "SMSMfaSettings": {}, "SoftwareTokenMfaSettings": { "Enabled": false } })).await,
        (Value::Null, Value::Null)
    );
    pool.signed_in(LEGACY, EVE).await;
}

#[tokio::test]
async fn a_factor_needs_its_address_number_or_app() {
    let (pool, _) = with_eve().await;
    for (member, name) in [
        ("SMSMfaSettings", "SMS_MFA"),
        ("EmailMfaSettings", "EMAIL_OTP"),
        ("SoftwareTokenMfaSettings", "SOFTWARE_TOKEN_MFA"),
    ] {
        let on = json!({ member: { "Enabled": true } });
        assert_eq!(
            pool.admin("AdminSetUserMFAPreference", "ann", on).await,
            invalid(&format!(
                "User does not have delivery config set to turn on {name}"
            ))
        );
        let off = json!({ member: { "Enabled": false } });
        assert_eq!(pool.admin("AdminSetUserMFAPreference", "ann", off).await.0, 200);
    }
}

#[tokio::test]
async fn one_factor_at_most_is_preferred_and_it_is_on() {
    let (pool, token) = with_eve().await;
    let preferred = json!({ "Enabled": true, "PreferredMfa": true });
    let both = json!({ "SMSMfaSettings": preferred, "EmailMfaSettings": preferred });
    assert_eq!(
        pool.admin("AdminSetUserMFAPreference", EVE, both).await,
        invalid("Only one MFA method can be the preferred one.")
    );
    let off = json!({ "SMSMfaSettings": { "Enabled": false, "PreferredMfa": true } });
    assert_eq!(
        pool.admin("AdminSetUserMFAPreference", EVE, off).await,
        invalid("An MFA method must be enabled to be the preferred one.")
    );
    assert_eq!(settings(&pool, &token).await, (Value::Null, Value::Null));
}

#[tokio::test]
async fn one_wrong_member_changes_nothing() {
    let (pool, token) = with_eve().await;
    let some =
        json!({ "SMSMfaSettings": { "Enabled": true }, "SoftwareTokenMfaSettings": { "Enabled": true } });
    assert_eq!(pool.admin("AdminSetUserMFAPreference", EVE, some).await.0, 400);
    assert_eq!(settings(&pool, &token).await, (Value::Null, Value::Null));
}

#[tokio::test]
async fn the_former_settings_turn_codes_by_sms_on_and_off() {
    let (pool, token) = with_eve().await;
    let options = json!([{ "AttributeName": "phone_number", "DeliveryMedium": "SMS" }]);
    let on = json!({ "AccessToken": token, "MFAOptions": options });
    assert_eq!(pool.done("SetUserSettings", on).await, json!({}));
    asked(&pool, EVE, "SMS_MFA").await;
    assert_eq!(pool.get_user(&token).await.1["MFAOptions"], options);
    let off = json!({ "MFAOptions": [] });
    assert_eq!(
        pool.admin("AdminSetUserSettings", EVE, off).await,
        (200, json!({}))
    );
    pool.signed_in(LEGACY, EVE).await;
    let by_mail = json!({ "MFAOptions": [{ "AttributeName": "email", "DeliveryMedium": "EMAIL" }] });
    assert_eq!(
        pool.admin("AdminSetUserSettings", EVE, by_mail).await,
        invalid("MFAOptions can have phone_number by SMS alone.")
    );
}

#[tokio::test]
async fn nobody_has_no_preference() {
    let (pool, _) = with_eve().await;
    assert_eq!(
        pool.admin("AdminSetUserMFAPreference", "nobody", json!({})).await,
        refusal("UserNotFoundException", "User does not exist.")
    );
}
