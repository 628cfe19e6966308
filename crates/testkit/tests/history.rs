//! Three nodes lose their database in turn, in all the ways that a network has, while clients ask all of them: no answer is one
//! that no order of the calls explains.
//!
//! `REHOME_TEST_FAULTS` says how many faults there are, `REHOME_TEST_SEED` which.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use pool::ports::{Entropy, SystemEntropy};
use pool::seal::MasterKey;
use pool::service::Issuer;
use store::{DatabaseUrl, PostgresSettings, PostgresStore};
use testkit::history::{Asked, Event, History, Outcome, Scene, old_users_file, pools_file, run};
use testkit::link::{Fault, Link};
use testkit::postgres::{Cluster, Database, USER};
use testkit::{Options, SeededEntropy, TestServer, pair};
use tokio::time::{sleep, timeout};

const NODES: usize = 3;
const OLD_USERS: usize = 40;

/// How long there is nothing wrong, and then something. A silent connection is given up after 5 s.
const SPELL: Duration = Duration::from_millis(700);
const SILENCE: Duration = Duration::from_secs(6);

/// A node, and the way to its database.
struct Node {
    server: TestServer,
    link: Link,
}

async fn node(
    database: &Database<'_>,
    cluster: &Cluster,
    key: &MasterKey,
    functions: &str,
    others: bool,
) -> Node {
    let link = Link::to(cluster.port()).await.unwrap();
    let password = testkit::postgres::PASSWORD
        .replace(' ', "%20")
        .replace('/', "%2F")
        .replace('@', "%40");
    let url = format!(
        "postgres://{USER}:{password}@{}/{}",
        link.address(),
        database.name()
    );
    let settings = PostgresSettings::new(DatabaseUrl::parse(&url).unwrap());
    let store = PostgresStore::open(settings).await.unwrap();
    let options = Options {
        pools: if others { String::new() } else { pools_file(true) },
        functions: functions.to_owned(),
        store: Some(Arc::new(store)),
        master_key: Some(key.clone()),
        issuer: Some(Issuer::Aws),
        ..Options::default()
    };
    let server = TestServer::start(options).await.unwrap();
    Node { server, link }
}

/// Something happens to one node's link after another, by chance.
async fn faults(nodes: &[Node], number: usize, chance: &dyn Entropy) {
    let draw = |below: u8| {
        let mut byte = [0];
        chance.fill(&mut byte);
        byte[0] % below
    };
    for round in 0..number {
        let link = &nodes[usize::from(draw(3))].link;
        // Each kind has its turn.
        let (fault, length) = match round % 4 {
            0 => (Fault::LostCommits, SPELL),
            1 => (Fault::Cut, SPELL),
            2 => (Fault::Silent, SILENCE),
            _ => (
                Fault::Late(Duration::from_millis(20 + u64::from(draw(100)))),
                SPELL,
            ),
        };
        link.set(fault);
        sleep(length).await;
        link.set(Fault::None);
        sleep(SPELL).await;
    }
}

/// How many calls of each kind ended in which way.
fn count(events: &[Event]) -> BTreeMap<(&'static str, &'static str), usize> {
    let mut counted = BTreeMap::new();
    for event in events {
        let kind = match event.asked {
            Asked::Claim(_) => "claim",
            Asked::Find(_) => "find",
            Asked::Use(_) => "use",
            Asked::SendCode(_) => "send code",
            Asked::UseCode { .. } => "use code",
            Asked::SetPassword { .. } => "set password",
            Asked::SignIn { .. } => "sign in",
            Asked::SignOut(_) => "sign out",
            Asked::Bear(_) => "bear",
        };
        let outcome = match event.outcome {
            Outcome::Done(_) => "done",
            Outcome::Refused => "refused",
            Outcome::Unknown => "unknown",
        };
        *counted.entry((kind, outcome)).or_default() += 1;
    }
    counted
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_of_the_network_breaks_a_promise() {
    let (seed, number) = (named("REHOME_TEST_SEED", 1), named("REHOME_TEST_FAULTS", 4));
    let cluster = Cluster::shared().unwrap();
    let database = cluster.database().unwrap();
    let key = MasterKey::generate(&SystemEntropy);
    let old = Options {
        pools: old_users_file(OLD_USERS),
        ..Options::default()
    };
    let old = TestServer::start(old).await.unwrap();
    let functions = pair::functions_file().replace("{url}", old.url());
    let mut nodes = Vec::new();
    for n in 0..NODES {
        nodes.push(node(&database, cluster, &key, &functions, n > 0).await);
    }
    let history = Arc::new(History::default());
    let scene = Scene {
        nodes: nodes.iter().map(|node| node.server.client().clone()).collect(),
        old_users: OLD_USERS,
        seed,
    };
    let clients = tokio::spawn(run(scene, Arc::clone(&history)));
    history.until(0, 20, Event::is_write).await;
    faults(
        &nodes,
        usize::try_from(number).unwrap(),
        &SeededEntropy::new(seed),
    )
    .await;
    let healed = history.until(history.now(), 20, Event::is_write);
    timeout(Duration::from_mins(1), healed)
        .await
        .expect("all goes on");
    history.end();
    clients.await.unwrap().unwrap();
    let counted = count(&history.events());
    println!("seed {seed}, {number} faults: {counted:?}");
    let violations = history.violations();
    assert!(violations.is_empty(), "seed {seed}: {violations:#?}");
    // It was put to the test.
    for kind in [
        ("claim", "done"),
        ("claim", "refused"),
        ("use", "done"),
        ("use", "refused"),
        ("send code", "done"),
        ("use code", "done"),
        ("use code", "refused"),
        ("set password", "done"),
        ("sign in", "done"),
        ("sign in", "refused"),
        ("sign out", "done"),
        ("bear", "refused"),
    ] {
        assert!(counted.contains_key(&kind), "{kind:?} is missing in {counted:?}");
    }
    assert!(
        counted.keys().any(|(_, outcome)| *outcome == "unknown"),
        "{counted:?}"
    );
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests are told in the environment how long to go on"
)]
fn named(variable: &str, usual: u64) -> u64 {
    let named = std::env::var(variable).ok();
    named.map_or(usual, |number| number.parse().expect("a number"))
}
