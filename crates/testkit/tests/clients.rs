//! AWS's own clients and others of the field, unmodified, against the pool.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

mod scene;

use std::process::Stdio;

use serde_json::{Value, json};
use testkit::{Options, TestServer};
use tokio::process::Command;

use scene::{OldPool, PASSWORD, Scene, python, scripts};

/// Runs a client to its end.
async fn run(command: &mut Command) -> String {
    let output = command
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .expect("the client starts");
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{}\n{out}\n{err}", output.status);
    out.into_owned()
}

async fn run_python(script: &str, scene: &Value) {
    let mut command = Command::new(python());
    command
        .arg(scripts("python").join(script))
        .env("PYTHONDONTWRITEBYTECODE", "1");
    run(command.env("REHOME_SCENE", scene.to_string())).await;
}

async fn run_node(script: &str, scene: &Value) {
    let modules = std::env::var_os("REHOME_TEST_NODE_MODULES")
        .expect("run `cargo xtask test`: it installs the JavaScript clients");
    // Modules are resolved from where a script lies, so the scripts go beside the clients.
    let home = tempfile::tempdir().expect("a folder");
    std::os::unix::fs::symlink(modules, home.path().join("node_modules")).expect("a link");
    for name in ["scene.mjs", script] {
        std::fs::copy(scripts("node").join(name), home.path().join(name)).expect("a script");
    }
    let mut command = Command::new("node");
    command
        .arg("--preserve-symlinks")
        .arg(home.path().join(script))
        .env("REHOME_SCENE", scene.to_string());
    run(&mut command).await;
}

/// The AWS CLI, with the endpoint added and nothing else.
async fn aws(server: &TestServer, arguments: &[&str]) -> Value {
    let mut command = Command::new(python().with_file_name("aws"));
    command
        .args(["cognito-idp", "--endpoint-url", server.url()])
        .args(arguments)
        .env_remove("AWS_PROFILE")
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .env("AWS_PAGER", "");
    serde_json::from_str(&run(&mut command).await).expect("the CLI prints JSON")
}

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
