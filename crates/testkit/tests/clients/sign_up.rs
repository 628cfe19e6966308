//! Clients through a whole sign-up, and what follows it to the end of the account.

use serde_json::{Value, json};
use testkit::{Options, TestServer};

use crate::run::{run_node, run_python};
use crate::scene::{PASSWORD, call, start};

#[tokio::test]
async fn boto3_signs_up_confirms_verifies_resets_and_deletes() {
    let server = start(Options::default()).await;
    let context = json!({ "endpoint": server.url(), "region": "us-east-1" });
    run_python("boto3_sign_up.py", &context).await;
}

/// A pool in which e-mail addresses are verified, and an app client that tells who is there.
async fn pool() -> (TestServer, Value) {
    let server = start(Options::default()).await;
    let pool = json!({ "PoolName": "accounts", "AutoVerifiedAttributes": ["email"] });
    let (_, made) = call(&server, "CreateUserPool", pool).await;
    let user_pool_id = made["UserPool"]["Id"].clone();
    let client = json!({
        "UserPoolId": user_pool_id, "ClientName": "web", "PreventUserExistenceErrors": "LEGACY",
        "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    });
    let (_, made) = call(&server, "CreateUserPoolClient", client).await;
    let scene = json!({
        "endpoint": server.url(), "userPoolId": user_pool_id, "password": PASSWORD,
        "clientId": made["UserPoolClient"]["ClientId"],
    });
    (server, scene)
}

#[tokio::test]
async fn identity_js_signs_up_changes_attributes_signs_out_everywhere_and_deletes() {
    let (server, scene) = pool().await;
    run_node("identity_js_account.mjs", &scene).await;
    server.stop().await.unwrap();
}

#[tokio::test]
async fn amplify_signs_up_changes_attributes_signs_out_everywhere_and_deletes() {
    let (server, scene) = pool().await;
    run_node("amplify_account.mjs", &scene).await;
    server.stop().await.unwrap();
}
