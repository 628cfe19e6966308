//! The load programme against servers of ours: every flow is served, and the report says what happened.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use testkit::{Options, TestServer};

const FLOWS: [&str; 7] = [
    "password",
    "srp",
    "refresh",
    "first-sign-in",
    "forgot-password",
    "create-user",
    "list-users",
];

fn bench(out: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bench"))
        .args(arguments)
        .args(["--seconds", "0.2", "--rounds", "1", "--settled", "400", "--out"])
        .arg(out)
        .output()
        .unwrap()
}

fn rows(out: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(out.join("load.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_flow_is_served_by_ours_and_by_another_endpoint_in_the_same_run() {
    let other = TestServer::start(Options::default()).await.unwrap();
    let at = format!("other={},pid={}", other.url(), std::process::id());
    let out = tempfile::tempdir().unwrap();
    let directory = out.path().to_owned();
    let ran = tokio::task::spawn_blocking(move || {
        let arguments = ["load", "--at", &at, "--clients", "1,3", "--waiting", "400"];
        bench(&directory, &arguments)
    });
    let ran = ran.await.unwrap();
    let errors = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{errors}");
    let rows = rows(out.path());
    let seen: BTreeSet<_> = rows
        .iter()
        .map(|row| (text(&row["target"]), text(&row["flow"]), row["clients"].as_u64()))
        .collect();
    for flow in FLOWS {
        for clients in [Some(1), Some(3)] {
            assert!(seen.contains(&("rehome", flow, clients)), "{flow}");
            // Nobody asks an old pool there.
            let is_there = seen.contains(&("other", flow, clients));
            assert_eq!(is_there, flow != "first-sign-in", "{flow}");
        }
    }
    for row in &rows {
        assert!(row["rate"].as_f64().unwrap() > 0.0, "{row}");
        assert!(row["p50"].as_f64() <= row["p99"].as_f64(), "{row}");
        assert!(row["cpu"].as_f64().is_some(), "{row}");
        assert!(row["memory"].as_f64().unwrap() > 1.0, "{row}");
        assert_eq!(row["refused"], serde_json::json!({}), "{row}");
    }
    let table = std::fs::read_to_string(out.path().join("load.md")).unwrap();
    assert_eq!(table.lines().count(), rows.len() + 2);
    let picture = std::fs::read_to_string(out.path().join("load.svg")).unwrap();
    assert!(picture.contains("first-sign-in: p99 ms") && picture.ends_with("</svg>\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_endpoint_refuses_is_counted_and_named() {
    let options = Options {
        rate_limits: server::RateLimits::off().with(server::quota::Category::UserList, Some(0)),
        ..Options::default()
    };
    let limited = TestServer::start(options).await.unwrap();
    let at = format!("limited={}", limited.url());
    let out = tempfile::tempdir().unwrap();
    let directory = out.path().to_owned();
    let ran = tokio::task::spawn_blocking(move || {
        let arguments = [
            "load",
            "--no-ours",
            "--at",
            &at,
            "--clients",
            "1",
            "--flows",
            "list-users",
        ];
        bench(&directory, &arguments)
    });
    let ran = ran.await.unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let rows = rows(out.path());
    let refused = &rows[0]["refused"]["400 TooManyRequestsException"];
    assert!(refused.as_u64().unwrap() > 0, "{rows:?}");
    assert!(rows[0]["cpu"].is_null(), "no process was named");
    assert!(
        String::from_utf8_lossy(&ran.stdout).contains("times: 400 TooManyRequestsException"),
        "it is told"
    );
    let picture = std::fs::read_to_string(out.path().join("load.svg")).unwrap();
    assert!(picture.contains("list-users: served a second: nothing was served"));
}

#[test]
fn an_endpoint_that_is_not_there_and_one_that_is_written_wrong_are_told() {
    let out = tempfile::tempdir().unwrap();
    let nobody = [
        "load",
        "--no-ours",
        "--at",
        "nobody=http://127.0.0.1:9",
        "--clients",
        "1",
    ];
    let ran = bench(out.path(), &nobody);
    assert!(!ran.status.success());
    let errors = String::from_utf8_lossy(&ran.stderr);
    assert!(errors.contains("http://127.0.0.1:9 does not answer"), "{errors}");
    let ran = bench(out.path(), &["load", "--at", "x=http://127.0.0.1:9,password=1"]);
    let errors = String::from_utf8_lossy(&ran.stderr);
    assert!(
        errors.contains("password is unknown; an endpoint is written"),
        "{errors}"
    );
}

#[test]
fn a_server_under_a_steady_mix_is_watched_and_judged() {
    let out = tempfile::tempdir().unwrap();
    let ran = Command::new(env!("CARGO_BIN_EXE_bench"))
        .args([
            "soak",
            "--minutes",
            "0.2",
            "--samples",
            "8",
            "--clients",
            "4",
            "--load",
            "0.5",
            "--out",
        ])
        .arg(out.path())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&ran.stdout);
    let samples: Vec<Vec<f64>> = told
        .lines()
        .filter_map(|line| line.split_whitespace().map(|word| word.parse().ok()).collect())
        .filter(|figures: &Vec<f64>| figures.len() == 7)
        .collect();
    assert_eq!(samples.len(), 8, "{told}{}", String::from_utf8_lossy(&ran.stderr));
    for figures in &samples {
        let [_, rate, p50, p99, megabytes, descriptors, refused] = figures[..] else {
            panic!("{figures:?}");
        };
        assert!(
            rate > 0.0 && p50 <= p99 && megabytes > 1.0 && descriptors > 4.0,
            "{told}"
        );
        assert!(refused < 1.0, "{told}");
    }
    // So short a time proves nothing of memory; that what it says and its exit status agree it does.
    assert_eq!(ran.status.success(), told.contains("nothing has grown"), "{told}");
    assert!(out.path().join("soak.svg").exists());
}
