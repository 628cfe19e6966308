//! The master key changes while servers serve, and nobody notices.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use pool::seal::Sealed;
use serde_json::{Value, json};
use testkit::postgres::{Cluster, Database};

use crate::process::{Served, run, text};
use crate::scene::{Key, Scene};

const POOL: &str = "us-east-1_Rotation1";
const DEVICES: &str = "us-east-1_Rotation2";
const PASSWORD: &str = "Right-Password-1";
const SECRET: &str = "a1b2c3d4e5f6a1b2c3d4e5f6";
const ROUNDS: u32 = 6;
/// How many users there are beside those of the applications.
const CROWD: u32 = 3_000;

fn pools_file() -> String {
    let flows = "[\"ALLOW_USER_PASSWORD_AUTH\", \"ALLOW_USER_SRP_AUTH\", \"ALLOW_REFRESH_TOKEN_AUTH\"]";
    format!(
        "[[user_pools]]\nid = \"{POOL}\"\n\
         [[user_pools.app_clients]]\nid = \"web\"\nexplicit_auth_flows = {flows}\n\
         prevent_user_existence_errors = \"ENABLED\"\n\
         [[user_pools.app_clients]]\nid = \"confidential\"\nsecret = \"{SECRET}\"\nexplicit_auth_flows = {flows}\n\
         [[user_pools.users]]\nusername = \"bob\"\npassword = \"{PASSWORD}\"\n\
         [[user_pools]]\nid = \"{DEVICES}\"\nmfa_configuration = \"OPTIONAL\"\n\
         device_configuration = {{ challenge_required_on_new_device = true }}\n\
         [[user_pools.app_clients]]\nid = \"devices\"\nexplicit_auth_flows = {flows}\n"
    )
}

/// Applications on boto3 and pycognito.
struct Rider {
    child: Child,
    told: ChildStdin,
    says: BufReader<ChildStdout>,
}

impl Rider {
    /// Sets everything up that the rounds go on with.
    fn start(first: &Served) -> Self {
        let python = std::env::var_os("REHOME_TEST_PYTHON")
            .expect("run `cargo xtask test`: it installs the Python clients");
        let script =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/clients/python/rotation_rider.py");
        let scene = json!({
            "endpoint": first.url, "region": "us-east-1", "userPoolId": POOL, "devicesPoolId": DEVICES,
            "clientId": "web", "confidentialClientId": "confidential", "devicesClientId": "devices",
            "clientSecret": SECRET, "password": PASSWORD, "rounds": ROUNDS,
        });
        let mut child = Command::new(python)
            .arg(script)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("REHOME_SCENE", scene.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let told = child.stdin.take().unwrap();
        let says = BufReader::new(child.stdout.take().unwrap());
        let mut rider = Self { child, told, says };
        rider.hears("set up");
        rider
    }

    /// Begins a round on these nodes; the refresh tokens of the rounds in `ended` are to be refused.
    fn begin(&mut self, round: u32, nodes: [&Served; 2], ended: &[u32]) {
        let urls = nodes.map(|node| node.url.as_str());
        let line = json!({ "round": round, "nodes": urls, "ended": ended });
        writeln!(self.told, "{line}").unwrap();
        self.told.flush().unwrap();
    }

    fn hears(&mut self, expected: &str) {
        let mut line = String::new();
        self.says.read_line(&mut line).unwrap();
        assert_eq!(line.trim_end(), expected, "what it has seen is above");
    }

    fn round(&mut self, round: u32, nodes: [&Served; 2], ended: &[u32]) {
        self.begin(round, nodes, ended);
        self.hears(&format!("round {round}"));
    }
}

impl Drop for Rider {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

/// Many users, all with one's password.
fn fill(database: &Database<'_>) {
    let made = database.sql(&format!(
        "INSERT INTO pool_user SELECT user_pool_id, s.sub, version, user_name, email, phone_number, full_name, given_name, \
         family_name, preferred_username, user_status, enabled, replace(document, u.sub, s.sub) FROM pool_user u, \
         (SELECT '00000000-0000-7000-8000-' || lpad(n::text, 12, '0') sub FROM generate_series(1, {CROWD}) n) s \
         WHERE document LIKE '%\"username\":\"bob\"%'; SELECT count(*) >= {CROWD} FROM pool_user"
    ));
    assert!(made.unwrap().ends_with('t'));
}

/// In how many records something is sealed under a key: its text begins with a version and the key's id.
fn sealed_under(database: &Database<'_>, key: &Key) -> u32 {
    let like = format!("document LIKE '%\"{}%'", key.beginning());
    let of = |table| format!("(SELECT count(*) FROM {table} WHERE {like})");
    let sum = ["user_pool", "app_client", "pool_user", "device"]
        .map(of)
        .join(" + ");
    database.sql(&format!("SELECT {sum}")).unwrap().parse().unwrap()
}

async fn sign_in(node: &Served) -> String {
    let body = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": "web",
        "AuthParameters": { "USERNAME": "bob", "PASSWORD": PASSWORD },
    });
    let answer = node.api.call("InitiateAuth", &body).await.unwrap();
    assert!(answer.has_tokens(), "{answer:?}");
    answer.text("/AuthenticationResult/RefreshToken").to_owned()
}

async fn refresh(node: &Served, token: &str) -> bool {
    let body = json!({
        "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": "web", "AuthParameters": { "REFRESH_TOKEN": token },
    });
    node.api.call("InitiateAuth", &body).await.unwrap().status == 200
}

/// Waits until a node seals with a key.
async fn until_it_seals(node: &Served, key: &Key) {
    let mut pace = tokio::time::interval(Duration::from_millis(100));
    for _ in 0..100 {
        pace.tick().await;
        let token = Sealed::from_url_text(&sign_in(node).await).unwrap();
        if token.master_key_id().unwrap().to_string() == key.id {
            return;
        }
    }
    panic!("{} does not seal with {}", node.url, key.id);
}

/// The keys by their ids, and what each is for.
fn states(keys: &[Value]) -> Vec<(&str, &str)> {
    keys.iter()
        .map(|key| (key["id"].as_str().unwrap(), key["state"].as_str().unwrap()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_notices_that_the_key_changes() {
    let database = Cluster::shared().unwrap().database().unwrap();
    let scene = Scene::on_postgres(database.url());
    std::fs::write(scene.file("pools.toml"), pools_file()).unwrap();
    let (old, new) = (Key::new(), Key::new());
    let before = scene.keys("before.key", &[&old]);
    let both = scene.keys("both.key", &[&old, &new]);
    let after = scene.keys("after.key", &[&new]);
    let mut one = scene.serve(&before);
    let mut rider = Rider::start(&one);
    let mut other = scene.serve(&before);
    rider.round(0, [&one, &other], &[]);
    fill(&database);
    let at_rest = sealed_under(&database, &old);

    // A server that was forgotten says so, and nothing changes.
    one = scene.serve(&both);
    let refused = run(scene.rotate(&both)).await;
    let said = text(&refused.stderr);
    assert_eq!(refused.status.code(), Some(1), "{said}");
    let forgotten = format!("process {}; add it there as another line", other.child.id());
    assert!(said.contains(&new.id) && said.contains(&forgotten), "{said}");
    assert_eq!(
        states(&scene.status(&both).await),
        [(&*old.id, "sealing"), (&*new.id, "unused")]
    );
    rider.round(1, [&one, &other], &[]);
    assert_eq!(sealed_under(&database, &new), 0);
    other = scene.serve(&both);
    rider.round(2, [&one, &other], &[]);

    // Killed in the middle.
    let mut rotating = scene.rotate(&both).stdout(Stdio::null()).spawn().unwrap();
    while sealed_under(&database, &new) < CROWD / 6 {
        assert!(rotating.try_wait().unwrap().is_none(), "it ended too early");
    }
    rotating.kill().unwrap();
    rotating.wait().unwrap();
    let left = sealed_under(&database, &old);
    assert!(left > CROWD / 6 && left < at_rest, "{left} of {at_rest}");
    assert_eq!(
        states(&scene.status(&both).await),
        [(&*old.id, "at rest"), (&*new.id, "sealing")]
    );
    for node in [&one, &other] {
        until_it_seals(node, &new).await;
    }

    // Neither key can be left out now.
    for (file, lacking) in [(&after, &old), (&before, &new)] {
        let said = scene.refused(file).await;
        assert!(
            said.contains(&format!(
                "the master key {} too, which is not at hand",
                lacking.id
            )),
            "{said}"
        );
    }

    // Run again beside the applications, it goes on.
    rider.begin(3, [&one, &other], &[]);
    let mut again = scene.rotate(&both);
    again.args(["--requests-end-within", "3"]);
    let rotated = run(again).await;
    rider.hears("round 3");
    assert!(rotated.status.success(), "{}", text(&rotated.stderr));
    let told = text(&rotated.stdout);
    assert!(told.contains("; nothing rests under it\n"), "{told}");
    let refresh_tokens = " at most: once its line is gone from the file, they have ended\n";
    assert!(told.contains(refresh_tokens), "{told}");
    assert_eq!(sealed_under(&database, &old), 0);
    assert!(sealed_under(&database, &new) >= at_rest);
    assert_eq!(
        states(&scene.status(&both).await),
        [(&*old.id, "former"), (&*new.id, "sealing")]
    );
    rider.round(4, [&one, &other], &[]);

    // Without the former key its refresh tokens have ended, and nothing else.
    one = scene.serve(&after);
    other = scene.serve(&after);
    rider.round(5, [&one, &other], &[0, 1, 2]);
    assert!(!scene.log().contains("ERROR"), "{}", scene.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_file_a_rotation_takes_two_restarts() {
    let scene = Scene::on_a_file();
    std::fs::write(scene.file("pools.toml"), pools_file()).unwrap();
    let (old, new) = (Key::new(), Key::new());
    let before = scene.keys("before.key", &[&old]);
    // The order of the lines is of no matter.
    let both = scene.keys("both.key", &[&new, &old]);
    let after = scene.keys("after.key", &[&new]);
    let mut served = scene.serve(&before);
    let token = sign_in(&served).await;
    let nothing_new = run(scene.rotate(&before)).await;
    assert_eq!(nothing_new.status.code(), Some(1));
    assert!(text(&nothing_new.stderr).contains("head -c 32 /dev/urandom | base64 >> master.key"));
    let mut elsewhere = scene.rotate(&both);
    elsewhere.args(["--to", "00000000"]);
    let elsewhere = text(&run(elsewhere).await.stderr);
    assert!(elsewhere.contains("00000000 is not in the file"), "{elsewhere}");
    drop(served);

    served = scene.serve(&both);
    let mut rotating = scene.rotate(&both);
    rotating.args(["--requests-end-within", "2"]);
    let rotated = run(rotating).await;
    assert!(rotated.status.success(), "{}", text(&rotated.stderr));
    until_it_seals(&served, &new).await;
    assert!(refresh(&served, &token).await);
    let newer = sign_in(&served).await;
    drop(served);
    served = scene.serve(&after);
    assert!(refresh(&served, &newer).await && !refresh(&served, &token).await);
    let keys = scene.status(&after).await;
    assert_eq!(states(&keys), [(&*old.id, "former"), (&*new.id, "sealing")]);
    assert_eq!(
        (&keys[0]["inFile"], &keys[1]["inFile"]),
        (&json!(false), &json!(true))
    );
}
