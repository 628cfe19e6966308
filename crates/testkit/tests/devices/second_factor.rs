//! When a device takes the second factor's place, and when it does not.

use serde_json::{Value, json};

use crate::behaviour::{LEGACY, NEXT, PASSWORD, POOL, Pool, challenge, claims, tokens};
use crate::device::{
    ANNS_PHONE, DEVICE_PASSWORD, Device, EVE, PHONE, anns, by_code, confirmed, confirmed_of, has_new_device,
    sparing, tracking,
};

#[tokio::test]
async fn a_remembered_device_takes_the_second_factors_place() {
    let pool = sparing().await;
    let (device, _) = confirmed(&pool).await;
    let sent = pool.messages().len();
    let asked = challenge(device.sign_in(&pool, EVE, PASSWORD).await, "DEVICE_SRP_AUTH");
    let seen = device.prove(&pool, &asked, DEVICE_PASSWORD).await;
    assert!(!has_new_device(&seen));
    assert_eq!(claims(&tokens(seen).access)["device_key"], device.key.as_str());
    assert_eq!(pool.messages().len(), sent, "no code was sent");
    // Without the device the code is asked for.
    challenge(pool.sign_in(LEGACY, EVE, PASSWORD).await, "SMS_MFA");
}

#[tokio::test]
async fn where_devices_spare_nothing_the_device_follows_the_code() {
    let pool = tracking(json!({ "DeviceOnlyRememberedOnUserPrompt": false })).await;
    let (device, _) = confirmed(&pool).await;
    let seen = by_code(&pool, device.sign_in(&pool, EVE, PASSWORD).await).await;
    let asked = challenge(seen, "DEVICE_SRP_AUTH");
    tokens(device.prove(&pool, &asked, DEVICE_PASSWORD).await);
}

#[tokio::test]
async fn a_pool_that_stops_sparing_is_obeyed_in_the_middle_of_a_sign_in() {
    let pool = sparing().await;
    let (device, _) = confirmed(&pool).await;
    let asked = challenge(device.sign_in(&pool, EVE, PASSWORD).await, "DEVICE_SRP_AUTH");
    crate::device::track(&pool, json!({ "ChallengeRequiredOnNewDevice": false })).await;
    challenge(device.prove(&pool, &asked, DEVICE_PASSWORD).await, "SMS_MFA");
}

/// Turns `ann`'s codes by SMS on or off.
async fn sms(pool: &Pool, on: bool) {
    let preference = json!({ "SMSMfaSettings": { "Enabled": on } });
    let seen = pool.admin("AdminSetUserMFAPreference", "ann", preference).await;
    assert_eq!(seen, (200, json!({})));
}

/// Gives the code that `ann` is asked for.
async fn anns_code(pool: &Pool, device: Option<&Device>) -> (u16, Value) {
    let seen = match device {
        Some(device) => device.sign_in(pool, "ann", PASSWORD).await,
        None => pool.sign_in(LEGACY, "ann", PASSWORD).await,
    };
    let asked = challenge(seen, "SMS_MFA");
    let code = pool.code(ANNS_PHONE).await;
    pool.sms_code(asked.session(), "ann", &code).await
}

#[tokio::test]
async fn a_device_from_before_the_second_factor_is_asked_for_it_once() {
    let pool = sparing().await;
    let (device, _) = anns(&pool).await;
    sms(&pool, true).await;
    let asked = challenge(anns_code(&pool, Some(&device)).await, "DEVICE_SRP_AUTH");
    tokens(device.prove(&pool, &asked, DEVICE_PASSWORD).await);
    let asked = challenge(device.sign_in(&pool, "ann", PASSWORD).await, "DEVICE_SRP_AUTH");
    tokens(device.prove(&pool, &asked, DEVICE_PASSWORD).await);
}

#[tokio::test]
async fn a_device_that_is_confirmed_with_tokens_from_before_the_second_factor_is_none_that_gave_it() {
    let pool = sparing().await;
    let seen = pool.sign_in(LEGACY, "ann", PASSWORD).await;
    sms(&pool, true).await;
    let (device, _) = confirmed_of(&pool, seen).await;
    challenge(device.sign_in(&pool, "ann", PASSWORD).await, "SMS_MFA");
    let (device, _) = confirmed_of(&pool, anns_code(&pool, None).await).await;
    challenge(device.sign_in(&pool, "ann", PASSWORD).await, "DEVICE_SRP_AUTH");
}

#[tokio::test]
async fn a_key_that_comes_with_the_code_alone_counts_when_it_is_the_users() {
    let pool = sparing().await;
    let (device, _) = confirmed(&pool).await;
    let answer = async |key: &str| {
        let asked = challenge(pool.sign_in(LEGACY, EVE, PASSWORD).await, "SMS_MFA");
        let answers = json!({ "USERNAME": EVE, "SMS_MFA_CODE": pool.code(PHONE).await, "DEVICE_KEY": key });
        pool.respond(LEGACY, "SMS_MFA", asked.session(), answers).await
    };
    let asked = challenge(answer(&device.key).await, "DEVICE_SRP_AUTH");
    tokens(device.prove(&pool, &asked, DEVICE_PASSWORD).await);
    // The code is used up by then: another key is no reason to ask for it again.
    assert!(has_new_device(&answer("us-east-1_0a1b").await));
}

#[tokio::test]
async fn a_device_does_not_stand_for_setting_a_second_factor_up() {
    let pool = sparing().await;
    let (device, _) = confirmed(&pool).await;
    let off = json!({ "SMSMfaSettings": { "Enabled": false } });
    let seen = pool.admin("AdminSetUserMFAPreference", EVE, off).await;
    assert_eq!(seen.0, 200);
    let config = json!({
        "UserPoolId": POOL, "MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": { "Enabled": true },
    });
    pool.done("SetUserPoolMfaConfig", config).await;
    challenge(device.sign_in(&pool, EVE, PASSWORD).await, "MFA_SETUP");
}

#[tokio::test]
async fn a_temporary_password_is_changed_before_the_device_is_asked() {
    let pool = sparing().await;
    let (device, _) = confirmed(&pool).await;
    let temporary = json!({ "Password": PASSWORD, "Permanent": false });
    assert_eq!(pool.admin("AdminSetUserPassword", EVE, temporary).await.0, 200);
    let asked = challenge(
        device.sign_in(&pool, EVE, PASSWORD).await,
        "NEW_PASSWORD_REQUIRED",
    );
    let seen = pool.new_password(asked.session(), EVE, NEXT).await;
    let asked = challenge(seen, "DEVICE_SRP_AUTH");
    tokens(device.prove(&pool, &asked, DEVICE_PASSWORD).await);
}
