//! The operations on devices that are there.

use serde_json::{Value, json};

use crate::behaviour::{LEGACY, PASSWORD, POOL, challenge, refusal, tokens};
use crate::device::{EVE, confirmed, sparing, unknown};

#[tokio::test]
async fn a_device_is_shown_to_its_user_and_to_an_administrator() {
    let pool = sparing().await;
    let (first, token) = confirmed(&pool).await;
    let own = json!({ "AccessToken": token, "DeviceKey": first.key });
    let shown = pool.done("GetDevice", own).await["Device"].clone();
    assert_eq!(shown["DeviceKey"], first.key.as_str());
    let owner = format!("{EVE}.{POOL}");
    let arn = format!(
        "arn:aws:cognito-idp:us-east-1:000000000000:owner/{owner}/device/{}",
        first.key
    );
    assert_eq!(
        shown["DeviceAttributes"],
        json!([
            { "Name": "device_status", "Value": "valid" }, { "Name": "device_name", "Value": "laptop" },
            { "Name": "dev:device_arn", "Value": arn }, { "Name": "dev:device_owner", "Value": owner },
            { "Name": "dev:device_remembered_status", "Value": "remembered" },
        ])
    );
    for date in [
        "DeviceCreateDate",
        "DeviceLastModifiedDate",
        "DeviceLastAuthenticatedDate",
    ] {
        assert!(shown[date].is_number(), "{shown}");
    }
    let admins = pool
        .admin("AdminGetDevice", EVE, json!({ "DeviceKey": first.key }))
        .await;
    assert_eq!(admins, (200, json!({ "Device": shown })));
}

#[tokio::test]
async fn devices_are_listed_page_by_page() {
    let pool = sparing().await;
    let (first, token) = confirmed(&pool).await;
    let (second, _) = confirmed(&pool).await;
    let page = pool
        .done("ListDevices", json!({ "AccessToken": token, "Limit": 1 }))
        .await;
    let next = page["PaginationToken"].as_str().expect("another page");
    let rest = json!({ "Limit": 1, "PaginationToken": next });
    let (_, rest) = pool.admin("AdminListDevices", EVE, rest).await;
    assert!(rest.get("PaginationToken").is_none(), "{rest}");
    let mut listed: Vec<&str> = [&page, &rest]
        .into_iter()
        .filter_map(|page| page["Devices"][0]["DeviceKey"].as_str())
        .collect();
    listed.sort_unstable();
    let mut keys = [first.key.as_str(), second.key.as_str()];
    keys.sort_unstable();
    assert_eq!(listed, keys);
    // A page of one user's is none of another's.
    let of_another = json!({ "PaginationToken": next });
    let seen = pool.admin("AdminListDevices", "ann", of_another).await;
    assert_eq!(
        (seen.0, &seen.1["__type"]),
        (400, &"InvalidParameterException".into())
    );
    let whole = pool.done("ListDevices", json!({ "AccessToken": token })).await;
    assert_eq!(whole["Devices"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_device_is_remembered_no_longer_and_forgotten() {
    let pool = sparing().await;
    let (first, token) = confirmed(&pool).await;
    let (second, _) = confirmed(&pool).await;
    let not = json!({ "DeviceKey": second.key, "DeviceRememberedStatus": "not_remembered" });
    assert_eq!(
        pool.admin("AdminUpdateDeviceStatus", EVE, not).await,
        (200, json!({}))
    );
    challenge(second.sign_in(&pool, EVE, PASSWORD).await, "SMS_MFA");
    let gone = pool
        .admin("AdminForgetDevice", EVE, json!({ "DeviceKey": second.key }))
        .await;
    assert_eq!(gone, (200, Value::Null));
    assert_eq!(second.sign_in(&pool, EVE, PASSWORD).await, unknown());
    let own = json!({ "AccessToken": token, "DeviceKey": first.key });
    assert_eq!(pool.call("ForgetDevice", own.clone()).await, (200, Value::Null));
    for operation in ["GetDevice", "ForgetDevice", "UpdateDeviceStatus"] {
        assert_eq!(pool.call(operation, own.clone()).await, unknown(), "{operation}");
    }
    let key = json!({ "DeviceKey": first.key });
    for operation in ["AdminGetDevice", "AdminForgetDevice", "AdminUpdateDeviceStatus"] {
        assert_eq!(
            pool.admin(operation, EVE, key.clone()).await,
            unknown(),
            "{operation}"
        );
    }
}

#[tokio::test]
async fn a_device_is_its_users_alone() {
    let pool = sparing().await;
    let (eves, _) = confirmed(&pool).await;
    let anns = tokens(pool.sign_in(LEGACY, "ann", PASSWORD).await).access;
    let own = json!({ "AccessToken": anns, "DeviceKey": eves.key });
    for operation in ["GetDevice", "ForgetDevice", "UpdateDeviceStatus"] {
        assert_eq!(pool.call(operation, own.clone()).await, unknown(), "{operation}");
    }
    let key = json!({ "DeviceKey": eves.key });
    assert_eq!(pool.admin("AdminGetDevice", "ann", key.clone()).await, unknown());
    let nobody = refusal("UserNotFoundException", "User does not exist.");
    assert_eq!(pool.admin("AdminGetDevice", "nobody", key).await, nobody);
    assert_eq!(eves.sign_in(&pool, "ann", PASSWORD).await, unknown());
}

#[tokio::test]
async fn a_call_without_an_access_token_or_with_a_bad_one_is_refused() {
    let pool = sparing().await;
    let missing = refusal(
        "InvalidParameterException",
        "Missing required parameter AccessToken",
    );
    for operation in ["GetDevice", "ForgetDevice"] {
        let key = json!({ "DeviceKey": "us-east-1_0a1b" });
        assert_eq!(pool.call(operation, key).await, missing);
    }
    let garbage = refusal("NotAuthorizedException", "Invalid Access Token");
    for operation in [
        "ConfirmDevice",
        "GetDevice",
        "ForgetDevice",
        "UpdateDeviceStatus",
        "ListDevices",
    ] {
        let mut body = json!({ "AccessToken": "garbage" });
        if operation != "ListDevices" {
            body["DeviceKey"] = "us-east-1_0a1b".into();
        }
        assert_eq!(pool.call(operation, body).await, garbage, "{operation}");
    }
}
