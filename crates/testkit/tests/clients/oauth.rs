//! Libraries for OAuth 2.0 and OpenID Connect that know nothing of Cognito. Who is signed in in the browser is made here.

use pool::oauth::browser;
use pool::user::admin_get_user;
use serde_json::{Value, json};
use testkit::{Options, TestServer};

use crate::run::{run_node, run_python};
use crate::scene::{call, start};

const POOL: &str = "us-east-1_OAuthPool";
const CALLBACK: &str = "https://app.example/callback";
const BYE: &str = "https://app.example/bye";
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
users = [{{ username = "ann", password = "Right-Password-1", attributes = {{ email = "ann@example.com", email_verified = true }} }}]
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
    let service = server.service();
    let ann = admin_get_user(service, POOL, "ann").await.expect("ann");
    let session = browser::issue(service, &ann).expect("a session");
    let scene = json!({
        "endpoint": server.url(), "region": "us-east-1", "issuer": format!("{}/{POOL}", server.url()),
        "callback": CALLBACK, "bye": BYE, "username": "ann", "email": "ann@example.com",
        "cookie": format!("{}={}", browser::COOKIE, session.cookie.expose()),
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
