//! Refreshing from the device that the tokens were given to, and from another.

use serde_json::{Value, json};

use crate::behaviour::{LEGACY, NOT_AUTHORIZED, PASSWORD, POOL, Pool, Seen, claims, refusal, tokens};
use crate::device::{Device, sparing};

const ANOTHER: &str = "us-east-1_0a1b";

/// Refreshes by both operations, from this device or saying nothing of one; both must answer alike.
async fn refreshed(pool: &Pool, token: &str, device: Option<&str>) -> Seen {
    let mut parameters = json!({ "REFRESH_TOKEN": token });
    let mut body = json!({ "ClientId": LEGACY, "RefreshToken": token });
    if let Some(key) = device {
        parameters["DEVICE_KEY"] = key.into();
        body["DeviceKey"] = key.into();
    }
    let seen = pool.initiate(LEGACY, "REFRESH_TOKEN_AUTH", parameters).await;
    let other = pool.call("GetTokensFromRefreshToken", body).await;
    let essence = |seen: &Seen| (seen.0, seen.1["__type"].clone(), seen.1["message"].clone());
    assert_eq!(essence(&seen), essence(&other));
    seen
}

fn invalid() -> Seen {
    refusal(NOT_AUTHORIZED, "Invalid Refresh Token")
}

/// `ann`'s device, not confirmed, with her access and refresh token.
async fn new_device(pool: &Pool) -> (Device, String, String) {
    let seen = pool.sign_in(LEGACY, "ann", PASSWORD).await;
    let device = Device::of(&seen);
    let given = tokens(seen);
    (device, given.access.clone(), given.refresh().to_owned())
}

#[tokio::test]
async fn tokens_are_refreshed_from_their_confirmed_device_alone() {
    let pool = sparing().await;
    let (device, access, refresh) = new_device(&pool).await;
    assert_eq!(refreshed(&pool, &refresh, Some(&device.key)).await, invalid());
    assert_eq!(device.confirm(&pool, &access).await.0, 200);
    for wrong in [None, Some(ANOTHER)] {
        assert_eq!(refreshed(&pool, &refresh, wrong).await, invalid());
    }
    let given = tokens(refreshed(&pool, &refresh, Some(&device.key)).await);
    assert_eq!(claims(&given.access)["device_key"], device.key.as_str());
}

#[tokio::test]
async fn a_forgotten_device_refreshes_no_more() {
    let pool = sparing().await;
    let (device, access, refresh) = new_device(&pool).await;
    device.confirm(&pool, &access).await;
    tokens(refreshed(&pool, &refresh, Some(&device.key)).await);
    let forget = json!({ "AccessToken": access, "DeviceKey": device.key });
    assert_eq!(pool.call("ForgetDevice", forget).await, (200, Value::Null));
    assert_eq!(refreshed(&pool, &refresh, Some(&device.key)).await, invalid());
}

#[tokio::test]
async fn a_pool_that_tracks_devices_no_more_asks_for_none() {
    let pool = sparing().await;
    let (_, _, refresh) = new_device(&pool).await;
    pool.done("UpdateUserPool", json!({ "UserPoolId": POOL })).await;
    for any in [None, Some(ANOTHER)] {
        tokens(refreshed(&pool, &refresh, any).await);
    }
}

#[tokio::test]
async fn tokens_from_before_the_tracking_are_bound_to_none() {
    let pool = Pool::of_ann().await;
    let given = pool.signed_in(LEGACY, "ann").await;
    crate::device::track(&pool, json!({ "ChallengeRequiredOnNewDevice": true })).await;
    tokens(refreshed(&pool, given.refresh(), None).await);
}

#[tokio::test]
async fn a_device_key_that_is_null_is_none() {
    let pool = Pool::of_ann().await;
    let parameters = json!({ "USERNAME": "ann", "PASSWORD": PASSWORD, "DEVICE_KEY": null });
    let given = tokens(pool.initiate(LEGACY, "USER_PASSWORD_AUTH", parameters).await);
    let parameters = json!({ "REFRESH_TOKEN": given.refresh(), "DEVICE_KEY": null });
    tokens(pool.initiate(LEGACY, "REFRESH_TOKEN_AUTH", parameters).await);
    let begun = pool.begin_srp(LEGACY, "ann").await;
    let mut answers = begun.answers(PASSWORD);
    answers["DEVICE_KEY"] = Value::Null;
    tokens(pool.prove(LEGACY, answers).await);
}
