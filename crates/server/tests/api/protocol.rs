//! Targets, errors, and the bytes of answers.

use serde_json::json;

use crate::server::Server;

#[tokio::test]
async fn an_error_is_67_bytes_with_the_type_first_and_names_in_headers() {
    let server = Server::start().await;
    let (pool, _) = server.pool_and_client().await;
    let reply = server
        .call(
            "AdminGetUser",
            json!({ "UserPoolId": pool, "Username": "nobody" }),
        )
        .await;
    assert_eq!(reply.status, 400);
    assert_eq!(
        reply.text(),
        r#"{"__type":"UserNotFoundException","message":"User does not exist."}"#
    );
    assert_eq!(reply.body.len(), 67);
    assert_eq!(reply.headers["content-type"], "application/x-amz-json-1.1");
    assert_eq!(reply.headers["x-amzn-errortype"], "UserNotFoundException:");
    assert_eq!(reply.headers["x-amzn-errormessage"], "User does not exist.");
    assert_eq!(reply.headers["access-control-allow-origin"], "*");
    let id = reply.headers["x-amzn-requestid"].to_str().unwrap();
    assert!(id.split('-').map(str::len).eq([8, 4, 4, 4, 12]), "{id}");
}

#[tokio::test]
async fn an_answer_without_members_is_an_empty_object_and_one_without_shape_is_nothing() {
    let server = Server::start().await;
    let (pool, client) = server.pool_and_client().await;
    let reply = server.call("UpdateUserPool", json!({ "UserPoolId": pool })).await;
    assert_eq!((reply.status, reply.text().as_str()), (200, "{}"));
    let reply = server
        .call(
            "DeleteUserPoolClient",
            json!({ "UserPoolId": pool, "ClientId": client }),
        )
        .await;
    assert_eq!((reply.status, reply.text().as_str()), (200, ""));
    assert_eq!(reply.headers["content-length"], "0");
    assert_eq!(reply.headers["content-type"], "application/x-amz-json-1.1");
}

#[tokio::test]
async fn an_unknown_target_is_an_unknown_operation() {
    let server = Server::start().await;
    for target in [
        "AWSCognitoIdentityProviderService.Frobnicate",
        "DynamoDB_20120810.ListTables",
        "InitiateAuth",
        "",
    ] {
        let request = server.http.post(format!("{}/", server.url));
        let request = request
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", target);
        let reply = server.send(request.body("{}")).await;
        assert_eq!(
            (reply.status, reply.text().as_str()),
            (400, r#"{"__type":"UnknownOperationException"}"#),
            "{target}"
        );
        assert_eq!(reply.headers["x-amzn-errortype"], "UnknownOperationException:");
    }
    let no_target = server
        .http
        .post(format!("{}/login", server.url))
        .body("username=a&password=b");
    assert_eq!(server.send(no_target).await.status, 400);
}

#[tokio::test]
async fn another_content_type_is_no_call_of_an_operation() {
    let server = Server::start().await;
    for content_type in ["application/json", "text/plain", "application/x-amz-json-1.0", ""] {
        let request = server.http.post(format!("{}/", server.url));
        let request = request.header("content-type", content_type);
        let request = request.header("x-amz-target", "AWSCognitoIdentityProviderService.InitiateAuth");
        let reply = server.send(request.body("{}")).await;
        assert_eq!(
            (reply.status, reply.text().as_str()),
            (400, r#"{"__type":"UnknownOperationException"}"#)
        );
    }
}

#[tokio::test]
async fn a_content_type_may_have_parameters_and_capitals() {
    let server = Server::start().await;
    let request = server.http.post(format!("{}/any/path", server.url));
    let request = request.header("content-type", "Application/X-Amz-Json-1.1; charset=utf-8");
    let request = request.header("x-amz-target", "AWSCognitoIdentityProviderService.GetUser");
    let reply = server.send(request.body(r#"{"AccessToken":"a.b.c"}"#)).await;
    assert_eq!(
        reply.text(),
        r#"{"__type":"NotAuthorizedException","message":"Invalid Access Token"}"#
    );
}

#[tokio::test]
async fn an_operation_that_is_not_built_is_named() {
    let server = Server::start().await;
    let (kind, message) = server.refused("CreateIdentityProvider", json!({})).await;
    assert_eq!(kind, "NotImplementedException");
    assert_eq!(
        message,
        "CreateIdentityProvider is not built yet in this release of rehome."
    );
}

#[tokio::test]
async fn a_broken_constraint_is_told_in_the_words_of_cognito() {
    let server = Server::start().await;
    let body = json!({ "ClientId": "abc", "Username": "ann", "ConfirmationCode": "1 12 123", "Password": "Passw0rd!" });
    let (kind, message) = server.refused("ConfirmForgotPassword", body).await;
    assert_eq!(kind, "InvalidParameterException");
    assert!(
        message.starts_with("1 validation error detected: Value"),
        "{message}"
    );
    assert!(
        message.contains("at 'confirmationCode' failed to satisfy constraint"),
        "{message}"
    );
}

#[tokio::test]
async fn an_unknown_app_client_and_an_unknown_pool_are_not_found() {
    let server = Server::start().await;
    let body = json!({ "ClientId": "nope", "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": {} });
    let refused = server.refused("InitiateAuth", body).await;
    assert_eq!(
        refused,
        (
            "ResourceNotFoundException".into(),
            "User pool client nope does not exist.".into()
        )
    );
    let refused = server
        .refused("DescribeUserPool", json!({ "UserPoolId": "us-east-1_AbCdEf123" }))
        .await;
    assert_eq!(
        refused,
        (
            "ResourceNotFoundException".into(),
            "User pool us-east-1_AbCdEf123 does not exist.".into()
        )
    );
}
