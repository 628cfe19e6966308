//! AWS's own clients and others of the field, unmodified, against the pool.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

#[path = "../scene/mod.rs"]
mod scene;

mod amplify;
mod custom_auth;
mod devices;
mod oauth;
mod passkey;
mod run;
mod sdk_rust;
mod sign_up;

use serde_json::{Value, json};
use testkit::Options;

use run::{aws, run_node, run_python};
use scene::{OldPool, PASSWORD, Scene};

#[tokio::test]
async fn the_aws_cli_moves_a_user_with_the_command_line_of_the_article() {
    let old = OldPool::start().await;
    let new = Scene::with_migration(old.builtin_function()).await;
    let parameters = format!("USERNAME=grace@example.com,PASSWORD={PASSWORD}");
    let command = [
        "initiate-auth",
        "--auth-flow",
        "USER_PASSWORD_AUTH",
        "--client-id",
        &new.legacy_client,
        "--auth-parameters",
        &parameters,
    ];
    let tokens = aws(&new.server, &command).await;
    assert!(tokens["AuthenticationResult"]["AccessToken"].is_string());
    let command = [
        "admin-get-user",
        "--user-pool-id",
        &new.user_pool_id,
        "--username",
        "grace@example.com",
    ];
    let user = aws(&new.server, &command).await;
    assert_eq!(user["UserStatus"], "CONFIRMED");
    assert_eq!(scene::attribute(&user, "email"), Some("grace@example.com"));
    assert_eq!(scene::attribute(&user, "custom:tier"), Some("gold"));
}

#[tokio::test]
async fn boto3_makes_pools_and_users_and_signs_in() {
    let server = scene::start(Options::default()).await;
    run_python(
        "boto3_api.py",
        &json!({"endpoint": server.url(), "region": "us-east-1"}),
    )
    .await;
}

/// A pool and a user in it who has moved in.
struct Moved {
    new: Scene,
    context: Value,
}

impl Moved {
    async fn start() -> Self {
        let old = OldPool::start().await;
        Self::into(Scene::with_migration(old.builtin_function()).await).await
    }

    /// The same under the issuer of the real service, for clients that insist on it.
    async fn start_with_issuer_of_aws() -> Self {
        let old = OldPool::start().await;
        Self::into(Scene::with_migration_and_issuer_of_aws(old.builtin_function()).await).await
    }

    async fn into(new: Scene) -> Self {
        let username = "grace@example.com";
        let (status, signed_in) = new.sign_in(&new.legacy_client, username, PASSWORD).await;
        assert_eq!(status, 200, "{signed_in}");
        let invited = json!({
            "UserPoolId": new.user_pool_id, "Username": "invited", "TemporaryPassword": "Temp0rary!",
            "MessageAction": "SUPPRESS",
        });
        assert_eq!(new.api("AdminCreateUser", invited).await.0, 200);
        let (_, user) = new.user(username).await;
        let tokens = &signed_in["AuthenticationResult"];
        let context = json!({
            "endpoint": new.server.url(), "region": "us-east-1", "userPoolId": new.user_pool_id,
            "clientId": new.legacy_client, "username": username, "email": username, "password": PASSWORD,
            "newPassword": "Another-horse-2", "sub": scene::attribute(&user, "sub"),
            "issuer": format!("https://cognito-idp.us-east-1.amazonaws.com/{}", new.user_pool_id),
            "idToken": tokens["IdToken"], "accessToken": tokens["AccessToken"],
            "invited": {"username": "invited", "password": "Temp0rary!", "newPassword": "Chosen-horse-3"},
        });
        Self { new, context }
    }
}

#[tokio::test]
async fn pycognito_signs_a_moved_user_in_by_srp_and_verifies_both_tokens() {
    let moved = Moved::start().await;
    run_python("pycognito_srp.py", &moved.context).await;
    moved.new.server.stop().await.unwrap();
}

#[tokio::test]
async fn amazon_cognito_identity_js_signs_a_moved_user_in_by_srp() {
    let moved = Moved::start().await;
    run_node("identity_js.mjs", &moved.context).await;
    moved.new.server.stop().await.unwrap();
}

#[tokio::test]
async fn aws_jwt_verify_accepts_the_tokens_and_no_forgery() {
    let moved = Moved::start_with_issuer_of_aws().await;
    run_node("jwt_verify.mjs", &moved.context).await;
    moved.new.server.stop().await.unwrap();
}

#[tokio::test]
async fn the_aws_sdk_for_javascript_v3_sees_typed_errors() {
    let moved = Moved::start().await;
    run_node("sdk_v3.mjs", &moved.context).await;
    moved.new.server.stop().await.unwrap();
}

#[tokio::test]
async fn libraries_that_know_nothing_of_cognito_verify_the_tokens_given_the_issuer_alone() {
    let mut moved = Moved::start().await;
    moved.context["issuer"] = format!("{}/{}", moved.new.server.url(), moved.new.user_pool_id).into();
    run_python("oidc_jwt.py", &moved.context).await;
    moved.new.server.stop().await.unwrap();
}
