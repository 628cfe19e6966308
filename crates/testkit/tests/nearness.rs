//! A server without access keys is for its own machine: no page of another origin administers it, and no stranger behind
//! a proxy reads the codes.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use serde_json::Value;
use testkit::{Options, TestServer};

async fn list_user_pools(server: &TestServer, header: (&'static str, &'static str)) -> Value {
    let request = directory::http::client()
        .unwrap()
        .post(server.url())
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", "AWSCognitoIdentityProviderService.ListUserPools")
        .header(
            "authorization",
            "AWS4-HMAC-SHA256 Credential=test/20261121/us-east-1/cognito-idp/aws4_request, \
             SignedHeaders=host;x-amz-date;x-amz-target, Signature=00",
        )
        .header("x-amz-date", "20261121T000000Z")
        .header(header.0, header.1)
        .body(r#"{"MaxResults":1}"#);
    serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap()
}

#[tokio::test]
async fn a_page_of_another_origin_administers_nothing() {
    let server = TestServer::start(Options::default()).await.unwrap();
    let page = list_user_pools(&server, ("origin", "https://evil.example")).await;
    assert_eq!(page["__type"], "AccessDeniedException");
    let own_page = list_user_pools(&server, ("origin", "http://localhost:3000")).await;
    assert!(own_page["UserPools"].is_array(), "{own_page}");
    let rebound = list_user_pools(&server, ("host", "evil.example")).await;
    assert_eq!(rebound["__type"], "AccessDeniedException");
}

#[tokio::test]
async fn nobody_behind_a_proxy_reads_the_outbox() {
    let server = TestServer::start(Options::default()).await.unwrap();
    let outbox = format!("{}/_rehome/outbox", server.url());
    let client = directory::http::client().unwrap();
    assert_eq!(client.get(&outbox).send().await.unwrap().status(), 200);
    let passed_on = client.get(&outbox).header("x-forwarded-for", "203.0.113.7");
    assert_eq!(passed_on.send().await.unwrap().status(), 404);
}
