//! What one node began, another ends.

use pool::ports::SystemEntropy;
use pool::srp::Identity;
use pool::srp::client::{Client, PasswordVerifier};
use serde_json::{Value, json};
use testkit::{Options, pair};
use tokio::task::JoinSet;

use crate::{CLIENT, Nodes, PASSWORD, POOL, call, sign_in};

const TIMESTAMP: &str = "Sat Nov 21 04:05:06 UTC 2026";

/// The answer to `PASSWORD_VERIFIER`.
fn proof(client: &Client, challenge: &Value) -> Value {
    let parameter = |name: &str| challenge["ChallengeParameters"][name].as_str().unwrap();
    let user_id = parameter("USER_ID_FOR_SRP");
    let verifier = PasswordVerifier {
        salt: parameter("SALT"),
        srp_b: parameter("SRP_B"),
        secret_block: parameter("SECRET_BLOCK"),
    };
    let identity = Identity::new(POOL, user_id);
    let signature = client
        .sign(&identity, PASSWORD, &verifier, TIMESTAMP)
        .expect("a challenge");
    json!({
        "USERNAME": user_id, "PASSWORD_CLAIM_SECRET_BLOCK": verifier.secret_block,
        "PASSWORD_CLAIM_SIGNATURE": signature, "TIMESTAMP": TIMESTAMP,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_srp_sign_in_hops_between_nodes() {
    let nodes = Nodes::start().await;
    let client = Client::begin(&SystemEntropy);
    let begin = json!({
        "AuthFlow": "USER_SRP_AUTH", "ClientId": CLIENT,
        "AuthParameters": { "USERNAME": "ann", "SRP_A": client.srp_a() },
    });
    let challenge = call(&nodes.one, "InitiateAuth", begin).await.ok();
    let answer = json!({
        "ClientId": CLIENT, "ChallengeName": "PASSWORD_VERIFIER", "ChallengeResponses": proof(&client, &challenge),
    });
    let access = call(&nodes.other, "RespondToAuthChallenge", answer)
        .await
        .token("AccessToken");
    let user = call(&nodes.one, "GetUser", json!({ "AccessToken": access }))
        .await
        .ok();
    assert_eq!(user["Username"], "ann");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_made_on_one_node_signs_in_on_the_other() {
    let nodes = Nodes::start().await;
    for n in 0..5 {
        let name = format!("user{n}");
        let make = json!({ "UserPoolId": POOL, "Username": name, "MessageAction": "SUPPRESS" });
        call(&nodes.one, "AdminCreateUser", make).await.ok();
        let set = json!({ "UserPoolId": POOL, "Username": name, "Password": PASSWORD, "Permanent": true });
        call(&nodes.other, "AdminSetUserPassword", set).await.ok();
        sign_in(&nodes.one, &name, PASSWORD).await.token("IdToken");
        let refresh = sign_in(&nodes.other, &name, PASSWORD).await.token("RefreshToken");
        let again = json!({
            "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": CLIENT, "AuthParameters": { "REFRESH_TOKEN": refresh },
        });
        call(&nodes.one, "InitiateAuth", again).await.token("AccessToken");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn first_sign_ins_on_all_nodes_at_once_end_in_one_user() {
    let nodes = Nodes::of(Options::old_and_new).await;
    let mut sign_ins = JoinSet::new();
    for n in 0..16 {
        let node = if n % 2 == 0 { &nodes.one } else { &nodes.other };
        let api = node.client().clone();
        sign_ins.spawn(async move {
            let body = json!({
                "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pair::NEW_CLIENT,
                "AuthParameters": { "USERNAME": pair::ANN, "PASSWORD": pair::PASSWORD },
            });
            api.call("InitiateAuth", &body).await.unwrap()
        });
    }
    for answer in sign_ins.join_all().await {
        assert!(answer.has_tokens(), "{answer:?}");
    }
    for node in [&nodes.one, &nodes.other] {
        let users = call(node, "ListUsers", json!({ "UserPoolId": pair::NEW_POOL }))
            .await
            .ok();
        assert_eq!(users["Users"].as_array().unwrap().len(), 1, "{users}");
        assert_eq!(users["Users"][0]["UserStatus"], "CONFIRMED");
    }
}
