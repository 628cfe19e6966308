//! What stands around the API: discovery, CORS, health, metrics, outbox, stopping.

use http::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::server::Server;

#[tokio::test]
async fn a_pool_shows_two_keys_and_where_they_are() {
    let server = Server::start().await;
    let (pool, _) = server.pool_and_client().await;
    let reply = server
        .get(&format!("/{pool}/.well-known/openid-configuration"))
        .await;
    assert_eq!(reply.headers["access-control-allow-origin"], "*");
    assert!(reply.headers.contains_key("cache-control"));
    let configuration = reply.json();
    assert_eq!(configuration["issuer"], format!("{}/{pool}", server.url));
    let jwks_uri = configuration["jwks_uri"].as_str().unwrap();
    let keys = server
        .get(jwks_uri.strip_prefix(&server.url).unwrap())
        .await
        .json();
    let keys = keys["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 2);
    assert_ne!(keys[0]["kid"], keys[1]["kid"]);
    for key in keys {
        assert_eq!(
            (&key["alg"], &key["kty"], &key["use"]),
            (&json!("RS256"), &json!("RSA"), &json!("sig"))
        );
    }
}

#[tokio::test]
async fn a_pool_that_does_not_exist_shows_nothing() {
    let server = Server::start().await;
    let reply = server.get("/us-east-1_AbCdEf123/.well-known/jwks.json").await;
    assert_eq!(
        (reply.status, reply.text().as_str()),
        (
            404,
            r#"{"message":"User pool us-east-1_AbCdEf123 does not exist."}"#
        )
    );
    assert_eq!(
        server
            .get("/nonsense/.well-known/openid-configuration")
            .await
            .status,
        404
    );
    assert_eq!(server.get("/").await.status, 404);
}

#[tokio::test]
async fn a_preflight_on_any_path_allows_what_it_asks_for() {
    let server = Server::start().await;
    for path in ["/", "/us-east-1_AbCdEf123/.well-known/jwks.json", "/healthz"] {
        let request = server
            .http
            .request(Method::OPTIONS, format!("{}{path}", server.url));
        let request = request
            .header("origin", "https://app.example")
            .header("access-control-request-method", "POST");
        let asked = "cache-control,content-type,x-amz-target,x-amz-user-agent";
        let reply = server
            .send(request.header("access-control-request-headers", asked))
            .await;
        assert_eq!((reply.status, reply.body.len()), (200, 0));
        assert_eq!(reply.headers["access-control-allow-origin"], "*");
        assert_eq!(reply.headers["access-control-allow-headers"], asked);
        assert!(
            reply.headers["access-control-allow-methods"]
                .to_str()
                .unwrap()
                .contains("POST")
        );
        assert_eq!(reply.headers["access-control-max-age"], "172800");
    }
}

#[tokio::test]
async fn a_server_is_alive_ready_and_counts() {
    let server = Server::start().await;
    assert_eq!(server.get("/healthz").await.status, 200);
    assert_eq!(server.get("/readyz").await.status, 200);
    server.refused("CreateTerms", json!({})).await;
    let metrics = server.get("/metrics").await.text();
    let line = r#"rehome_requests_total{operation="CreateTerms",outcome="NotImplementedException"}"#;
    assert!(metrics.contains(line), "{metrics}");
    assert!(
        metrics.contains(r#"rehome_request_duration_seconds_bucket{operation="CreateTerms",le="0.001"}"#),
        "{metrics}"
    );
}

#[tokio::test]
async fn the_outbox_is_shown_to_its_own_machine() {
    let server = Server::start().await;
    let reply = server.get("/_rehome/outbox").await;
    assert_eq!((reply.status, reply.text().as_str()), (200, "[]"));
}

#[tokio::test]
async fn a_server_that_is_stopped_ends_its_connections_and_returns() {
    let server = Server::start().await;
    // An idle connection must not hold it up.
    assert_eq!(server.get("/healthz").await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn a_request_that_has_begun_is_answered_though_the_server_stops() {
    let server = Server::start().await;
    let mut stream = TcpStream::connect(server.url.strip_prefix("http://").unwrap())
        .await
        .unwrap();
    let head = "POST / HTTP/1.1\r\nHost: here\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: 23\r\n\
                Expect: 100-continue\r\nX-Amz-Target: AWSCognitoIdentityProviderService.GetUser\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut start = [0; 25];
    stream.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 100 Continue\r\n\r\n");
    let stopping = tokio::spawn(server.stop());
    stream.write_all(br#"{"AccessToken":"a.b.c"}"#).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{answer}");
    assert!(
        answer.ends_with(r#"{"__type":"NotAuthorizedException","message":"Invalid Access Token"}"#),
        "{answer}"
    );
    stopping.await.unwrap();
}
