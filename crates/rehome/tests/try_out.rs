//! `rehome try` as a process.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod process;

use process::{rehome, run, text};

#[tokio::test(flavor = "multi_thread")]
async fn the_story_ends_well() {
    let output = run(rehome(["try", "--once", "--listen", "127.0.0.1:0"])).await;
    let told = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{told}{}", text(&output.stderr));
    assert!(told.contains("steps, each did what it should"), "{told}");
    assert!(!told.contains('✗') && !told.contains('\x1b'), "{told}");
    assert_eq!(text(&output.stderr), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_was_asked_for_and_is_taken_is_told() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = run(rehome(["try", "--once", "--listen", &address])).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("something listens there already"));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_loopback_will_do() {
    let output = run(rehome(["try", "--once", "--listen", "0.0.0.0:0"])).await;
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("is not loopback"),
        "{}",
        text(&output.stderr)
    );
}
