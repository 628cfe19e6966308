//! Nodes that start at the same moment on an empty PostgreSQL, each with the same pools file: all serve, and everything is made once.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod process;

use std::path::Path;
use std::sync::{Arc, Barrier};

use pool::ports::{Store, SystemEntropy};
use pool::seal::MasterKey;
use process::Served;
use rehome::pools_file::{PoolsFile, apply};
use serde_json::{Value, json};
use store::SqliteStore;
use tempfile::tempdir;
use testkit::postgres::{Cluster, Database};
use testkit::{Options, TestServer};
use tokio::task::JoinSet;

const NAMES: &str = "us-east-1_Names00001";
const EMAILS: &str = "us-east-1_Emails0001";
const PASSWORD: &str = "Right-Password-1";
const SUB: &str = "64684428-c021-7049-51b0-d218e66ffecd";

/// So many start at once, so often.
const NODES: usize = 3;
const ROUNDS: usize = 2;

/// Users whose `sub` the file leaves open, beside the two whose it names.
const USERS: usize = 12;

/// App clients of one pool, each with a look of its own. Who finds the pool made catches up with its maker at them.
const CLIENTS: usize = 24;

/// A PNG of one pixel.
const LOGO: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\xdac\xfc\xcfP\x0f\0\x03\x86\x01\x80Z4}k\0\0\0\0IEND\xaeB`\x82";

/// A pools file with all that it can hold.
fn pools(folder: &Path) -> String {
    let logo = folder.join("logo.png");
    std::fs::write(&logo, LOGO).unwrap();
    let look = |color: &str| {
        format!(
            "ui_customization = {{ css = \".label-customizable {{ color: {color} }}\", image_file = \"{}\" }}",
            logo.display()
        )
    };
    let client = |n| {
        format!(
            "[[user_pools.app_clients]]\nid = \"client{n}\"\n{}\n",
            look("green")
        )
    };
    let others: String = (0..USERS).map(user).collect();
    let file = format!(
        r#"
[[user_pools]]
id = "{NAMES}"
name = "names"
alias_attributes = ["email", "phone_number"]
custom_attributes = ["plan", {{ name = "visits", type = "Number" }}]
mfa_configuration = "OPTIONAL"
domain = "starts"
resource_servers = [{{ identifier = "notes", scopes = [{{ name = "read" }}] }}]
web_authn = {{ relying_party_id = "example.com" }}
{all}
[[user_pools.app_clients]]
id = "web"
secret = "aSecretOfAnAppClientThatIsLong"
explicit_auth_flows = ["ALLOW_USER_PASSWORD_AUTH"]
allowed_oauth_flows = ["code"]
allowed_oauth_scopes = ["openid", "notes/read"]
callback_urls = ["https://example.com/back"]
{own}
{clients}
[[user_pools.users]]
username = "ann"
sub = "{SUB}"
password = "{PASSWORD}"
attributes = {{ email = "ann@example.com", email_verified = true, "custom:plan" = "gold" }}
[[user_pools]]
id = "{EMAILS}"
username_attributes = ["email"]
case_sensitive = false
domain = "starts-emails"
{all}
[[user_pools.users]]
username = "ann@example.com"
sub = "{SUB}"
password = "{PASSWORD}"
attributes = {{ email_verified = true }}
"#,
        all = look("red"),
        own = look("blue"),
        clients = (0..CLIENTS).map(client).collect::<String>(),
    );
    file + &others
}

/// Somebody whose `sub` the file leaves open.
fn user(n: usize) -> String {
    format!(
        "[[user_pools.users]]\nusername = \"user{n}@example.com\"\npassword = \"{PASSWORD}\"\n\
         attributes = {{ email_verified = true }}\n"
    )
}

/// What the API shows of all that the file asks for.
async fn shown(node: &Served) -> Value {
    let mut shown = Vec::new();
    for (operation, body) in [
        ("ListUserPools", json!({ "MaxResults": 10 })),
        ("DescribeUserPool", json!({ "UserPoolId": NAMES })),
        ("DescribeUserPool", json!({ "UserPoolId": EMAILS })),
        (
            "ListUserPoolClients",
            json!({ "UserPoolId": NAMES, "MaxResults": 60 }),
        ),
        (
            "DescribeUserPoolClient",
            json!({ "UserPoolId": NAMES, "ClientId": "web" }),
        ),
        ("GetUICustomization", json!({ "UserPoolId": NAMES })),
        (
            "GetUICustomization",
            json!({ "UserPoolId": NAMES, "ClientId": "web" }),
        ),
        (
            "GetUICustomization",
            json!({ "UserPoolId": NAMES, "ClientId": "client7" }),
        ),
        ("GetUICustomization", json!({ "UserPoolId": EMAILS })),
        ("DescribeUserPoolDomain", json!({ "Domain": "starts" })),
        ("DescribeUserPoolDomain", json!({ "Domain": "starts-emails" })),
        ("ListUsers", json!({ "UserPoolId": NAMES })),
        ("ListUsers", json!({ "UserPoolId": EMAILS })),
    ] {
        let answer = node.api.call(operation, &body).await.unwrap();
        assert_eq!(answer.status, 200, "{operation} {body}: {answer:?}");
        shown.push(answer.body);
    }
    Value::from(shown)
}

/// Nothing was written a second time, by which somebody's later change would be lost.
fn is_made_once(database: &Database<'_>) {
    for (table, rows) in [
        ("user_pool", 2),
        ("app_client", CLIENTS + 1),
        ("branding", CLIENTS + 3),
        ("user_pool_domain", 2),
        ("pool_user", USERS + 2),
    ] {
        let count = database.sql(&format!("SELECT count(*) FROM {table}")).unwrap();
        assert_eq!(count, rows.to_string(), "{table}");
        if table != "user_pool_domain" {
            let anew = format!("SELECT count(*) FROM {table} WHERE version <> 1");
            assert_eq!(database.sql(&anew).unwrap(), "0", "{table} was written anew");
        }
    }
    let counted = database.sql("SELECT sum(users) FROM user_count").unwrap();
    assert_eq!(counted, (USERS + 2).to_string());
    let strays = "SELECT count(*) FROM login WHERE sub NOT IN (SELECT sub FROM pool_user)";
    assert_eq!(database.sql(strays).unwrap(), "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_start_at_once_make_everything_in_the_file_once() {
    for round in 0..ROUNDS {
        let database = Cluster::shared().unwrap().database().unwrap();
        let folder = tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let file = folder.path().join(name);
            std::fs::write(&file, text).unwrap();
            file.display().to_string()
        };
        let key = MasterKey::generate(&SystemEntropy);
        let arguments = [
            "--database-url".to_owned(),
            database.url(),
            "--public-url".to_owned(),
            "https://pools.example.com".to_owned(),
            "--master-key-file".to_owned(),
            write("master.key", key.expose_base64().as_str()),
            "--pools".to_owned(),
            write("pools.toml", &pools(folder.path())),
        ];
        let (barrier, mut starts) = (Arc::new(Barrier::new(NODES)), JoinSet::new());
        for _ in 0..NODES {
            let (data, log) = (folder.path().join("data"), folder.path().join("log"));
            let (barrier, arguments) = (Arc::clone(&barrier), arguments.clone());
            starts.spawn_blocking(move || {
                barrier.wait();
                Served::start(&data, &log, arguments)
            });
        }
        let nodes = starts.join_all().await;
        let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
        assert!(
            !log.contains(" ERROR ") && !log.contains("what is there stays"),
            "round {round}: {log}"
        );
        is_made_once(&database);
        let first = shown(&nodes[0]).await;
        assert_eq!(first[5]["UICustomization"]["ClientId"], "ALL", "{first:#}");
        for node in &nodes {
            assert_eq!(shown(node).await, first, "round {round}");
        }
    }
}

/// A node that starts may believe for a while that there is none.
#[tokio::test(flavor = "multi_thread")]
async fn a_look_that_another_node_made_a_moment_ago_stays() {
    let folder = tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("pools.sqlite")).unwrap();
    let (store, key): (Arc<dyn Store>, _) = (Arc::new(store), MasterKey::generate(&SystemEntropy));
    let pools = format!("[[user_pools]]\nid = \"{NAMES}\"\n");
    let node = async || {
        let options = Options {
            store: Some(Arc::clone(&store)),
            master_key: Some(key.clone()),
            pools: pools.clone(),
            ..Options::default()
        };
        TestServer::start(options).await.unwrap()
    };
    let (one, other) = (node().await, node().await);
    let of_pool = json!({ "UserPoolId": NAMES });
    let css = async |node: &TestServer| {
        let (_, answer) = node.api("GetUICustomization", &of_pool).await.unwrap();
        answer["UICustomization"]["CSS"].as_str().map(ToOwned::to_owned)
    };
    assert_eq!(css(&other).await, None);
    let red = ".label-customizable { color: red }";
    let set = json!({ "UserPoolId": NAMES, "CSS": red });
    assert_eq!(one.api("SetUICustomization", &set).await.unwrap().0, 200);
    let wanted = format!("{pools}ui_customization = {{ css = \".label-customizable {{ color: blue }}\" }}\n");
    let wanted = PoolsFile::parse("pools.toml", &wanted, &mut Vec::new()).unwrap();
    apply(other.service(), wanted).await.unwrap();
    for node in [&one, &other] {
        assert_eq!(css(node).await.as_deref(), Some(red));
    }
}
