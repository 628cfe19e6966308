//! A passkey in a real browser: Chromium, with a virtual authenticator.

use std::path::PathBuf;

use serde_json::json;
use testkit::Options;

use crate::run::run_node;
use crate::scene::{PASSWORD, call, scripts, start};

const POOL: &str = r#"
[[user_pools]]
id = "us-east-1_Passkeys1"
allowed_first_auth_factors = ["PASSWORD", "WEB_AUTHN"]
web_authn = { relying_party_id = "localhost", user_verification = "required" }
app_clients = [{ id = "page", explicit_auth_flows = ["ALLOW_USER_AUTH"] }]
users = [{ username = "grace", password = "Correct-horse-1" }]
"#;

/// Where Debian has it, unless the environment says otherwise.
pub(crate) fn chromium() -> PathBuf {
    let path = std::env::var_os("REHOME_TEST_CHROMIUM").unwrap_or_else(|| "/usr/bin/chromium".into());
    let path = PathBuf::from(path);
    assert!(
        path.is_file(),
        "there is no Chromium at {}; run `cargo xtask test`: it installs one",
        path.display()
    );
    path
}

#[tokio::test]
async fn chromium_makes_a_passkey_and_signs_in_with_it() {
    let chromium = chromium();
    let server = start(Options {
        pools: POOL.to_owned(),
        ..Options::default()
    })
    .await;
    let signed_in = json!({
        "ClientId": "page", "AuthFlow": "USER_AUTH",
        "AuthParameters": {"USERNAME": "grace", "PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": PASSWORD},
    });
    let (status, signed_in) = call(&server, "InitiateAuth", signed_in).await;
    assert_eq!(status, 200, "{signed_in}");
    let scene = json!({
        "endpoint": server.url(), "clientId": "page", "username": "grace", "chromium": chromium,
        "accessToken": signed_in["AuthenticationResult"]["AccessToken"],
        "page": scripts("node").join("passkey.html"),
    });
    run_node("passkey.mjs", &scene).await;
    server.stop().await.unwrap();
}
