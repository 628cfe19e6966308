//! `rehome serve` on PostgreSQL: several processes on one database, added and removed at will.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod process;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::routing::post;
use pool::ports::SystemEntropy;
use pool::seal::MasterKey;
use process::{Served, rehome, run, text};
use rehome::api_client::ApiClient;
use serde_json::json;
use tempfile::{TempDir, tempdir};
use testkit::postgres::{Cluster, PASSWORD as DATABASE_PASSWORD, USER};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;

const POOL: &str = "us-east-1_Nodes0001";
const CLIENT: &str = "web";
const PASSWORD: &str = "Right-Password-1";

/// What all nodes are started with.
struct Home {
    folder: TempDir,
    database_url: String,
}

impl Home {
    fn new(database_url: String) -> Self {
        let folder = tempdir().unwrap();
        let key = MasterKey::generate(&SystemEntropy);
        std::fs::write(folder.path().join("master.key"), key.expose_base64().as_str()).unwrap();
        let pools = format!(
            "[[user_pools]]\nid = \"{POOL}\"\n[[user_pools.app_clients]]\nid = \"{CLIENT}\"\n\
             explicit_auth_flows = [\"ALLOW_USER_PASSWORD_AUTH\"]\n"
        );
        std::fs::write(folder.path().join("pools.toml"), pools).unwrap();
        Self { folder, database_url }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Starts a node, with more arguments.
    fn node(&self, more: &[&str]) -> Served {
        let (key, pools) = (self.file("master.key"), self.file("pools.toml"));
        let usual = [
            "--database-url",
            &self.database_url,
            "--master-key-file",
            key.to_str().unwrap(),
            "--pools",
            pools.to_str().unwrap(),
        ];
        Served::start(
            &self.file("data"),
            &self.file("log"),
            usual.iter().copied().chain(more.iter().copied()),
        )
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.file("log")).unwrap()
    }
}

/// Makes users on a node until it is gone; gives those who were acknowledged.
async fn write(
    api: ApiClient,
    prefix: &'static str,
    made: Arc<AtomicUsize>,
    more: Arc<Notify>,
) -> Vec<String> {
    let mut names = Vec::new();
    loop {
        let name = format!("{prefix}-{}", names.len());
        let create = json!({ "UserPoolId": POOL, "Username": name, "MessageAction": "SUPPRESS" });
        let set = json!({ "UserPoolId": POOL, "Username": name, "Password": PASSWORD, "Permanent": true });
        for (operation, body) in [("AdminCreateUser", &create), ("AdminSetUserPassword", &set)] {
            match api.call(operation, body).await {
                Ok(answer) if answer.status == 200 => {}
                _ => return names,
            }
        }
        names.push(name);
        made.fetch_add(1, Ordering::SeqCst);
        more.notify_one();
    }
}

async fn signs_in(api: &ApiClient, name: &str) -> bool {
    let body = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": CLIENT,
        "AuthParameters": { "USERNAME": name, "PASSWORD": PASSWORD },
    });
    api.call("InitiateAuth", &body)
        .await
        .expect("an answer")
        .has_tokens()
}

/// Users made on both nodes, until something has happened that ends it.
struct Load {
    tasks: JoinSet<Vec<String>>,
    made: Arc<AtomicUsize>,
    more: Arc<Notify>,
}

impl Load {
    fn on(nodes: [&Served; 2]) -> Self {
        let (made, more) = (Arc::<AtomicUsize>::default(), Arc::<Notify>::default());
        let mut tasks = JoinSet::new();
        for (node, prefixes) in nodes.into_iter().zip([["a", "b"], ["c", "d"]]) {
            for prefix in prefixes {
                tasks.spawn(write(
                    node.api.clone(),
                    prefix,
                    Arc::clone(&made),
                    Arc::clone(&more),
                ));
            }
        }
        Self { tasks, made, more }
    }

    async fn reaches(&self, users: usize) {
        while self.made.load(Ordering::SeqCst) < users {
            self.more.notified().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_stops_under_load_takes_nothing_with_it() {
    let cluster = Cluster::shared().unwrap();
    let database = cluster.database().unwrap();
    let home = Home::new(database.url());
    let (mut one, other) = (home.node(&[]), home.node(&[]));
    let load = Load::on([&one, &other]);
    load.reaches(30).await;
    one.terminate();
    let status = tokio::task::spawn_blocking(move || one.child.wait())
        .await
        .unwrap();
    assert_eq!(status.unwrap().code(), Some(0));
    // A third comes, and the second goes without a word.
    let third = home.node(&[]);
    drop(other);
    for name in load.tasks.join_all().await.concat() {
        assert!(signs_in(&third.api, &name).await, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_survive_the_death_of_the_database_with_all_they_have_acknowledged() {
    let cluster = Cluster::start().unwrap();
    let database = cluster.database().unwrap();
    let home = Home::new(database.url());
    let (one, other) = (home.node(&[]), home.node(&[]));
    let load = Load::on([&one, &other]);
    load.reaches(20).await;
    cluster.kill().unwrap();
    let acknowledged = load.tasks.join_all().await.concat();
    assert!(acknowledged.len() >= 20);
    cluster.restart().unwrap();
    for (place, name) in acknowledged.iter().enumerate() {
        let node = if place % 2 == 0 { &one } else { &other };
        assert!(signs_in(&node.api, name).await, "{name}");
    }
}

/// A gateway that says who gets a message.
async fn gateway() -> (String, mpsc::UnboundedReceiver<String>) {
    let (sender, messages) = mpsc::unbounded_channel();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let take = async move |body: String| {
        sender.send(body).unwrap();
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(post(take))).await });
    (url, messages)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_goes_out_from_one_node_alone() {
    const MESSAGES: usize = 24;
    let database = Cluster::shared().unwrap().database().unwrap();
    let home = Home::new(database.url());
    let (url, mut messages) = gateway().await;
    let couriers = home.file("couriers.toml");
    std::fs::write(
        &couriers,
        format!("[sms]\nurl = \"{url}\"\njson = {{ to = \"{{to}}\" }}\n"),
    )
    .unwrap();
    let more = ["--couriers", couriers.to_str().unwrap()];
    let nodes = [home.node(&more), home.node(&more), home.node(&more)];
    let mut requests = JoinSet::new();
    for n in 0..MESSAGES {
        let api = nodes[n % 3].api.clone();
        requests.spawn(async move {
            let phone = format!("+1206555{:04}", 1000 + n);
            let create = json!({
                "UserPoolId": POOL, "Username": format!("user{n}"), "MessageAction": "SUPPRESS",
                "UserAttributes": [
                    { "Name": "phone_number", "Value": phone }, { "Name": "phone_number_verified", "Value": "true" },
                ],
            });
            let made = api.call("AdminCreateUser", &create).await.unwrap();
            assert_eq!(made.status, 200, "{made:?}");
            let set = json!({
                "UserPoolId": POOL, "Username": format!("user{n}"), "Password": PASSWORD, "Permanent": true,
            });
            api.call("AdminSetUserPassword", &set).await.unwrap();
            let forgot = json!({ "ClientId": CLIENT, "Username": format!("user{n}") });
            let answer = api.call("ForgotPassword", &forgot).await.unwrap();
            assert_eq!(answer.status, 200, "{answer:?}");
        });
    }
    requests.join_all().await;
    let mut received = BTreeMap::<String, usize>::new();
    while received.len() < MESSAGES {
        let message = tokio::time::timeout(Duration::from_secs(30), messages.recv()).await;
        *received
            .entry(message.expect("a message in time").unwrap())
            .or_default() += 1;
    }
    // Nothing waits any more, and nobody got a second one.
    while database.sql("SELECT count(*) FROM delivery").unwrap() != "0" {
        tokio::task::yield_now().await;
    }
    assert!(messages.try_recv().is_err());
    assert!(received.values().all(|times| *times == 1), "{received:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_start_at_once_on_an_empty_database_make_one_pool() {
    let database = Cluster::shared().unwrap().database().unwrap();
    let home = Arc::new(Home::new(database.url()));
    let mut starts = JoinSet::new();
    for _ in 0..3 {
        let home = Arc::clone(&home);
        starts.spawn_blocking(move || home.node(&[]));
    }
    for node in starts.join_all().await {
        let pools = node
            .api
            .call("ListUserPools", &json!({ "MaxResults": 10 }))
            .await
            .unwrap();
        assert_eq!(pools.body["UserPools"].as_array().unwrap().len(), 1, "{pools:?}");
    }
    assert!(!home.log().contains("ERROR"), "{}", home.log());
}

/// What `rehome serve` says when it does not start, and its exit status.
async fn refused(arguments: &[&str]) -> (Option<i32>, String) {
    let usual = ["serve", "--listen", "127.0.0.1:0"];
    let command = rehome(usual.iter().copied().chain(arguments.iter().copied()));
    let output = run(command).await;
    assert_eq!(text(&output.stdout), "");
    (output.status.code(), text(&output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_it_from_starting_is_told_without_the_password() {
    let cluster = Cluster::shared().unwrap();
    let database = cluster.database().unwrap();
    let home = Home::new(database.url());
    let (key, data) = (home.file("master.key"), home.file("data"));
    let (key, data) = (key.to_str().unwrap(), data.to_str().unwrap());

    // No key is made up where others may have another.
    let (status, said) = refused(&["--data", data, "--database-url", &database.url()]).await;
    assert_eq!(status, Some(2), "{said}");
    assert!(
        said.contains("all servers on one database share one key"),
        "{said}"
    );

    let (status, said) = refused(&[
        "--master-key-file",
        key,
        "--database-url",
        "postgres://ann:s3cret@/x",
    ])
    .await;
    assert_eq!(status, Some(2), "{said}");
    assert!(
        said.contains("--database-url") && !said.contains("s3cret"),
        "{said}"
    );

    let wrong = format!(
        "postgres://{USER}:s3cret@127.0.0.1:{}/{}",
        cluster.port(),
        database.name()
    );
    let (status, said) = refused(&["--master-key-file", key, "--database-url", &wrong]).await;
    assert_eq!(status, Some(1), "{said}");
    assert!(
        said.contains("check the password") && !said.contains("s3cret"),
        "{said}"
    );

    let (status, said) = refused(&[
        "--master-key-file",
        key,
        "--database-url",
        &database.url(),
        "--no-migrate",
    ])
    .await;
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("rehome db migrate"), "{said}");

    // With the key of somebody else.
    drop(home.node(&[]));
    let another = home.file("another.key");
    std::fs::write(
        &another,
        MasterKey::generate(&SystemEntropy).expose_base64().as_str(),
    )
    .unwrap();
    let another = another.to_str().unwrap();
    let (status, said) = refused(&["--master-key-file", another, "--database-url", &database.url()]).await;
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("another master key"), "{said}");
}

/// The URL in a file, with the password that only TCP asks for.
#[tokio::test(flavor = "multi_thread")]
async fn the_url_may_stand_in_a_file_and_shows_nowhere() {
    let cluster = Cluster::shared().unwrap();
    let database = cluster.database().unwrap();
    let home = Home::new(String::new());
    let file = home.file("url");
    let password = DATABASE_PASSWORD
        .replace(' ', "%20")
        .replace('/', "%2F")
        .replace('@', "%40");
    let url = format!(
        "postgres://{USER}:{password}@127.0.0.1:{}/{}\n",
        cluster.port(),
        database.name()
    );
    write_private(&file, &url);
    let home = Home {
        database_url: format!("file:{}", file.display()),
        ..home
    };
    let served = home.node(&[]);
    assert_eq!(served.api.get("/readyz").await.unwrap().0, 200);
    let command_line = std::fs::read_to_string(format!("/proc/{}/cmdline", served.child.id())).unwrap();
    for shown in [command_line, home.log()] {
        assert!(
            !shown.contains(&password) && !shown.contains(DATABASE_PASSWORD),
            "{shown}"
        );
    }
}

fn write_private(file: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::write(file, text).unwrap();
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).unwrap();
}
