//! Traces of real servers, read by a real collector.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

#[path = "../process/mod.rs"]
mod process;

mod outage;
mod parts;
mod which;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use process::Served;
use process::collector::Collector;
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::pair;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";

/// A folder in which servers live.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> String {
        std::fs::write(self.path(name), text).unwrap();
        self.path(name).display().to_string()
    }

    /// Starts a server with these pools and functions in this environment; its log is JSON.
    fn serve(&self, name: &str, pools: &str, functions: &str, environment: &[(&str, &str)]) -> Served {
        let pools = self.write(&format!("{name}.pools.toml"), pools);
        let functions = self.write(&format!("{name}.functions.toml"), functions);
        let arguments = [
            "--log-format",
            "json",
            "--pools",
            &pools,
            "--functions",
            &functions,
        ];
        Served::start_in(
            environment,
            &self.path(name),
            &self.path(&format!("{name}.log")),
            arguments,
        )
    }

    /// An old pool alone.
    fn serve_old(&self, environment: &[(&str, &str)]) -> Served {
        self.serve("old", &pair::old_pools_file(), "", environment)
    }

    fn log(&self, name: &str) -> Vec<Value> {
        let text = std::fs::read_to_string(self.path(&format!("{name}.log"))).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// What the log warns of.
    fn warnings(&self, name: &str) -> Vec<Value> {
        let lines = self.log(name).into_iter();
        lines.filter(|line| line["level"] == "WARN").collect()
    }
}

fn traced<'a>(collector: &'a Collector, name: &'a str) -> [(&'static str, &'a str); 3] {
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url),
        ("OTEL_EXPORTER_OTLP_HEADERS", "x-collector-key=canary%2Dkey"),
        ("OTEL_SERVICE_NAME", name),
    ]
}

/// Runs a script of boto3 against the new pool of a server, as part of [`TRACE`].
async fn boto3(server: &Served) {
    let scene = json!({
        "endpoint": server.url, "region": "us-east-1", "pool": pair::NEW_POOL, "client": pair::NEW_CLIENT, "username": pair::ANN,
        "password": pair::PASSWORD, "traceparent": format!("00-{TRACE}-{PARENT}-01"),
    });
    let mut command = Command::new(std::env::var_os("REHOME_TEST_PYTHON").expect("run `cargo xtask test`"));
    command
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/clients/python/boto3_traced.py"))
        .env("REHOME_SCENE", scene.to_string())
        .stdin(Stdio::null());
    let output = process::run(command).await;
    assert!(output.status.success(), "{}", process::text(&output.stderr));
}

/// Signs ann in at the old pool's server, as an administrator.
async fn sign_in(server: &Served, password: &str) -> u16 {
    let body = json!({
        "AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "UserPoolId": pair::OLD_POOL, "ClientId": pair::OLD_CLIENT,
        "AuthParameters": { "USERNAME": pair::ANN, "PASSWORD": password },
    });
    server.api.call("AdminInitiateAuth", &body).await.unwrap().status
}

/// The first column of those tables in the reference whose header begins so.
fn documented(header: &str) -> BTreeSet<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/traces.md");
    let text = std::fs::read_to_string(file).unwrap();
    let rows = text.split(header).nth(1).unwrap().lines().skip(2);
    let rows = rows.map_while(|line| line.strip_prefix("| `")?.split_once('`'));
    rows.map(|(name, _)| name.to_owned()).collect()
}

fn named<'s>(spans: &'s [Value], name: &str) -> Vec<&'s Value> {
    spans.iter().filter(|span| span["name"] == name).collect()
}

fn children<'s>(spans: &'s [Value], parent: &Value) -> Vec<&'s Value> {
    spans
        .iter()
        .filter(|span| span["parent"] == parent["span"])
        .collect()
}

fn names(spans: &[&Value]) -> BTreeSet<String> {
    spans
        .iter()
        .map(|span| span["name"].as_str().unwrap().to_owned())
        .collect()
}

fn set<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
    names.map(str::to_owned).into()
}

/// What has to hold of every span: its names are those of the reference, and nobody's words are in it.
fn check(spans: &[Value]) {
    let attributes = documented("| attribute |");
    for span in spans {
        let keys = span["attributes"].as_object().unwrap().keys();
        assert!(
            span["parent"] != "" || span["kind"] == 2 || span["name"] == "deliver message",
            "no request, and begins a trace: {span}"
        );
        let strange: Vec<_> = keys.filter(|key| !attributes.contains(*key)).collect();
        assert!(strange.is_empty(), "not in the reference: {strange:?} of {span}");
        assert!(span["began"].as_u64() <= span["ended"].as_u64(), "{span}");
        assert_eq!(
            (&span["events"], &span["state"], &span["message"]),
            (&json!([]), &json!(""), &json!(""))
        );
        assert_eq!(span["key"], "canary-key");
    }
    let text = format!("{spans:?}");
    for secret in [pair::ANN, pair::PASSWORD, "Wrong-password-1", "canary-state"] {
        assert!(!text.contains(secret), "{secret} is in a trace");
    }
}
