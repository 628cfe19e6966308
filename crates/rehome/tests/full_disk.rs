//! A disk that is full: a real one of some MB, in a mount that only the server sees.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod process;

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use process::Served;
use serde_json::{Value, json};
use tempfile::tempdir;

const POOL: &str = "us-east-1_Full00001";
const POOLS: &str = r#"
[[user_pools]]
id = "us-east-1_Full00001"
app_clients = [{ id = "web", explicit_auth_flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"], prevent_user_existence_errors = "ENABLED" }]
users = [{ username = "ann", password = "Right-Password-1" }, { username = "bob", password = "Right-Password-1" }]
"#;

/// `rehome serve` on a file system of eight MB in memory. It is mounted in a namespace of the server's own, which any user may
/// make where the kernel lets them, and goes with the server. Gives the disk as the server sees it, and its log too.
fn serve_on_small_disk(scratch: &Path) -> (Served, PathBuf, PathBuf) {
    let (disk, log, pools) = (
        scratch.join("disk"),
        scratch.join("log"),
        scratch.join("pools.toml"),
    );
    std::fs::create_dir(&disk).unwrap();
    std::fs::write(&pools, POOLS).unwrap();
    let mut command = Command::new("unshare");
    if !rustix::process::geteuid().is_root() {
        command.arg("--map-root-user");
    }
    let mount = "mount -t tmpfs -o size=8m tmpfs \"$0\" || { echo 'no file system can be mounted here' >&2; exit 1; }; \
                 exec \"$@\"";
    command
        .args(["--mount", "sh", "-c", mount])
        .arg(&disk)
        .arg(env!("CARGO_BIN_EXE_rehome"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(disk.join("data"))
        .arg("--pools")
        .arg(&pools);
    let served = Served::spawn(command, &log);
    let seen = PathBuf::from(format!("/proc/{}/root{}", served.child.id(), disk.display()));
    (served, seen, log)
}

/// Writes until nothing fits.
fn fill(disk: &Path) {
    let mut file = File::create(disk.join("filler")).unwrap();
    for size in [64 * 1024, 4096, 512, 1] {
        let piece = vec![7; size];
        while file.write_all(&piece).is_ok() {}
    }
}

async fn create(served: &Served, name: &str) -> (u16, Value) {
    let body = json!({ "UserPoolId": POOL, "Username": name, "MessageAction": "SUPPRESS" });
    let answer = served.api.call("AdminCreateUser", &body).await.unwrap();
    (answer.status, answer.body["__type"].clone())
}

async fn is_there(served: &Served, name: &str) -> bool {
    let body = json!({ "UserPoolId": POOL, "Username": name });
    let answer = served.api.call("AdminGetUser", &body).await.unwrap();
    assert!(
        answer.status == 200 || answer.body["__type"] == "UserNotFoundException",
        "{answer:?}"
    );
    answer.status == 200
}

/// Signs ann in and refreshes her tokens.
async fn signs_in(served: &Served) {
    let password = json!({ "USERNAME": "ann", "PASSWORD": "Right-Password-1" });
    let body = json!({ "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": "web", "AuthParameters": password });
    let answer = served.api.call("InitiateAuth", &body).await.unwrap();
    assert!(answer.has_tokens(), "{answer:?}");
    let token = json!({ "REFRESH_TOKEN": answer.body["AuthenticationResult"]["RefreshToken"] });
    let body = json!({ "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": "web", "AuthParameters": token });
    let answer = served.api.call("InitiateAuth", &body).await.unwrap();
    assert!(answer.has_tokens(), "{answer:?}");
}

/// One try of a password: the message of the refusal, or none.
async fn try_password(served: &Served, name: &str, password: &str) -> Option<String> {
    let given = json!({ "USERNAME": name, "PASSWORD": password });
    let body = json!({ "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": "web", "AuthParameters": given });
    let answer = served.api.call("InitiateAuth", &body).await.unwrap();
    if answer.has_tokens() {
        return None;
    }
    assert_eq!(answer.body["__type"], "NotAuthorizedException", "{answer:?}");
    Some(answer.body["message"].as_str().unwrap().to_owned())
}

/// Guesses on: five are answered, and then the lock comes, which may be over by the time that a slow machine tries again.
async fn guess(served: &Served, name: &str) {
    for number in 0..5 {
        let told = try_password(served, name, &format!("Wrong-Password-{number}")).await;
        assert_eq!(told.unwrap(), "Incorrect username or password.", "{name}");
    }
    for _ in 0..4 {
        let told = try_password(served, name, "Wrong-Password-6").await;
        if told.unwrap() == "Password attempts exceeded" {
            return;
        }
    }
    panic!("{name} can be guessed on");
}

/// Waits for the end of the lock, which keeps the right password out as well; that one forgives.
async fn unlocked(served: &Served, name: &str) {
    let tries = async {
        while let Some(told) = try_password(served, name, "Right-Password-1").await {
            assert_eq!(told, "Password attempts exceeded");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let ended = tokio::time::timeout(Duration::from_mins(1), tries).await;
    ended.expect("the lock ends");
}

/// Makes users until one is refused; what is free in pages that are there already takes some. Gives all names, the refused
/// one last.
async fn create_until_refused(served: &Served, prefix: &str) -> Vec<String> {
    let mut names = Vec::new();
    loop {
        let name = format!("{prefix}-{}", names.len());
        let (status, error) = create(served, &name).await;
        names.push(name);
        if status != 200 {
            assert_eq!((status, error), (500, json!("InternalErrorException")));
            return names;
        }
        assert!(names.len() < 10_000, "the disk does not get full");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_sign_ins_go_on_writes_are_refused_whole_and_resume_when_there_is_room() {
    let scratch = tempdir().unwrap();
    let (served, seen, log) = serve_on_small_disk(scratch.path());
    let mut known = Vec::new();
    for round in ["first", "second"] {
        fill(&seen);
        let mut names = create_until_refused(&served, round).await;
        let refused = names.pop().unwrap();
        assert!(!is_there(&served, &refused).await, "{refused} was refused");
        known.extend(names);
        for _ in 0..3 {
            assert_eq!(create(&served, &refused).await.0, 500);
        }
        signs_in(&served).await;
        assert_eq!(served.api.get("/readyz").await.unwrap().0, 200);

        std::fs::remove_file(seen.join("filler")).unwrap();
        assert_eq!(create(&served, &refused).await, (200, Value::Null));
        known.push(refused);
    }
    for name in &known {
        assert!(is_there(&served, name).await, "{name} was acknowledged");
    }
    let log = std::fs::read_to_string(&log).unwrap();
    let lines = |text: &str| log.lines().filter(|line| line.contains(text)).count();
    assert_eq!(lines("reads and sign-ins go on"), 2, "{log}");
    assert_eq!(lines("has room again"), 2, "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_wrong_passwords_lock_users_and_unknown_names_alike() {
    let scratch = tempdir().unwrap();
    let (served, seen, log) = serve_on_small_disk(scratch.path());
    // One of them is written down, and counts.
    let told = try_password(&served, "ann", "Wrong-Password-0").await;
    assert_eq!(told.unwrap(), "Incorrect username or password.");
    assert_eq!(try_password(&served, "ann", "Right-Password-1").await, None);
    fill(&seen);
    create_until_refused(&served, "filler").await;

    for name in ["ann", "bob", "nobody"] {
        guess(&served, name).await;
    }
    unlocked(&served, "ann").await;
    guess(&served, "ann").await;

    std::fs::remove_file(seen.join("filler")).unwrap();
    assert_eq!(create(&served, "room").await.0, 200);
    unlocked(&served, "ann").await;
    let log = std::fs::read_to_string(&log).unwrap();
    assert!(
        log.contains("a wrong password is counted in memory alone"),
        "{log}"
    );
    assert!(!log.contains("Wrong-Password"), "{log}");
}
