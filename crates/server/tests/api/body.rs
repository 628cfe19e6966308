//! Bodies that no client of good will sends: each is refused, none ends the server.

use serde_json::{Value, json};

use crate::server::{Reply, Server};

async fn post(server: &Server, body: impl Into<reqwest::Body>) -> Reply {
    server.send(server.request("InitiateAuth").body(body)).await
}

fn assert_serialization(reply: &Reply) {
    assert_eq!(reply.status, 400);
    assert_eq!(
        reply.json()["__type"],
        "SerializationException",
        "{}",
        reply.text()
    );
    assert!(!reply.text().contains("hunter2"), "{}", reply.text());
}

#[tokio::test]
async fn what_is_no_json_object_is_refused() {
    let server = Server::start().await;
    for body in [
        "",
        "hunter2",
        "{",
        "{\"a\":}",
        "[]",
        "null",
        "1",
        "\"hunter2\"",
        "{} {}",
        "{\"AuthFlow\":hunter2}",
    ] {
        assert_serialization(&post(&server, body).await);
    }
}

#[tokio::test]
async fn invalid_utf_8_is_refused() {
    let server = Server::start().await;
    assert_serialization(&post(&server, b"{\"ClientId\":\"\xff\xfe\"}".to_vec()).await);
    assert_serialization(&post(&server, b"{\"ClientId\":\"\\ud800\"}".to_vec()).await);
}

#[tokio::test]
async fn wrong_kinds_of_json_are_refused_without_being_quoted() {
    let server = Server::start().await;
    let kinds = [
        json!(5),
        json!(true),
        json!(["hunter2"]),
        json!({ "hunter2": 1 }),
        json!(1e300),
    ];
    for wrong in &kinds {
        let body = json!({ "ClientId": wrong, "AuthFlow": "USER_PASSWORD_AUTH" });
        assert_serialization(&post(&server, body.to_string()).await);
    }
    for wrong in [
        json!("hunter2"),
        json!(5),
        json!(["hunter2"]),
        json!({ "PASSWORD": ["hunter2"] }),
    ] {
        let body = json!({ "ClientId": "abc", "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": wrong });
        assert_serialization(&post(&server, body.to_string()).await);
    }
}

#[tokio::test]
async fn json_nested_too_deep_is_refused() {
    let server = Server::start().await;
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    assert_serialization(&post(&server, format!("{{\"AuthParameters\":{deep}}}")).await);
}

#[tokio::test]
async fn a_body_of_ten_megabytes_is_refused_and_the_next_request_answered() {
    let server = Server::start().await;
    let long = json!({ "ClientId": "abc", "AuthFlow": "x".repeat(10_000_000) }).to_string();
    assert_serialization(&post(&server, long).await);
    assert_eq!(server.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn a_text_that_is_too_long_breaks_a_constraint() {
    let server = Server::start().await;
    let (client, password) = ("c".repeat(129), "hunter2".repeat(100));
    let body =
        json!({ "ClientId": client, "Username": "ann", "ConfirmationCode": "1", "Password": password });
    let (kind, message) = server.refused("ConfirmForgotPassword", body).await;
    assert_eq!(kind, "InvalidParameterException");
    assert!(
        message.starts_with("2 validation errors detected: Value at 'clientId' failed"),
        "{message}"
    );
    assert!(!message.contains("hunter2"));
}

#[tokio::test]
async fn required_members_that_are_missing_or_null_are_told() {
    let server = Server::start().await;
    for body in [json!({}), json!({ "ClientId": null, "AuthFlow": null })] {
        let (kind, message) = server.refused("InitiateAuth", body).await;
        assert_eq!(kind, "InvalidParameterException");
        assert!(
            message.contains("'clientId' failed to satisfy constraint: Member must not be null"),
            "{message}"
        );
        assert!(
            message.contains("'authFlow' failed to satisfy constraint: Member must not be null"),
            "{message}"
        );
    }
}

#[tokio::test]
async fn unknown_members_are_ignored() {
    let server = Server::start().await;
    let body = json!({ "MaxResults": 10, "Surprise": { "a": [1, Value::Null] } });
    assert_eq!(server.ok("ListUserPools", body).await, json!({ "UserPools": [] }));
}
