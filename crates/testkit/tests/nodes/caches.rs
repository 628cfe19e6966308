//! What a node remembers, and for how long it may be behind the others: not at all in what concerns users and tokens, at
//! most five seconds in what concerns pools, app clients, groups and keys.

use pool::time::Span;
use pool::user_pool::rotate_signing_keys;
use serde_json::{Value, json};
use testkit::TestServer;

use crate::{CLIENT, Nodes, PASSWORD, POOL, call, sign_in};

/// How old what a node answers of a pool can be.
const STALE_AFTER: Span = Span::seconds(5);

/// What a client sends to get new tokens.
fn refresh(token: &str) -> Value {
    json!({ "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": CLIENT, "AuthParameters": { "REFRESH_TOKEN": token } })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_one_node_revokes_is_refused_by_the_other_at_once() {
    let nodes = Nodes::start().await;
    let token = sign_in(&nodes.one, "ann", PASSWORD).await.token("RefreshToken");
    call(&nodes.other, "InitiateAuth", refresh(&token))
        .await
        .token("IdToken");
    let revoke = json!({ "ClientId": CLIENT, "Token": token });
    call(&nodes.one, "RevokeToken", revoke).await.ok();
    let refused = call(&nodes.other, "InitiateAuth", refresh(&token)).await;
    assert_eq!(refused.exception(), "NotAuthorizedException", "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_out_everywhere_on_one_node_is_signed_out_on_the_other() {
    let nodes = Nodes::start().await;
    let seen = sign_in(&nodes.one, "ann", PASSWORD).await.ok();
    let token = |kind: &str| seen["AuthenticationResult"][kind].as_str().unwrap().to_owned();
    let access = json!({ "AccessToken": token("AccessToken") });
    call(&nodes.other, "GetUser", access.clone()).await.ok();
    nodes.clock.advance(Span::seconds(1));
    call(&nodes.one, "GlobalSignOut", access.clone()).await.ok();
    let refused = call(&nodes.other, "GetUser", access).await;
    assert_eq!(refused.exception(), "NotAuthorizedException", "{refused:?}");
    let refused = call(&nodes.other, "InitiateAuth", refresh(&token("RefreshToken"))).await;
    assert_eq!(refused.exception(), "NotAuthorizedException", "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_is_disabled_on_one_node_does_not_sign_in_on_the_other() {
    let nodes = Nodes::start().await;
    sign_in(&nodes.other, "ann", PASSWORD).await.token("IdToken");
    let ann = json!({ "UserPoolId": POOL, "Username": "ann" });
    call(&nodes.one, "AdminDisableUser", ann).await.ok();
    let refused = sign_in(&nodes.other, "ann", PASSWORD).await;
    assert_eq!(refused.exception(), "NotAuthorizedException", "{refused:?}");
}

/// How many keys a node publishes.
async fn keys(node: &TestServer) -> usize {
    let path = format!("/{POOL}/.well-known/jwks.json");
    let (status, document) = node.client().get(&path).await.unwrap();
    assert_eq!(status, 200, "{document}");
    let document: Value = serde_json::from_str(&document).unwrap();
    document["keys"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_one_node_makes_are_published_by_the_other_in_time() {
    let nodes = Nodes::start().await;
    assert_eq!((keys(&nodes.one).await, keys(&nodes.other).await), (2, 2));
    rotate_signing_keys(nodes.one.service(), POOL).await.unwrap();
    assert_eq!(keys(&nodes.one).await, 4, "at once where they are made");
    nodes.clock.advance(STALE_AFTER);
    assert_eq!(keys(&nodes.other).await, 4);
    // Long after both publish them they sign, and each node takes what the other has signed.
    nodes.clock.advance(Span::hours(25));
    let access = sign_in(&nodes.one, "ann", PASSWORD).await.token("AccessToken");
    call(&nodes.other, "GetUser", json!({ "AccessToken": access }))
        .await
        .ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_one_node_changes_hold_on_the_other_in_time() {
    let nodes = Nodes::start().await;
    sign_in(&nodes.other, "ann", PASSWORD).await.token("IdToken");
    let only_srp = json!({
        "UserPoolId": POOL, "ClientId": CLIENT, "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    });
    call(&nodes.one, "UpdateUserPoolClient", only_srp).await.ok();
    assert_eq!(
        sign_in(&nodes.one, "ann", PASSWORD).await.exception(),
        "InvalidParameterException"
    );
    nodes.clock.advance(STALE_AFTER);
    let refused = sign_in(&nodes.other, "ann", PASSWORD).await;
    assert_eq!(refused.exception(), "InvalidParameterException", "{refused:?}");
}
