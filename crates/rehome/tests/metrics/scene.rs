//! Two real servers that have had something to do: an old pool on SQLite, a new one on PostgreSQL with couriers.

use std::path::Path;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use pool::ports::SystemEntropy;
use pool::seal::MasterKey;
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::pair;
use testkit::postgres::{Cluster, Database};
use tokio::net::TcpListener;

use crate::process::Served;

/// The servers.
pub(crate) struct Scene {
    pub(crate) old: Served,
    pub(crate) new: Served,
    _database: Database<'static>,
    _folder: TempDir,
}

/// A gateway for text messages that takes them all.
async fn gateway() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let take = Router::new().fallback(post(|| async { StatusCode::CREATED }));
    tokio::spawn(async move { axum::serve(listener, take).await });
    url
}

impl Scene {
    /// Starts them.
    pub(crate) async fn set() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let write = |name: &str, text: &str| {
            std::fs::write(path(name), text).unwrap();
            path(name)
        };
        let database = Cluster::shared().unwrap().database().unwrap();
        let key = MasterKey::generate(&SystemEntropy);
        let start =
            |name: &str, more: &[&str]| Served::start(Path::new(&path(name)), Path::new(&path("log")), more);
        let old = start("old", &["--pools", &write("old.toml", &pair::old_pools_file())]);
        let functions = pair::functions_file().replace("{url}", &old.url);
        let secret = write("secret", "a secret\n");
        let couriers = format!(
            "[sms]\nurl = \"{}\"\nbearer_file = \"{secret}\"\njson = {{ to = \"{{to}}\", text = \"{{body}}\" }}\n",
            gateway().await
        );
        let new = start(
            "new",
            &[
                "--database-url",
                &database.url(),
                "--master-key-file",
                &write("master.key", key.expose_base64().as_str()),
                "--pools",
                &write("new.toml", &pair::new_pools_file()),
                "--functions",
                &write("functions.toml", &functions),
                "--couriers",
                &write("couriers.toml", &couriers),
                "--rate-limits",
                &write("limits.toml", "[requests_per_second]\nUserList = 1\n"),
            ],
        );
        Self {
            old,
            new,
            _database: database,
            _folder: folder,
        }
    }

    /// Something of everything that is counted happens.
    pub(crate) async fn play(&self) {
        let tokens = self.sign_in(pair::ANN, pair::PASSWORD).await;
        let refresh = json!({
            "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": pair::NEW_CLIENT,
            "AuthParameters": { "REFRESH_TOKEN": tokens["AuthenticationResult"]["RefreshToken"] },
        });
        self.call("InitiateAuth", &refresh).await;
        self.sign_in(pair::ANN, "Wrong-password-1").await;
        self.sign_in("nobody@example.com", pair::PASSWORD).await;
        self.sign_in("eve@example.com", pair::PASSWORD).await;
        let user = json!({ "UserPoolId": pair::NEW_POOL, "Username": pair::ANN });
        self.call("AdminCreateUser", &user).await;
        for _ in 0..5 {
            self.call("ListUsers", &json!({ "UserPoolId": pair::NEW_POOL }))
                .await;
        }
        self.shows(
            &self.new,
            "rehome_deliveries_total{medium=\"SMS\",outcome=\"delivered\"} ",
        )
        .await;
    }

    async fn call(&self, operation: &str, body: &Value) -> Value {
        self.new.api.call(operation, body).await.unwrap().body
    }

    async fn sign_in(&self, username: &str, password: &str) -> Value {
        let body = json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pair::NEW_CLIENT,
            "AuthParameters": { "USERNAME": username, "PASSWORD": password },
        });
        self.call("InitiateAuth", &body).await
    }

    /// Waits until `/metrics` has a line that begins so, and gives that line's value.
    pub(crate) async fn shows(&self, served: &Served, line: &str) -> f64 {
        let shown = tokio::time::timeout(Duration::from_secs(30), async {
            loop {
                let text = metrics(served).await;
                if let Some(value) = text.lines().find_map(|found| found.strip_prefix(line)) {
                    return value.trim().parse().unwrap();
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
        shown.await.unwrap_or_else(|_| panic!("no {line} in /metrics"))
    }
}

/// `/metrics` of a server.
pub(crate) async fn metrics(served: &Served) -> String {
    let (status, text) = served.api.get("/metrics").await.unwrap();
    assert_eq!(status, 200);
    text
}
