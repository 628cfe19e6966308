//! What the triggers are told of devices.

use serde_json::{Value, json};

use crate::behaviour::{FUNCTION, LEGACY, PASSWORD, POOL, Pool, challenge, tokens};
use crate::device::{DEVICE_PASSWORD, anns, people};
use crate::recorded::{Recorded, pool_with, unchanged};

/// `triggerSource` and `newDeviceUsed` of the events so far.
fn told(recorded: &Recorded) -> Vec<(Value, Value)> {
    let events = recorded.take();
    let told = |event: &Value| {
        (
            event["triggerSource"].clone(),
            event["request"]["newDeviceUsed"].clone(),
        )
    };
    events.iter().map(told).collect()
}

fn sources(generation: &str, new_device: bool) -> Vec<(Value, Value)> {
    let generated = format!("TokenGeneration_{generation}");
    vec![
        (generated.into(), Value::Null),
        ("PostAuthentication_Authentication".into(), new_device.into()),
    ]
}

async fn pool() -> (Pool, Recorded) {
    let triggers = "PreTokenGeneration = FUNCTION, PostAuthentication = FUNCTION";
    let (pool, recorded) = pool_with(triggers, &people(), unchanged).await;
    let update = json!({
        "UserPoolId": POOL, "DeviceConfiguration": { "ChallengeRequiredOnNewDevice": true },
        "LambdaConfig": { "PreTokenGeneration": FUNCTION, "PostAuthentication": FUNCTION },
    });
    pool.done("UpdateUserPool", update).await;
    (pool, recorded)
}

#[tokio::test]
async fn a_new_device_is_told_and_a_proven_one_is_the_source_of_its_tokens() {
    let (pool, recorded) = pool().await;
    let (device, token) = anns(&pool).await;
    assert_eq!(told(&recorded), sources("Authentication", true));
    let asked = challenge(device.sign_in(&pool, "ann", PASSWORD).await, "DEVICE_SRP_AUTH");
    tokens(device.prove(&pool, &asked, DEVICE_PASSWORD).await);
    assert_eq!(told(&recorded), sources("AuthenticateDevice", false));
    // One that is not remembered has nothing to prove, and is not new.
    let not =
        json!({ "AccessToken": token, "DeviceKey": device.key, "DeviceRememberedStatus": "not_remembered" });
    pool.done("UpdateDeviceStatus", not).await;
    tokens(device.sign_in(&pool, "ann", PASSWORD).await);
    assert_eq!(told(&recorded), sources("Authentication", false));
    tokens(pool.sign_in(LEGACY, "ann", PASSWORD).await);
    assert_eq!(told(&recorded), sources("Authentication", true));
}
