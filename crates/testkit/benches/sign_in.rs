//! Sign-ins beside their bare cryptography, in one process on the same cores.
//!
//! For each flow clients sign in over HTTP as fast as they can; what a sign-in costs is the CPU time of the server's threads
//! alone. The bare cost is that of its cryptography in a loop: two RS256 signatures, and the exponentiations of the
//! verifier. The rounds of both alternate, so that a machine that is busy with other things slows both; the ratio is
//! what carries over to another machine.
#![allow(clippy::print_stdout, reason = "a bench prints its figures")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a bench that cannot go on says so"
)]
#![allow(clippy::disallowed_methods, reason = "a bench measures real time")]
#![allow(clippy::cast_precision_loss, reason = "figures of a few thousand")]

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use pool::jwt::SigningKey;
use pool::ports::SystemEntropy;
use pool::srp::client::{Client, PasswordVerifier};
use pool::srp::{Exchange, Identity, Proof, SrpA, Verifier};
use serde_json::{Value, json};
use testkit::{Options, TestServer, pair};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

const CLIENTS: usize = 8;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(2);
const SERVER_THREAD: &str = "server";

fn main() {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let servers = rehome::wiring::runtime()
        .thread_name(SERVER_THREAD)
        .build()
        .unwrap();
    let clients = Builder::new_multi_thread()
        .worker_threads(cores)
        .thread_name("client")
        .enable_all()
        .build()
        .unwrap();
    let server = Arc::new(
        servers
            .block_on(TestServer::start(Options::old_and_new()))
            .unwrap(),
    );
    let bench = Bench {
        server,
        clients,
        refresh_token: String::new(),
    };
    let bench = bench.with_a_moved_user();

    println!(
        "{cores} cores, {CLIENTS} clients, {ROUNDS} rounds of {} s a flow; medians",
        ROUND.as_secs()
    );
    println!(
        "{:<10} {:>12} {:>16} {:>14} {:>16} {:>7}",
        "flow", "sign-ins/s", "server CPU ms", "bare CPU ms", "bare/s a core", "ratio"
    );
    let bare = Bare::new();
    for flow in [Flow::Password, Flow::Srp, Flow::Refresh] {
        let (mut rates, mut costs, mut bares) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            bares.push(bare.milliseconds(flow));
            let (rate, cost) = bench.round(flow);
            rates.push(rate);
            costs.push(cost);
        }
        let (rate, cost, bare) = (median(rates), median(costs), median(bares));
        println!(
            "{:<10} {rate:>12.0} {cost:>16.2} {bare:>14.2} {:>16.0} {:>7.2}",
            flow.name(),
            1000.0 / bare,
            bare / cost
        );
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Password,
    Srp,
    Refresh,
}

impl Flow {
    fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Srp => "SRP",
            Self::Refresh => "refresh",
        }
    }
}

struct Bench {
    server: Arc<TestServer>,
    clients: Runtime,
    refresh_token: String,
}

impl Bench {
    /// The first sign-in moves the user; what is measured comes after it.
    fn with_a_moved_user(mut self) -> Self {
        let request = password_request();
        let (status, answer) = self
            .clients
            .block_on(self.server.api("InitiateAuth", &request))
            .unwrap();
        assert_eq!(status, 200, "{answer}");
        self.refresh_token = text(&answer["AuthenticationResult"]["RefreshToken"]);
        self
    }

    /// Sign-ins a second, and milliseconds of server CPU for each.
    fn round(&self, flow: Flow) -> (f64, f64) {
        let done = Arc::new(AtomicUsize::new(0));
        let (cpu_before, begun) = (server_cpu(), Instant::now());
        self.clients.block_on(async {
            let mut tasks = JoinSet::new();
            for _ in 0..CLIENTS {
                let (server, done, refresh_token) = (
                    Arc::clone(&self.server),
                    Arc::clone(&done),
                    self.refresh_token.clone(),
                );
                tasks.spawn(async move {
                    while begun.elapsed() < ROUND {
                        sign_in(&server, flow, &refresh_token).await;
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
            while let Some(ended) = tasks.join_next().await {
                ended.unwrap();
            }
        });
        let done = count(done.load(Ordering::Relaxed));
        let cpu = server_cpu().saturating_sub(cpu_before).as_secs_f64() * 1000.0;
        (done / begun.elapsed().as_secs_f64(), cpu / done)
    }
}

async fn sign_in(server: &TestServer, flow: Flow, refresh_token: &str) {
    let (status, answer) = match flow {
        Flow::Password => server.api("InitiateAuth", &password_request()).await.unwrap(),
        Flow::Refresh => {
            let parameters = json!({"REFRESH_TOKEN": refresh_token});
            let request = json!({"AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": pair::NEW_CLIENT, "AuthParameters": parameters});
            server.api("InitiateAuth", &request).await.unwrap()
        }
        Flow::Srp => srp_sign_in(server).await,
    };
    assert_eq!(status, 200, "{answer}");
    assert!(answer["AuthenticationResult"]["AccessToken"].is_string());
}

async fn srp_sign_in(server: &TestServer) -> (u16, Value) {
    let client = Client::begin(&SystemEntropy);
    let request = json!({
        "AuthFlow": "USER_SRP_AUTH", "ClientId": pair::NEW_CLIENT,
        "AuthParameters": {"USERNAME": pair::ANN, "SRP_A": client.srp_a()},
    });
    let (_, challenge) = server.api("InitiateAuth", &request).await.unwrap();
    let given = |name: &str| text(&challenge["ChallengeParameters"][name]);
    let (salt, srp_b, secret_block) = (given("SALT"), given("SRP_B"), given("SECRET_BLOCK"));
    let verifier = PasswordVerifier {
        salt: &salt,
        srp_b: &srp_b,
        secret_block: &secret_block,
    };
    let user_id = given("USER_ID_FOR_SRP");
    let timestamp = "Sat Oct 3 04:05:06 UTC 2026";
    let identity = Identity::new(pair::NEW_POOL, &user_id);
    let signature = client
        .sign(&identity, pair::PASSWORD, &verifier, timestamp)
        .unwrap();
    let request = json!({
        "ChallengeName": "PASSWORD_VERIFIER", "ClientId": pair::NEW_CLIENT,
        "ChallengeResponses": {
            "USERNAME": user_id, "PASSWORD_CLAIM_SECRET_BLOCK": secret_block,
            "PASSWORD_CLAIM_SIGNATURE": signature, "TIMESTAMP": timestamp,
        },
    });
    server.api("RespondToAuthChallenge", &request).await.unwrap()
}

fn password_request() -> Value {
    json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pair::NEW_CLIENT,
        "AuthParameters": {"USERNAME": pair::ANN, "PASSWORD": pair::PASSWORD},
    })
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// The cryptography alone, on one thread.
struct Bare {
    keys: [SigningKey; 2],
    verifier: Verifier,
    srp_a: String,
}

const IDENTITY: (&str, &str) = (pair::NEW_POOL, "64684428-c021-7049-51b0-d218e66ffecd");

impl Bare {
    fn new() -> Self {
        pool::srp::prepare();
        Self {
            keys: [SigningKey::generate().unwrap(), SigningKey::generate().unwrap()],
            verifier: Verifier::new(&Identity::new(IDENTITY.0, IDENTITY.1), pair::PASSWORD, [7; 16]),
            srp_a: Client::begin(&SystemEntropy).srp_a(),
        }
    }

    /// Milliseconds of CPU for the cryptography of one sign-in.
    fn milliseconds(&self, flow: Flow) -> f64 {
        let claims = json!({"sub": IDENTITY.1, "token_use": "access", "exp": 1_790_257_791, "client_id": "x".repeat(400)});
        let (before, begun) = (thread_cpu(), Instant::now());
        let mut done = 0;
        while begun.elapsed() < ROUND {
            match flow {
                Flow::Password => {
                    assert!(
                        self.verifier
                            .matches_password(&Identity::new(IDENTITY.0, IDENTITY.1), pair::PASSWORD)
                    );
                }
                Flow::Srp => self.exchange(),
                Flow::Refresh => {}
            }
            for key in &self.keys {
                std::hint::black_box(key.sign(&claims).unwrap());
            }
            done += 1;
        }
        thread_cpu().saturating_sub(before).as_secs_f64() * 1000.0 / count(done)
    }

    fn exchange(&self) {
        let exchange = Exchange::begin(&self.verifier, SrpA::parse(&self.srp_a).unwrap(), &SystemEntropy);
        let identity = Identity::new(IDENTITY.0, IDENTITY.1);
        let proof = Proof {
            identity,
            secret_block: b"block",
            timestamp: "now",
            signature: "none",
        };
        assert!(!exchange.is_proven(&self.verifier, &proof));
    }
}

/// CPU time of all threads of the server so far.
fn server_cpu() -> Duration {
    let tasks = fs::read_dir("/proc/self/task").expect("Linux");
    tasks
        .filter_map(|task| {
            let folder = task.ok()?.path();
            let name = fs::read_to_string(folder.join("comm")).ok()?;
            (name.trim() == SERVER_THREAD).then(|| on_cpu(&folder.join("schedstat")))
        })
        .sum()
}

fn thread_cpu() -> Duration {
    on_cpu("/proc/thread-self/schedstat".as_ref())
}

/// The first number of `schedstat`: nanoseconds on a CPU.
fn on_cpu(schedstat: &std::path::Path) -> Duration {
    let text = fs::read_to_string(schedstat).expect("schedstat");
    Duration::from_nanos(
        text.split(' ')
            .next()
            .and_then(|first| first.parse().ok())
            .expect("nanoseconds"),
    )
}

fn count(n: usize) -> f64 {
    n as f64
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
