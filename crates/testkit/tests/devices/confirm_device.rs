//! A device becomes known, and by what.

use serde_json::json;

use crate::behaviour::{
    LEGACY, PASSWORD, Pool, WRONG, challenge, claims, incorrect, merge, refusal, tokens, user,
};
use crate::device::{Device, EVE, by_code, confirmed, has_new_device, sparing, tracking, unknown};

#[tokio::test]
async fn a_pool_that_tracks_no_devices_names_none_and_pays_no_heed_to_keys() {
    let pool = Pool::with("", &user("ann", "")).await;
    let parameters = json!({ "USERNAME": "ann", "PASSWORD": PASSWORD, "DEVICE_KEY": "us-east-1_0a1b" });
    let seen = pool.initiate(LEGACY, "USER_PASSWORD_AUTH", parameters).await;
    assert!(!has_new_device(&seen));
    let token = tokens(seen).access;
    assert!(!claims(&token).contains_key("device_key"));
    let device = Device {
        key: "us-east-1_0a1b".to_owned(),
        group_key: "-group".to_owned(),
    };
    let refused = refusal("InvalidParameterException", "Invalid device key given.");
    assert_eq!(device.confirm(&pool, &token).await, refused);
}

#[tokio::test]
async fn a_sign_in_from_an_unknown_device_gives_it_keys_that_its_access_token_names() {
    let pool = sparing().await;
    let seen = pool.sign_in(LEGACY, "ann", PASSWORD).await;
    let device = Device::of(&seen);
    assert!(device.key.starts_with("us-east-1_"), "{}", device.key);
    assert!(device.group_key.starts_with('-') && device.group_key.len() == 9);
    let given = tokens(seen);
    let access = claims(&given.access);
    assert_eq!(access["device_key"], device.key.as_str());
    assert_eq!(access.keys().nth(1).map(String::as_str), Some("device_key"));
    assert!(!claims(&given.id).contains_key("device_key"));
}

#[tokio::test]
async fn a_key_that_nobody_has_confirmed_is_unknown_once_the_password_is_right() {
    let pool = sparing().await;
    let seen = pool.sign_in(LEGACY, "ann", PASSWORD).await;
    let device = Device::of(&seen);
    assert_eq!(device.sign_in(&pool, "ann", PASSWORD).await, unknown());
    assert_eq!(device.sign_in(&pool, "ann", WRONG).await, incorrect());
    let begun = pool.begin_srp(LEGACY, "ann").await;
    let mut answers = begun.answers(PASSWORD);
    merge(&mut answers, json!({ "DEVICE_KEY": device.key }));
    assert_eq!(pool.prove(LEGACY, answers).await, unknown());
    // As clients do then: the same answer without the key.
    tokens(pool.prove(LEGACY, begun.answers(PASSWORD)).await);
}

#[tokio::test]
async fn a_device_that_the_user_must_ask_for_is_remembered_after_that() {
    let configuration =
        json!({ "ChallengeRequiredOnNewDevice": true, "DeviceOnlyRememberedOnUserPrompt": true });
    let pool = tracking(configuration).await;
    let seen = by_code(&pool, pool.sign_in(LEGACY, EVE, PASSWORD).await).await;
    let device = Device::of(&seen);
    let token = tokens(seen).access;
    assert_eq!(
        device.confirm(&pool, &token).await,
        (200, json!({ "UserConfirmationNecessary": true }))
    );
    let seen = by_code(&pool, device.sign_in(&pool, EVE, PASSWORD).await).await;
    assert!(!has_new_device(&seen));
    assert_eq!(claims(&tokens(seen).access)["device_key"], device.key.as_str());
    for (status, name) in [("remembered", "DEVICE_SRP_AUTH"), ("not_remembered", "SMS_MFA")] {
        let body = json!({ "AccessToken": token, "DeviceKey": device.key, "DeviceRememberedStatus": status });
        assert_eq!(pool.done("UpdateDeviceStatus", body).await, json!({}));
        challenge(device.sign_in(&pool, EVE, PASSWORD).await, name);
    }
}

#[tokio::test]
async fn a_device_is_confirmed_once_with_the_tokens_that_name_it_and_a_sound_verifier() {
    let pool = sparing().await;
    let (device, token) = confirmed(&pool).await;
    assert_eq!(
        device.confirm(&pool, &token).await,
        refusal("DeviceKeyExistsException", "Device key already exists.")
    );
    let seen = pool.sign_in(LEGACY, "ann", PASSWORD).await;
    let anns = Device::of(&seen);
    let anns_token = tokens(seen).access;
    let wrong_key = refusal("InvalidParameterException", "Invalid device key given.");
    assert_eq!(device.confirm(&pool, &anns_token).await, wrong_key);
    for (salt, verifier) in [("AAAA", "AAAA"), ("no Base64", "AAEC"), ("AAEC", "")] {
        let body = json!({
            "AccessToken": anns_token, "DeviceKey": anns.key,
            "DeviceSecretVerifierConfig": { "Salt": salt, "PasswordVerifier": verifier },
        });
        let refused = refusal(
            "InvalidParameterException",
            "Invalid device secret verifier: salt and password verifier must be numbers in Base64.",
        );
        assert_eq!(pool.call("ConfirmDevice", body).await, refused);
    }
    let without = json!({ "AccessToken": anns_token, "DeviceKey": anns.key });
    assert_eq!(
        pool.call("ConfirmDevice", without).await,
        refusal(
            "InvalidParameterException",
            "Missing required parameter DeviceSecretVerifierConfig"
        )
    );
    assert_eq!(
        anns.confirm(&pool, &anns_token).await,
        (200, json!({ "UserConfirmationNecessary": false }))
    );
}

#[tokio::test]
async fn of_two_confirmations_at_once_one_makes_the_device() {
    let pool = sparing().await;
    let seen = pool.sign_in(LEGACY, "ann", PASSWORD).await;
    let device = Device::of(&seen);
    let token = tokens(seen).access;
    let (one, other) = tokio::join!(device.confirm(&pool, &token), device.confirm(&pool, &token));
    let mut statuses = [one.0, other.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400]);
}
