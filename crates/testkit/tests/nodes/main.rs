//! Several servers on one database of PostgreSQL are one: a client may speak to another at every step.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod caches;
mod once;
mod steps;

use std::sync::Arc;

use pool::ports::SystemEntropy;
use pool::seal::MasterKey;
use pool::service::Issuer;
use serde_json::{Value, json};
use store::{DatabaseUrl, PostgresSettings, PostgresStore};
use testkit::postgres::{Cluster, Database};
use testkit::{ManualClock, Options, TestServer};

pub(crate) const POOL: &str = "us-east-1_Nodes0001";
pub(crate) const CLIENT: &str = "nodesclient";
pub(crate) const PASSWORD: &str = "Right-Password-1";

/// Two servers on one database, with one key and one clock.
pub(crate) struct Nodes {
    pub(crate) one: TestServer,
    pub(crate) other: TestServer,
    pub(crate) clock: Arc<ManualClock>,
    _database: Database<'static>,
}

/// What an operation answered.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Nodes {
    /// With a pool of `ann` and `new`, who has to choose a password.
    pub(crate) async fn start() -> Self {
        let pools = format!(
            r#"
[[user_pools]]
id = "{POOL}"
app_clients = [{{ id = "{CLIENT}", explicit_auth_flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] }}]
users = [
  {{ username = "ann", password = "{PASSWORD}", attributes = {{ email = "ann@example.com", email_verified = true }} }},
  {{ username = "new", password = "{PASSWORD}", status = "FORCE_CHANGE_PASSWORD" }},
]
"#
        );
        Self::of(|| Options {
            pools: pools.clone(),
            ..Options::default()
        })
        .await
    }

    /// With what each is to be otherwise.
    pub(crate) async fn of(options: impl Fn() -> Options) -> Self {
        let database = Cluster::shared().unwrap().database().unwrap();
        let clock = Arc::new(ManualClock::now_and_standing());
        let master_key = MasterKey::generate(&SystemEntropy);
        let node = async || {
            let settings = PostgresSettings::new(DatabaseUrl::parse(&database.url()).unwrap());
            let store = PostgresStore::open(settings).await.unwrap();
            let options = Options {
                store: Some(Arc::new(store)),
                master_key: Some(master_key.clone()),
                clock: Arc::clone(&clock) as _,
                issuer: Some(Issuer::Aws),
                ..options()
            };
            TestServer::start(options).await.unwrap()
        };
        let (one, other) = (node().await, node().await);
        Self {
            one,
            other,
            clock,
            _database: database,
        }
    }
}

/// Calls an operation.
pub(crate) async fn call(node: &TestServer, operation: &str, body: Value) -> Seen {
    let (status, body) = node.api(operation, &body).await.unwrap();
    Seen { status, body }
}

/// Signs a user in by password.
pub(crate) async fn sign_in(node: &TestServer, username: &str, password: &str) -> Seen {
    let body = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": CLIENT,
        "AuthParameters": { "USERNAME": username, "PASSWORD": password },
    });
    call(node, "InitiateAuth", body).await
}

impl Seen {
    /// The answer, which must be a good one.
    pub(crate) fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body
    }

    /// The exception's name.
    pub(crate) fn exception(&self) -> &str {
        self.body["__type"].as_str().unwrap_or("none")
    }

    /// One of the tokens, which must be there.
    pub(crate) fn token(self, kind: &str) -> String {
        let body = self.ok();
        let token = &body["AuthenticationResult"][kind];
        token.as_str().unwrap_or_else(|| panic!("{body}")).to_owned()
    }
}
