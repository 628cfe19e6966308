//! What may happen once happens once on all nodes.

use pool::time::Span;
use serde_json::{Value, json};
use testkit::TestServer;
use tokio::task::JoinSet;

use crate::{CLIENT, Nodes, PASSWORD, POOL, Seen, call, sign_in};

/// The same call on both nodes, many times at once.
async fn everywhere(nodes: &Nodes, operation: &'static str, body: &Value) -> Vec<Seen> {
    let mut calls = JoinSet::new();
    for n in 0..12 {
        let node = if n % 2 == 0 { &nodes.one } else { &nodes.other };
        let (api, body) = (node.client().clone(), body.clone());
        calls.spawn(async move {
            let answer = api.call(operation, &body).await.unwrap();
            Seen {
                status: answer.status,
                body: answer.body,
            }
        });
    }
    calls.join_all().await
}

fn successes(seen: &[Seen]) -> usize {
    seen.iter().filter(|seen| seen.status == 200).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_used_once() {
    let nodes = Nodes::start().await;
    let forgot = json!({ "ClientId": CLIENT, "Username": "ann" });
    call(&nodes.one, "ForgotPassword", forgot).await.ok();
    let code = nodes.one.newest_code(POOL, "ann@example.com").await.unwrap();
    let confirm = json!({
        "ClientId": CLIENT, "Username": "ann", "ConfirmationCode": code, "Password": "Another-Password-1",
    });
    let seen = everywhere(&nodes, "ConfirmForgotPassword", &confirm).await;
    assert_eq!(successes(&seen), 1, "{seen:?}");
    for node in [&nodes.one, &nodes.other] {
        sign_in(node, "ann", "Another-Password-1").await.token("IdToken");
        assert_eq!(
            sign_in(node, "ann", PASSWORD).await.exception(),
            "NotAuthorizedException"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_used_once() {
    let nodes = Nodes::start().await;
    let challenge = sign_in(&nodes.one, "new", PASSWORD).await.ok();
    assert_eq!(challenge["ChallengeName"], "NEW_PASSWORD_REQUIRED", "{challenge}");
    let answer = json!({
        "ClientId": CLIENT, "ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": challenge["Session"],
        "ChallengeResponses": { "USERNAME": "new", "NEW_PASSWORD": "Chosen-Password-1" },
    });
    let seen = everywhere(&nodes, "RespondToAuthChallenge", &answer).await;
    assert_eq!(successes(&seen), 1, "{seen:?}");
    for node in [&nodes.one, &nodes.other] {
        sign_in(node, "new", "Chosen-Password-1").await.token("IdToken");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_taken_once() {
    let nodes = Nodes::start().await;
    let sign_up = json!({
        "ClientId": CLIENT, "Username": "cem", "Password": PASSWORD,
        "UserAttributes": [{ "Name": "email", "Value": "cem@example.com" }],
    });
    let seen = everywhere(&nodes, "SignUp", &sign_up).await;
    assert_eq!(successes(&seen), 1, "{seen:?}");
    for refused in seen.iter().filter(|seen| seen.status != 200) {
        assert_eq!(refused.exception(), "UsernameExistsException");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_count_wherever_they_are_tried() {
    let nodes = Nodes::start().await;
    let wrong =
        async |node: &TestServer| sign_in(node, "ann", "Wrong-Password-1").await.body["message"].clone();
    for node in [&nodes.one, &nodes.other, &nodes.one, &nodes.other, &nodes.one] {
        assert_eq!(wrong(node).await, "Incorrect username or password.");
    }
    for node in [&nodes.other, &nodes.one] {
        let locked = sign_in(node, "ann", PASSWORD).await;
        assert_eq!(locked.body["message"], "Password attempts exceeded", "{locked:?}");
    }
    nodes.clock.advance(Span::seconds(2));
    sign_in(&nodes.other, "ann", PASSWORD).await.token("IdToken");
}
