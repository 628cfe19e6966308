//! Libraries for OAuth 2.0 and OpenID Connect that know nothing of Cognito, and an app that does it by hand. People sign in by the
//! form, in a browser without scripts.

use serde_json::{Value, json};
use testkit::{Options, TestServer};
use tokio::net::TcpListener;

use crate::run::{run_node, run_python};
use crate::scene::{call, start};

const POOL: &str = "us-east-1_OAuthPool";
const CALLBACK: &str = "https://app.example/callback";
const BYE: &str = "https://app.example/bye";
const PASSWORD: &str = "Right-Password-1";
const SECRET: &str = "0123456789abcdefghijklmnop+_";

fn pools_file() -> String {
    let person = format!(
        "allowed_oauth_flows = [\"code\"], allowed_oauth_scopes = [\"openid\", \"email\"], \
         callback_urls = [\"{CALLBACK}\"], logout_urls = [\"{BYE}\"]"
    );
    format!(
        r#"
[[user_pools]]
id = "{POOL}"
resource_servers = [{{ identifier = "api", scopes = [{{ name = "read" }}, {{ name = "write" }}] }}]
app_clients = [
  {{ id = "public", {person} }},
  {{ id = "confidential", secret = "{SECRET}", {person} }},
  {{ id = "machine", secret = "{SECRET}", allowed_oauth_flows = ["client_credentials"], allowed_oauth_scopes = ["api/read"] }},
]
users = [{{ username = "ann", password = "{PASSWORD}", attributes = {{ email = "ann@example.com", email_verified = true }} }}]
"#
    )
}

/// A server, and all that a client needs to know of it.
async fn scene() -> (TestServer, Value) {
    let server = start(Options {
        pools: pools_file(),
        ..Options::default()
    })
    .await;
    let scene = json!({
        "endpoint": server.url(), "region": "us-east-1", "issuer": format!("{}/{POOL}", server.url()),
        "callback": CALLBACK, "bye": BYE, "username": "ann", "email": "ann@example.com",
        "password": PASSWORD,
        "public": { "clientId": "public" },
        "confidential": { "clientId": "confidential", "secret": SECRET },
        "machine": { "clientId": "machine", "secret": SECRET },
    });
    (server, scene)
}

#[tokio::test]
async fn authlib_goes_through_the_endpoints() {
    let (server, scene) = scene().await;
    run_python("authlib_oauth.py", &scene).await;
    server.stop().await.unwrap();
}

#[tokio::test]
async fn openid_client_goes_through_the_endpoints() {
    let (server, scene) = scene().await;
    run_node("openid_client.mjs", &scene).await;
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_web_app_with_a_cookie_signs_people_in_by_code_and_pkce() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    // Another host than the pages': cookies do not tell ports apart.
    let app = format!("http://localhost:{port}");
    let file = pools_file()
        .replace(CALLBACK, &format!("{app}/oauth2/callback"))
        .replace(BYE, &format!("{app}/signed_out"));
    let server = start(Options {
        pools: file,
        ..Options::default()
    })
    .await;
    let scene = json!({
        "endpoint": server.url(), "issuer": format!("{}/{POOL}", server.url()), "app": app, "appPort": port,
        "clientId": "confidential", "secret": SECRET, "username": "ann", "password": PASSWORD, "email": "ann@example.com",
    });
    run_node("web_app.mjs", &scene).await;
    server.stop().await.unwrap();
}

#[tokio::test]
async fn the_file_s_app_clients_are_shown_as_the_api_s() {
    let (server, _) = scene().await;
    let named = json!({ "UserPoolId": POOL, "ClientId": "machine" });
    let (_, shown) = call(&server, "DescribeUserPoolClient", named).await;
    let client = &shown["UserPoolClient"];
    assert_eq!(client["AllowedOAuthFlows"], json!(["client_credentials"]));
    assert_eq!(client["AllowedOAuthFlowsUserPoolClient"], true);
    assert_eq!(client["AllowedOAuthScopes"], json!(["api/read"]));
    server.stop().await.unwrap();
}
