//! The network between the function and the old pool on its worst days. Whatever happens, nobody moves, nobody is told that
//! the password is wrong, and no password is asked about twice.

use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;
use testkit::pair::{ANN, PASSWORD};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};

use crate::proxy::{Fault, Proxy};
use crate::scene::{Asked, OldPool, anns, later, moved};

fn answer(status: &str, body: &str) -> Fault {
    let length = body.len();
    Fault::Instead(format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/x-amz-json-1.1\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n{body}"
    ))
}

fn fault(name: &str) -> String {
    format!(r#"{{"__type":"{name}","message":"no"}}"#)
}

#[tokio::test]
async fn the_proxy_itself_changes_nothing() {
    let pool = OldPool::start().await;
    let proxy = Proxy::before(pool.server.url(), Fault::None).await;
    let function = Asked::at(&proxy.url, &[]);
    assert_eq!(
        function.sign_in(ANN, PASSWORD).await,
        moved("active", "CONFIRMED".into(), &anns())
    );
    assert_eq!(proxy.sign_ins(), 1);
}

#[tokio::test]
async fn a_bad_answer_is_no_answer_at_sign_in_and_at_forgot_password() {
    let pool = OldPool::start().await;
    for (bad, cause, times) in [
        (
            answer("500 Internal Server Error", &fault("InternalErrorException")),
            "broken",
            1,
        ),
        (answer("502 Bad Gateway", "<html>bad gateway</html>"), "broken", 1),
        (answer("503 Service Unavailable", ""), "broken", 1),
        (answer("200 OK", "<html>maintenance</html>"), "not_understood", 1),
        (answer("200 OK", ""), "not_understood", 1),
        (answer("200 OK", "[]"), "not_understood", 1),
        (answer("200 OK", "{}"), "not_understood", 1),
        (
            answer("400 Bad Request", &fault("NewlyMadeUpException")),
            "not_understood",
            1,
        ),
        (
            answer("403 Forbidden", &fault("AccessDeniedException")),
            "not_allowed",
            1,
        ),
        (answer("301 Moved Permanently", ""), "not_understood", 1),
        (Fault::Instead("SSH-2.0-OpenSSH_9.6\r\n".to_owned()), "broken", 1),
        (Fault::CutAfter(0), "broken", 1),
        (Fault::CutAfter(40), "broken", 1),
        (Fault::CutAfter(400), "broken", 1),
        (Fault::ResetAfter(0), "broken", 1),
        (Fault::ResetAfter(400), "broken", 1),
    ] {
        let proxy = Proxy::before(pool.server.url(), bad.clone()).await;
        let function = Asked::at(&proxy.url, &[]);
        let sign_in = function.sign_in(ANN, PASSWORD).await;
        assert_eq!(sign_in, later(cause), "{bad:?} at sign-in");
        assert_eq!(proxy.sign_ins(), times, "{bad:?} at sign-in");
        let forgot = Asked::at(&proxy.url, &[]).forgot_password(ANN).await;
        assert_eq!(forgot, later(cause), "{bad:?} at forgot password");
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come_in_time_is_given_up_and_the_password_asked_about_once() {
    let pool = OldPool::start().await;
    let left = Duration::from_secs(2);
    for slow in [
        Fault::Late(Duration::from_secs(30)),
        Fault::Dripping(Duration::from_millis(50)),
    ] {
        let proxy = Proxy::before(pool.server.url(), slow.clone()).await;
        let function = Asked::at(&proxy.url, &[]);
        let sign_in = function.sign_in_within(left, ANN, PASSWORD).await;
        assert_eq!(sign_in, later("too_slow"), "{slow:?}");
        assert_eq!(proxy.sign_ins(), 1, "{slow:?}");
    }
}

#[tokio::test]
async fn throttling_that_ends_within_the_budget_is_waited_out() {
    let pool = OldPool::start().await;
    let throttled = answer("400 Bad Request", &fault("TooManyRequestsException"));
    let proxy = Proxy::before(pool.server.url(), throttled).await;
    let function = Asked::at(&proxy.url, &[]);
    let (sign_in, ()) = tokio::join!(function.sign_in(ANN, PASSWORD), async {
        while proxy.sign_ins() == 0 {
            tokio::task::yield_now().await;
        }
        proxy.set(Fault::None);
    });
    assert_eq!(sign_in, moved("active", "CONFIRMED".into(), &anns()));
}

#[tokio::test]
async fn nobody_there_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    for endpoint in [closed.as_str(), "http://no-such-host.invalid"] {
        let function = Asked::at(endpoint, &[]);
        assert_eq!(
            function.sign_in(ANN, PASSWORD).await,
            later("unreachable"),
            "{endpoint}"
        );
        assert_eq!(
            function.forgot_password(ANN).await,
            later("unreachable"),
            "{endpoint}"
        );
    }
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_not_told_the_password() {
    let pool = OldPool::start().await;
    let proxy = Proxy::before(pool.server.url(), Fault::None).await;
    let function = Asked::at(&proxy.url.replace("http://", "https://"), &[]);
    assert_eq!(function.sign_in(ANN, PASSWORD).await, later("unreachable"));
    assert_eq!(proxy.sign_ins(), 0);
}

#[tokio::test]
async fn a_server_whose_certificate_has_ended_or_is_of_nobody_known_is_not_told_the_password() {
    let pool = OldPool::start().await;
    let proxy = Proxy::before(pool.server.url(), Fault::None).await;
    for more in [&["expired"][..], &[]] {
        let front = TlsFront::before(&proxy.url, more).await;
        let function = Asked::at(&format!("https://localhost:{}", front.port), &[]);
        assert_eq!(
            function.sign_in(ANN, PASSWORD).await,
            later("unreachable"),
            "{more:?}"
        );
        assert_eq!(
            function.forgot_password(ANN).await,
            later("unreachable"),
            "{more:?}"
        );
    }
    assert_eq!(proxy.sign_ins(), 0);
}

/// TLS before a server, with a certificate that no authority of the world has signed.
struct TlsFront {
    port: u16,
    _folder: TempDir,
    _process: Child,
}

impl TlsFront {
    #[expect(
        clippy::disallowed_methods,
        reason = "the harness names the interpreter in the environment"
    )]
    async fn before(server: &str, more: &[&str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let folder = tempfile::tempdir().unwrap();
        let python = std::env::var_os("REHOME_TEST_PYTHON")
            .expect("run `cargo xtask test`: it installs Python's packages");
        let script = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../tests/clients/python/tls_front.py"
        );
        let mut process = Command::new(python)
            .args([script, &port.to_string(), server.rsplit(':').next().unwrap()])
            .arg(folder.path())
            .args(more)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let said = BufReader::new(process.stdout.take().unwrap())
            .lines()
            .next_line()
            .await;
        assert_eq!(said.unwrap().as_deref(), Some("ready"));
        Self {
            port,
            _folder: folder,
            _process: process,
        }
    }
}
