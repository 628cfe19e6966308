//! Amplify v6, in front of an old pool and a new one.

use std::process::Stdio;

use serde_json::json;
use tempfile::TempDir;
use testkit::{Options, TestServer, pair};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};

use crate::passkey::chromium;
use crate::run::run_node;
use crate::scene::{call, python, scripts, start};

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

async fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    listener.local_addr().expect("its address").port()
}

/// TLS in front of a server until it is dropped: Amplify speaks nothing else to the pages.
async fn tls_front(port: u16, server: &TestServer) -> (Child, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let (_, target) = server.url().rsplit_once(':').expect("a port");
    let mut front = Command::new(python())
        .arg(scripts("python").join("tls_front.py"))
        .args([&port.to_string(), target])
        .arg(folder.path())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("Python");
    let mut lines = BufReader::new(front.stdout.take().expect("its output")).lines();
    let line = lines.next_line().await.expect("a line");
    assert_eq!(line.as_deref(), Some("ready"));
    (front, folder)
}

#[tokio::test]
async fn amplify_sends_a_person_to_the_pages_where_they_move_in_and_gets_them_back() {
    let (port, app_port) = (free_port().await, free_port().await);
    let public_url = format!("https://localhost:{port}");
    let server = start(Options {
        public_url: Some(public_url.clone()),
        ..Options::old_and_new()
    })
    .await;
    let _front = tls_front(port, &server).await;
    let app = format!("http://localhost:{app_port}/");
    let settings = json!({
        "UserPoolId": pair::NEW_POOL, "ClientName": "web", "PreventUserExistenceErrors": "ENABLED",
        "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"], "CallbackURLs": [app], "LogoutURLs": [app],
        "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid", "email", "profile", "aws.cognito.signin.user.admin"],
    });
    let (_, made) = call(&server, "CreateUserPoolClient", settings).await;
    let scene = json!({
        "endpoint": public_url, "domain": format!("localhost:{port}"), "app": app, "appPort": app_port,
        "userPoolId": pair::NEW_POOL, "clientId": made["UserPoolClient"]["ClientId"], "chromium": chromium(),
        "username": pair::ANN, "password": pair::PASSWORD,
    });
    let ann = json!({ "UserPoolId": pair::NEW_POOL, "Username": pair::ANN });
    let (status, _) = call(&server, "AdminGetUser", ann.clone()).await;
    assert_eq!(status, 400, "nobody is in the new pool");
    run_node("amplify_redirect.mjs", &scene).await;
    let (_, moved) = call(&server, "AdminGetUser", ann).await;
    assert_eq!(moved["UserStatus"], "CONFIRMED");
    server.stop().await.unwrap();
}
