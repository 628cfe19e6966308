//! Authenticator apps and remembered devices, by unmodified clients.

use std::sync::Arc;

use pool::ports::Clock as _;
use serde_json::{Value, json};
use testkit::{ManualClock, Options, TestServer};

use crate::run::{run_node, run_python};
use crate::scene::{PASSWORD, call, start};

const POOL: &str = "us-east-1_Devices";
const CLIENT: &str = "devicesclient";

/// A pool with `ann` and `bea`, authenticator apps for those who want one, and devices tracked so.
async fn tracking(configuration: &str) -> (TestServer, Value) {
    with_apps(
        "OPTIONAL",
        &format!("device_configuration = {{ {configuration} }}"),
    )
    .await
}

/// The pool with these settings and second factors asked for so. Its clock stands, so that an app's codes follow from the moment
/// that the scene names.
async fn with_apps(mfa: &str, settings: &str) -> (TestServer, Value) {
    let clock = Arc::new(ManualClock::now_and_standing());
    let user = |name: &str| format!("{{ username = \"{name}\", password = \"{PASSWORD}\" }}");
    let pools = format!(
        "[[user_pools]]\nid = \"{POOL}\"\n{settings}\nusers = [{}, {}]\n\
         app_clients = [{{ id = \"{CLIENT}\", explicit_auth_flows = \
         [\"ALLOW_USER_SRP_AUTH\", \"ALLOW_USER_PASSWORD_AUTH\", \"ALLOW_REFRESH_TOKEN_AUTH\"] }}]\n",
        user("ann"),
        user("bea"),
    );
    let server = start(Options {
        pools,
        clock: Arc::clone(&clock) as _,
        ..Options::default()
    })
    .await;
    let apps = json!({
        "UserPoolId": POOL, "MfaConfiguration": mfa, "SoftwareTokenMfaConfiguration": { "Enabled": true },
    });
    assert_eq!(call(&server, "SetUserPoolMfaConfig", apps).await.0, 200);
    let scene = json!({
        "endpoint": server.url(), "region": "us-east-1", "userPoolId": POOL, "clientId": CLIENT,
        "password": PASSWORD, "now": clock.now().seconds(),
    });
    (server, scene)
}

/// The user is asked whether a device is to be remembered; a remembered one spares them the second factor.
async fn by_opt_in() -> (TestServer, Value) {
    tracking("challenge_required_on_new_device = true, device_only_remembered_on_user_prompt = true").await
}

#[tokio::test]
async fn identity_js_remembers_a_device_and_spares_the_code_from_there() {
    let (server, scene) = by_opt_in().await;
    run_node("identity_js_devices.mjs", &scene).await;
    server.stop().await.unwrap();
}

#[tokio::test]
async fn amplify_remembers_a_device_and_spares_the_code_from_there() {
    let (server, scene) = by_opt_in().await;
    run_node("amplify_devices.mjs", &scene).await;
    server.stop().await.unwrap();
}

#[tokio::test]
async fn pycognito_proves_a_device_without_a_session() {
    let (server, scene) = tracking("challenge_required_on_new_device = true").await;
    run_python("pycognito_devices.py", &scene).await;
    server.stop().await.unwrap();
}

#[tokio::test]
async fn identity_js_and_amplify_set_an_app_up_in_the_middle_of_a_sign_in() {
    let (server, scene) = with_apps("ON", "").await;
    run_node("mfa_setup.mjs", &scene).await;
    server.stop().await.unwrap();
}
