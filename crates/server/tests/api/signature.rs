//! Who may call what: operations that Cognito wants signed, and those that it leaves open.

use ::server::{AccessKey, AccessKeys, SecretAccessKey};
use pool::time::{Span, Time};
use serde_json::json;

use crate::server::{Reply, START, Server};

const ID: &str = "AKIAIOSFODNN7EXAMPLE";
const BODY: &str = r#"{"MaxResults":10}"#;
/// Made by botocore 1.43.11 for `ListUserPools` with this body at `http://127.0.0.1:9229/`, with the usual example key.
const SIGNATURE: &str = "f7b1322faa286f251bddb965d37bea2609452d6965eb544f31f803939d9a92db";

async fn server() -> Server {
    let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned());
    Server::with_keys(AccessKeys::Known(vec![AccessKey {
        id: ID.to_owned(),
        secret,
    }]))
    .await
}

fn authorization(id: &str, service: &str, signature: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential={id}/20260131/us-east-1/{service}/aws4_request, \
         SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature={signature}"
    )
}

/// Lists the pools with this header; the host is the one that was signed for.
async fn list(server: &Server, authorization: &str, body: &'static str) -> Reply {
    let request = server.request("ListUserPools").header("host", "127.0.0.1:9229");
    let request = request
        .header("authorization", authorization)
        .header("x-amz-date", "20260131T235959Z");
    server.send(request.body(body)).await
}

fn kind(reply: &Reply) -> String {
    assert_eq!(reply.status, 400, "{}", reply.text());
    reply.json()["__type"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_signature_of_a_known_key_is_let_in() {
    let server = server().await;
    let reply = list(&server, &authorization(ID, "cognito-idp", SIGNATURE), BODY).await;
    assert_eq!(
        (reply.status, reply.text().as_str()),
        (200, r#"{"UserPools":[]}"#)
    );
}

#[tokio::test]
async fn a_wrong_signature_another_body_and_another_service_are_not() {
    let server = server().await;
    let right = authorization(ID, "cognito-idp", SIGNATURE);
    assert_eq!(
        kind(&list(&server, &right, r#"{"MaxResults":11}"#).await),
        "InvalidSignatureException"
    );
    let wrong = authorization(ID, "cognito-idp", &"0".repeat(64));
    assert_eq!(
        kind(&list(&server, &wrong, BODY).await),
        "InvalidSignatureException"
    );
    let no_hex = authorization(ID, "cognito-idp", "hello");
    assert_eq!(
        kind(&list(&server, &no_hex, BODY).await),
        "InvalidSignatureException"
    );
    let elsewhere = authorization(ID, "s3", SIGNATURE);
    assert_eq!(
        kind(&list(&server, &elsewhere, BODY).await),
        "InvalidSignatureException"
    );
}

#[tokio::test]
async fn an_unknown_key_is_unrecognized() {
    let server = server().await;
    let reply = list(
        &server,
        &authorization("AKIAUNKNOWN", "cognito-idp", SIGNATURE),
        BODY,
    )
    .await;
    assert_eq!(kind(&reply), "UnrecognizedClientException");
    assert_eq!(
        reply.json()["message"],
        "The security token included in the request is invalid."
    );
}

#[tokio::test]
async fn a_signature_holds_five_minutes_either_way() {
    let server = server().await;
    let right = authorization(ID, "cognito-idp", SIGNATURE);
    server.clock.set(START.plus(Span::minutes(5)));
    assert_eq!(list(&server, &right, BODY).await.status, 200);
    server.clock.set(START.plus(Span::seconds(301)));
    let expired = list(&server, &right, BODY).await;
    assert_eq!(kind(&expired), "InvalidSignatureException");
    let text = "Signature expired: 20260131T235959Z is now earlier than 20260201T000000Z (20260201T000500Z - 5 min.)";
    assert_eq!(expired.json()["message"], text);
    server.clock.set(Time(START.0 - Span::seconds(301).0));
    let early = list(&server, &right, BODY).await;
    assert!(
        early.json()["message"]
            .as_str()
            .unwrap()
            .starts_with("Signature not yet current: "),
        "{}",
        early.text()
    );
}

#[tokio::test]
async fn without_keys_any_well_formed_signature_will_do_but_none_will_not() {
    let server = Server::start().await;
    assert_eq!(
        server.ok("ListUserPools", json!({ "MaxResults": 1 })).await,
        json!({ "UserPools": [] })
    );
    let unsigned = server.send(server.request("ListUserPools").body(BODY)).await;
    assert_eq!(
        unsigned.text(),
        r#"{"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"}"#
    );
    let bearer = server
        .request("ListUserPools")
        .header("authorization", "Bearer abc")
        .body(BODY);
    assert_eq!(kind(&server.send(bearer).await), "IncompleteSignatureException");
}

#[tokio::test]
async fn public_operations_ignore_the_header_altogether() {
    let server = server().await;
    for header in [
        None,
        Some("Bearer abc"),
        Some("nonsense"),
        Some("AWS4-HMAC-SHA256 Credential=x, Signature=y"),
    ] {
        let mut request = server.request("GetUser").body(r#"{"AccessToken":"a.b.c"}"#);
        if let Some(header) = header {
            request = request.header("authorization", header);
        }
        assert_eq!(
            server.send(request).await.json()["message"],
            "Invalid Access Token"
        );
    }
}
