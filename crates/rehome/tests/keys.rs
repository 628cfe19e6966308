//! `rehome keys` beside a server that runs on the same data.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod process;

use std::path::Path;
use std::process::Output;
use std::time::Duration;

use pool::ports::{Clock as _, SystemClock};
use process::{Served, rehome, run, text};
use rehome::api_client::ApiClient;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::JoinSet;

const POOL: &str = "us-east-1_Keys00001";
const CLIENT: &str = "web";
const PASSWORD: &str = "Correct-horse-1";
const DAY: i64 = 24 * 60 * 60;

/// A server with one pool, and its data.
struct Scene {
    scratch: TempDir,
    served: Served,
}

impl Scene {
    fn start() -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let pools = scratch.path().join("pools.toml");
        let file = format!(
            "[[user_pools]]\nid = \"{POOL}\"\nusers = [{{ username = \"ann\", password = \"{PASSWORD}\" }}]\n\
             app_clients = [{{ id = \"{CLIENT}\", explicit_auth_flows = [\"ALLOW_USER_PASSWORD_AUTH\"] }}]\n"
        );
        std::fs::write(&pools, file).unwrap();
        let served = serve(scratch.path());
        Self { scratch, served }
    }

    fn data(&self) -> String {
        data(self.scratch.path())
    }

    async fn keys(&self, action: &str, more: &[&str]) -> Output {
        let data = self.data();
        let mut arguments = vec!["keys", action, "--data", &data, "--user-pool-id", POOL];
        arguments.extend(more);
        run(rehome(arguments)).await
    }

    /// What `rehome keys` says to a program.
    async fn keys_json(&self, action: &str) -> Vec<Value> {
        let output = self.keys(action, &["--json"]).await;
        assert!(output.status.success(), "{}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

fn data(scratch: &Path) -> String {
    scratch.join("data").to_str().unwrap().to_owned()
}

fn serve(scratch: &Path) -> Served {
    let pools = scratch.join("pools.toml");
    Served::start(
        Path::new(&data(scratch)),
        &scratch.join("log"),
        ["--pools", pools.to_str().unwrap()],
    )
}

/// The ids of the published keys.
async fn published(api: &ApiClient) -> Vec<String> {
    let (status, document) = api.get(&format!("/{POOL}/.well-known/jwks.json")).await.unwrap();
    assert_eq!(status, 200, "{document}");
    let document: Value = serde_json::from_str(&document).unwrap();
    let keys = document["keys"].as_array().unwrap().iter();
    keys.map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

/// The ids of the keys of `pairs`, in the order of the document.
fn kids(pairs: &[&Value]) -> Vec<String> {
    let of =
        |pair: &&Value| ["idTokenKid", "accessTokenKid"].map(|name| pair[name].as_str().unwrap().to_owned());
    pairs.iter().flat_map(of).collect()
}

/// Signs in; gives the access token.
async fn sign_in(api: &ApiClient) -> String {
    let body = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": CLIENT,
        "AuthParameters": { "USERNAME": "ann", "PASSWORD": PASSWORD },
    });
    let answer = api.call("InitiateAuth", &body).await.unwrap();
    assert!(answer.has_tokens(), "{answer:?}");
    answer.text("/AuthenticationResult/AccessToken").to_owned()
}

/// The header of a token, which says nothing but the key.
fn header_of(token: &str) -> &str {
    token.split('.').next().unwrap()
}

/// Asks until the server publishes these keys: it looks at the store every few seconds.
async fn until_published(api: &ApiClient, expected: &[String]) {
    let mut pace = tokio::time::interval(Duration::from_millis(200));
    for _ in 0..150 {
        pace.tick().await;
        if published(api).await == expected {
            return;
        }
    }
    panic!("never published: {expected:?} but {:?}", published(api).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_server_publishes_the_next_pair_and_signs_with_the_present_one() {
    let mut scene = Scene::start();
    let before = sign_in(&scene.served.api).await;
    let listed = scene.keys_json("list").await;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["state"], "signing");
    assert_eq!(published(&scene.served.api).await, kids(&[&listed[0]]));

    // The server goes on writing meanwhile.
    let mut writing = JoinSet::new();
    for n in 0..20 {
        let api = scene.served.api.clone();
        writing.spawn(async move {
            let name = format!("user{n}");
            let body = json!({ "UserPoolId": POOL, "Username": name, "MessageAction": "SUPPRESS" });
            api.call("AdminCreateUser", &body).await.unwrap().status
        });
    }
    let asked_at = SystemClock.now().seconds();
    let rotated = scene.keys_json("rotate").await;
    assert_eq!(writing.join_all().await, [200; 20]);

    let [signing, next] = rotated.as_slice() else {
        panic!("{rotated:?}")
    };
    assert_eq!(
        (&signing["state"], &next["state"]),
        (&json!("signing"), &json!("next"))
    );
    assert_eq!(signing["idTokenKid"], listed[0]["idTokenKid"]);
    let waits = next["signsFrom"].as_i64().unwrap() - asked_at;
    assert!((DAY..DAY + 600).contains(&waits), "{waits}");
    let all = kids(&[signing, next]);
    until_published(&scene.served.api, &all).await;

    let after = sign_in(&scene.served.api).await;
    assert_eq!(header_of(&after), header_of(&before));
    for token in [before, after] {
        let body = json!({ "AccessToken": token });
        assert_eq!(scene.served.api.call("GetUser", &body).await.unwrap().status, 200);
    }
    scene.served = serve(scene.scratch.path());
    assert_eq!(published(&scene.served.api).await, all);
}

#[tokio::test(flavor = "multi_thread")]
async fn people_read_what_each_pair_is_for() {
    let scene = Scene::start();
    let rotated = scene.keys("rotate", &[]).await;
    let told = text(&rotated.stdout);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 6, "{told}");
    assert!(lines[0].starts_with("signing: since 20"), "{told}");
    assert!(lines[3].starts_with("next: published, signs from 20"), "{told}");
    let listed = scene.keys_json("list").await;
    let kids = kids(&[&listed[0], &listed[1]]);
    for (line, kid) in [1, 2, 4, 5].into_iter().zip(kids) {
        assert!(lines[line].ends_with(&kid), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_told() {
    let scene = Scene::start();
    assert!(scene.keys("rotate", &[]).await.status.success());
    let again = scene.keys("rotate", &[]).await;
    assert_eq!(again.status.code(), Some(1));
    assert_eq!(
        text(&again.stderr),
        "error: A new pair of keys is published already and does not sign yet.\n"
    );
    let data = scene.data();
    let elsewhere = [
        "keys",
        "list",
        "--data",
        &data,
        "--user-pool-id",
        "us-east-1_Nowhere",
    ];
    let unknown = run(rehome(elsewhere)).await;
    assert_eq!(unknown.status.code(), Some(1));
    assert_eq!(
        text(&unknown.stderr),
        "error: User pool us-east-1_Nowhere does not exist.\n"
    );
    let empty = scene.scratch.path().join("empty");
    let arguments = [
        "keys",
        "list",
        "--data",
        empty.to_str().unwrap(),
        "--user-pool-id",
        POOL,
    ];
    let nothing = run(rehome(arguments)).await;
    assert_eq!(nothing.status.code(), Some(2));
    assert!(text(&nothing.stderr).contains("name the directory that rehome serve works on"));
    assert!(!empty.exists());
    let key = scene.scratch.path().join("another.key");
    std::fs::write(&key, "00".repeat(32)).unwrap();
    let wrong = scene
        .keys("list", &["--master-key-file", key.to_str().unwrap()])
        .await;
    assert_eq!(wrong.status.code(), Some(1));
    assert!(text(&wrong.stderr).contains("sealed with another master key"));
}
