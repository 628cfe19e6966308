//! A collector of traces that reads them with OpenTelemetry's own protobuf messages.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

use serde_json::Value;

/// The collector; killed when dropped.
pub(crate) struct Collector {
    child: Child,
    pub(crate) url: String,
    spans: Option<JoinHandle<Vec<Value>>>,
}

impl Collector {
    /// One that does what its script calls `mode`.
    pub(crate) fn start(mode: &str) -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "`cargo xtask test` says where Python is"
        )]
        let python = std::env::var_os("REHOME_TEST_PYTHON")
            .expect("run `cargo xtask test`: it installs the Python clients");
        let script =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/clients/python/otlp_collector.py");
        let mut child = Command::new(python)
            .arg(script)
            .arg(mode)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python starts");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let port: u16 = lines
            .next()
            .expect("a line")
            .expect("text")
            .parse()
            .expect("a port");
        let spans = std::thread::spawn(move || {
            let lines = lines.map(|line| line.expect("text"));
            lines
                .map(|line| serde_json::from_str(&line).expect("JSON"))
                .collect()
        });
        Self {
            child,
            url: format!("http://127.0.0.1:{port}"),
            spans: Some(spans),
        }
    }

    /// Ends it, and gives the spans that it was given. A server that has ended has handed over all that it had.
    pub(crate) async fn spans(mut self) -> Vec<Value> {
        drop(self.child.stdin.take());
        let reader = self.spans.take().expect("taken once");
        let spans = tokio::task::spawn_blocking(move || reader.join().expect("no panic"));
        let spans = spans.await.expect("no panic");
        let wrong: Vec<_> = spans.iter().filter(|span| !span["wrong"].is_null()).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
        spans
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        let _gone_already = self.child.kill();
        let _no_status = self.child.wait();
    }
}
