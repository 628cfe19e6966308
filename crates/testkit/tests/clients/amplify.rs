//! Amplify v6, in front of an old pool and a new one.

use serde_json::json;
use testkit::{Options, TestServer, pair};

use crate::run::run_node;
use crate::scene::start;

/// The two pools of [`pair`]; in the new one an administrator has invited somebody.
async fn old_and_new() -> TestServer {
    let server = start(Options::old_and_new()).await;
    let invited = json!({
        "UserPoolId": pair::NEW_POOL, "Username": "invited@example.com", "TemporaryPassword": "Temp0rary!",
        "MessageAction": "SUPPRESS",
    });
    let (status, made) = server.api("AdminCreateUser", &invited).await.unwrap();
    assert_eq!(status, 200, "{made}");
    server
}

#[tokio::test]
async fn amplify_moves_users_and_signs_them_in_by_every_way_it_has() {
    let server = old_and_new().await;
    let scene = json!({
        "endpoint": server.url(), "userPoolId": pair::NEW_POOL, "clientId": pair::LEGACY_CLIENT,
        "password": pair::PASSWORD, "newPassword": "Another-horse-2", "ann": pair::ANN,
        "eve": {"username": "eve@example.com", "phoneNumber": "+12065550105"},
        "dan": "dan@example.com", "fay": "fay@example.com",
        "invited": {"username": "invited@example.com", "password": "Temp0rary!"},
    });
    run_node("amplify.mjs", &scene).await;
    server.stop().await.unwrap();
}
