//! What rests is sealed anew while others change it, and only a look that finds nothing lets the former key go.

use std::sync::Arc;
use std::time::Duration;

use pool::master_key::{Pass, RotationError, let_go_of_former, propose, take_over};
use pool::ports::Store;
use pool::seal::{MasterKey, MasterKeyId, MasterKeys, Sealer};
use pool::service::Service;
use pool::time::Span;
use pool::user::{AdminSetUserPassword, admin_set_user_password};
use rehome::wiring;
use serde_json::json;
use store::{DatabaseUrl, PostgresSettings, PostgresStore, SqliteStore};
use testkit::postgres::Cluster;
use testkit::{Options, TestServer};
use tokio::task::JoinSet;
use trigger::Password;

const POOL: &str = "us-east-1_Passes001";
const USERS: u32 = 6;
const CHANGES: u32 = 5;

fn line(byte: u8) -> String {
    format!("{byte:02x}").repeat(32)
}

fn id(byte: u8) -> MasterKeyId {
    Sealer::new(&MasterKey::new([byte; 32])).unwrap().sealing()
}

fn pools_file() -> String {
    let user = |n| format!("{{ username = \"user{n}\", password = \"First-Password-1\" }}");
    let users: Vec<_> = (0..USERS).map(user).collect();
    format!(
        "[[user_pools]]\nid = \"{POOL}\"\nusers = [{}]\n\
         app_clients = [{{ id = \"web\", explicit_auth_flows = [\"ALLOW_USER_PASSWORD_AUTH\"] }}]\n",
        users.join(", ")
    )
}

/// A server with the key of this byte, whose watch has fallen asleep: it looks at the record only when its readiness is asked.
async fn server(store: &Arc<dyn Store>, byte: u8) -> anyhow::Result<TestServer> {
    let options = Options {
        pools: pools_file(),
        store: Some(Arc::clone(store)),
        master_key: Some(MasterKey::new([byte; 32])),
        ..Options::default()
    };
    TestServer::start(options).await
}

/// What a server says of its readiness, once it is as expected.
async fn readiness(server: &TestServer, expected: u16) -> String {
    let mut pace = tokio::time::interval(Duration::from_millis(100));
    for _ in 0..100 {
        pace.tick().await;
        let (status, said) = server.client().get("/readyz").await.unwrap();
        if status == expected {
            return said;
        }
    }
    panic!("/readyz never says {expected}");
}

async fn set_password(node: &Service, n: u32, password: String) {
    let request = AdminSetUserPassword {
        user_pool_id: POOL.to_owned(),
        username: format!("user{n}"),
        password: Password::new(password),
        permanent: true,
    };
    admin_set_user_password(node, request).await.unwrap();
}

async fn signs_in(server: &TestServer, n: u32, password: &str) -> bool {
    let body = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": "web",
        "AuthParameters": { "USERNAME": format!("user{n}"), "PASSWORD": password },
    });
    server.api("InitiateAuth", &body).await.unwrap().0 == 200
}

async fn pass(service: &Service) -> Pass {
    let mut pass = Pass::begin(service).await.unwrap();
    while pass.go_on(service).await.unwrap() {}
    pass
}

async fn everything_goes_over(store: Arc<dyn Store>) {
    let asleep = server(&store, 1).await.unwrap();
    // Former passwords rest, too.
    let history = json!({ "UserPoolId": POOL, "Policies": { "PasswordPolicy": {
        "MinimumLength": 8, "PasswordHistorySize": 3,
    } } });
    assert_eq!(asleep.api("UpdateUserPool", &history).await.unwrap().0, 200);
    let both = MasterKeys::parse(&format!("{}\n{}", line(1), line(2))).unwrap();
    let service = wiring::pools_alone(Arc::clone(&store), &both).await.unwrap();
    let straggler = Arc::new(wiring::pools_alone(Arc::clone(&store), &both).await.unwrap());

    // A node that lacks the key objects, and serves on.
    propose(&service, id(2)).await.unwrap();
    readiness(&asleep, 200).await;
    let refused = take_over(&service, id(2)).await.unwrap_err();
    assert!(
        matches!(&refused, RotationError::LackedBy { id: lacking, nodes } if *lacking == id(2) && nodes.len() == 1)
    );
    let name = format!("process {}", std::process::id());
    assert!(refused.to_string().contains(&name), "{refused}");
    let other = propose(&service, id(3)).await.unwrap_err();
    assert!(matches!(other, RotationError::Lacking(lacking) if lacking == id(3)));

    // One that does not look is overrun, and is ready no more.
    propose(&service, id(2)).await.unwrap();
    take_over(&service, id(2)).await.unwrap();
    let said = readiness(&asleep, 503).await;
    assert!(
        said.contains(&format!("{}, which this server lacks", id(2))),
        "{said}"
    );

    // One that has not looked yet seals under the former key still, and whatever it has acknowledged stays.
    let mut changes = JoinSet::new();
    for n in 0..USERS {
        let straggler = Arc::clone(&straggler);
        changes.spawn(async move {
            for change in 0..CHANGES {
                set_password(&straggler, n, format!("Another-Password-{n}-{change}")).await;
            }
        });
    }
    let mut found = 0;
    while !changes.is_empty() {
        found += pass(&service).await.found().anew;
        while changes.try_join_next().transpose().unwrap().is_some() {}
    }
    found += pass(&service).await.found().anew;
    // Two signing keys, and everybody once at least.
    assert!(found >= u64::from(2 + USERS), "{found}");
    assert_eq!(pass(&service).await.found().anew, 0);
    set_password(&straggler, 0, "Late-Password-1".to_owned()).await;
    assert_eq!(pass(&service).await.found().anew, 1);
    let last = pass(&service).await;
    assert_eq!((last.found().anew, last.found().shut), (0, 0));
    assert!(last.waits_until(Span::hours(1)).is_some() && last.waits_until(Span::default()).is_none());

    let early = server(&store, 2).await.map(drop).unwrap_err().to_string();
    assert!(
        early.contains(&format!("the master key {} too, which is not at hand", id(1))),
        "{early}"
    );
    let_go_of_former(&service, &last).await.unwrap();
    let new = MasterKeys::parse(&line(2)).unwrap();
    let alone = wiring::pools_alone(Arc::clone(&store), &new).await.unwrap();
    let last = pass(&alone).await.found();
    assert_eq!((last.anew, last.shut), (0, 0));
    let after = server(&store, 2).await.unwrap();
    assert!(signs_in(&after, 0, "Late-Password-1").await);
    for n in 1..USERS {
        assert!(signs_in(&after, n, &format!("Another-Password-{n}-{}", CHANGES - 1)).await);
        assert!(!signs_in(&after, n, "First-Password-1").await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_goes_over_on_a_file() {
    let folder = tempfile::tempdir().unwrap();
    everything_goes_over(Arc::new(SqliteStore::open(&folder.path().join("file")).unwrap())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_goes_over_on_postgresql() {
    let database = Cluster::shared().unwrap().database().unwrap();
    let settings = PostgresSettings::new(DatabaseUrl::parse(&database.url()).unwrap());
    everything_goes_over(Arc::new(PostgresStore::open(settings).await.unwrap())).await;
}
