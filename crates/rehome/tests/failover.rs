//! PostgreSQL's primary is lost under load, and another one takes over: nobody who was acknowledged is lost.
//!
//! Two rounds by default, in the first of which the primary is killed and in the second frozen; `REHOME_TEST_FAILOVERS` says
//! how many else. What was measured is printed (`-- --nocapture`).

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod process;

use std::ffi::OsString;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use pool::ports::SystemEntropy;
use pool::seal::MasterKey;
use process::{Served, text};
use serde_json::json;
use tempfile::{TempDir, tempdir};
use testkit::history::{CLIENT, Event, History, Outcome, POOL, Scene, old_users_file, pools_file, run};
use testkit::standbys::Standbys;
use testkit::{Options, TestServer, pair};
use tokio::time::{Instant, timeout};

/// How long may pass from the loss to the next acknowledged change: what repmgr takes as the tests set it (5 s), and what a
/// node takes to notice that a primary is frozen (5 s) on a machine that has more to do.
const RECOVERED: Duration = Duration::from_secs(45);

/// How many people there are in the old pool: more than move in within a round.
const OLD_USERS: usize = 60;

/// What becomes of the primary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// As if its machine had lost power.
    Killed,
    /// It stands still, and wakes up when another has taken over.
    Frozen,
}

/// Two nodes on three servers of PostgreSQL, and an old pool.
struct Nodes {
    standbys: Arc<Standbys>,
    database: String,
    folder: TempDir,
    served: [Served; 2],
    _old: TestServer,
}

impl Nodes {
    async fn start(standbys: &Arc<Standbys>, round: usize) -> Self {
        let database = format!("round_{round}");
        standbys.create_database(&database).unwrap();
        let old = Options {
            pools: old_users_file(OLD_USERS),
            ..Options::default()
        };
        let old = TestServer::start(old).await.unwrap();
        let folder = tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let file = folder.path().join(name);
            std::fs::write(&file, text).unwrap();
            file.display().to_string()
        };
        let key = MasterKey::generate(&SystemEntropy);
        let arguments = [
            "--database-url",
            &standbys.url(&database),
            "--master-key-file",
            &write("master.key", key.expose_base64().as_str()),
            "--pools",
            &write("pools.toml", &pools_file(true)),
            "--functions",
            &write(
                "functions.toml",
                &pair::functions_file().replace("{url}", old.url()),
            ),
        ]
        .map(ToOwned::to_owned);
        let log = folder.path().join("log");
        let served = [1, 2].map(|_| {
            let (data, log, arguments) = (folder.path().join("data"), log.clone(), arguments.clone());
            tokio::task::spawn_blocking(move || Served::start(&data, &log, arguments))
        });
        let [one, other] = served;
        let (one, other) = tokio::try_join!(one, other).unwrap();
        Self {
            standbys: Arc::clone(standbys),
            database,
            folder,
            served: [one, other],
            _old: old,
        }
    }

    fn scene(&self, seed: u64) -> Scene {
        Scene {
            nodes: self.served.iter().map(|served| served.api.clone()).collect(),
            old_users: OLD_USERS,
            seed,
        }
    }

    /// What the nodes have warned of.
    fn warnings(&self) -> String {
        let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap();
        let lines: Vec<&str> = log.lines().filter(|line| !line.contains(" INFO ")).collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }

    /// Users, their names and their number are of the same commits on the new primary.
    fn has_no_half_made_user(&self) {
        const WHOLE: &str = "SELECT (SELECT COUNT(*) FROM pool_user) = (SELECT SUM(users) FROM user_count) AND NOT EXISTS \
            (SELECT 1 FROM pool_user u WHERE NOT EXISTS (SELECT 1 FROM login l WHERE l.sub = u.sub)) AND NOT EXISTS \
            (SELECT 1 FROM login l WHERE NOT EXISTS (SELECT 1 FROM pool_user u WHERE u.sub = l.sub))";
        let primary = self.standbys.primary().unwrap();
        let whole = self.standbys.sql(primary, &self.database, WHOLE).unwrap();
        assert_eq!(whole, "t");
    }
}

/// What a round took from the loss on.
struct Took {
    write: Duration,
    sign_in: Duration,
    longest: Duration,
    calls: usize,
    failed: usize,
}

/// An application on boto3 with its usual kind of retries, which makes users and signs them in by SRP.
struct Application {
    child: Child,
    url: String,
}

impl Application {
    fn start(node: &Served) -> Self {
        let python = python();
        let script = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../tests/clients/python/failover_rider.py"
        );
        let scene = json!({
            "endpoint": node.url, "region": "us-east-1", "userPoolId": POOL, "clientId": CLIENT,
            "password": "Rider-Password-1", "prefix": format!("rider{}", node.child.id()),
        });
        let child = Command::new(python)
            .arg(script)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("REHOME_SCENE", scene.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python starts");
        Self {
            child,
            url: node.url.clone(),
        }
    }

    /// Ends it; it has seen no error, and everybody it was told of can sign in.
    fn end(mut self) {
        drop(self.child.stdin.take());
        let output = self.child.wait_with_output().unwrap();
        assert!(output.status.success(), "{} at {}", output.status, self.url);
        let users: usize = text(&output.stdout).trim().parse().unwrap();
        assert!(users > 0);
    }
}

/// Waits until each kind of call is done again.
async fn recovery(nodes: &Nodes, history: &History) -> (Duration, Duration) {
    let (lost, since) = (history.now(), Instant::now());
    let again = async |kind: fn(&Event) -> bool| {
        let done = timeout(RECOVERED, history.until(lost, 1, kind)).await;
        done.unwrap_or_else(|_| {
            let (servers, nodes) = (nodes.standbys.told(), nodes.warnings());
            panic!(
                "nothing is done {RECOVERED:?} after the loss of the primary\n{servers}\nthe nodes:\n{nodes}"
            )
        });
        since.elapsed()
    };
    tokio::join!(again(Event::is_write), again(Event::is_sign_in))
}

/// One loss under load.
async fn round(standbys: &Arc<Standbys>, number: usize, fate: Fate) -> Took {
    let nodes = Nodes::start(standbys, number).await;
    let history = Arc::new(History::default());
    let clients = tokio::spawn(run(nodes.scene(number as u64), Arc::clone(&history)));
    let applications = nodes.served.each_ref().map(Application::start);
    history.until(0, 40, Event::is_write).await;
    let lost = standbys.primary().unwrap();
    match fate {
        Fate::Killed => standbys.kill(lost).unwrap(),
        Fate::Frozen => standbys.freeze(lost).unwrap(),
    }
    let (write, sign_in) = recovery(&nodes, &history).await;
    if fate == Fate::Frozen {
        // It believes that it still is the primary.
        standbys.thaw(lost).unwrap();
    }
    history.until(history.now(), 40, Event::is_write).await;
    history.end();
    clients.await.unwrap().unwrap();
    tokio::task::spawn_blocking(|| applications.map(Application::end))
        .await
        .unwrap();
    assert_ne!(standbys.primary().unwrap(), lost);
    let violations = history.violations();
    assert!(
        violations.is_empty(),
        "round {number}, {fate:?}: {violations:#?}\n{}",
        nodes.warnings()
    );
    nodes.has_no_half_made_user();
    let events = history.events();
    Took {
        write,
        sign_in,
        longest: history.longest(),
        calls: events.len(),
        failed: events
            .iter()
            .filter(|event| event.outcome == Outcome::Unknown)
            .count(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_the_loss_of_the_primary() {
    for number in 0..rounds() {
        // New ones each time: a manager that has met with half a record, or with two primaries, is not what is tried here.
        let standbys = Arc::new(Standbys::start().unwrap());
        let fate = if number % 2 == 0 {
            Fate::Killed
        } else {
            Fate::Frozen
        };
        let took = round(&standbys, number, fate).await;
        println!(
            "round {number}, {fate:?}: change after {:.1} s, sign-in after {:.1} s; {} calls, {} failed, longest {:.1} s",
            took.write.as_secs_f64(),
            took.sign_in.as_secs_f64(),
            took.calls,
            took.failed,
            took.longest.as_secs_f64(),
        );
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests are told in the environment how long to go on"
)]
fn rounds() -> usize {
    let named = std::env::var("REHOME_TEST_FAILOVERS").ok();
    named.map_or(2, |rounds| {
        rounds.parse().expect("REHOME_TEST_FAILOVERS is a number")
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests are told in the environment where things are"
)]
fn python() -> OsString {
    std::env::var_os("REHOME_TEST_PYTHON").expect("run `cargo xtask test`: it installs the Python clients")
}
