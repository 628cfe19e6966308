//! Codes that arrive: a real mail server receives them, whatever happens to ours in between.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

mod process;

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use process::Served;
use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};

const CLIENT: &str = "couriersclient000000000000";
const POOLS: &str = r#"
[[user_pools]]
id = "us-east-1_Couriers1"
name = "couriers"
[[user_pools.app_clients]]
id = "couriersclient000000000000"
name = "app"
explicit_auth_flows = ["ALLOW_USER_PASSWORD_AUTH"]
[[user_pools.users]]
username = "tel"
password = "Old-Passw0rd"
attributes = { phone_number = "+12065550199", phone_number_verified = "true" }
[[user_pools.users]]
username = "ann"
password = "Old-Passw0rd"
attributes = { email = "ann.canary@example.com", email_verified = "true" }
"#;

const FROM: &str = "from = \"Example <no-reply@example.com>\"\n";

/// A mail server; killed when dropped.
struct MailServer {
    child: Child,
    port: u16,
    mails: Receiver<Value>,
    /// Where the certificate's authority is, with TLS.
    certificates: TempDir,
}

impl MailServer {
    fn start(port: u16, mode: &str) -> Self {
        let python = std::env::var_os("REHOME_TEST_PYTHON")
            .expect("run `cargo xtask test`: it installs the Python clients");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/clients/python/smtp_server.py");
        let certificates = tempdir().unwrap();
        let mut child = Command::new(python)
            .arg(script)
            .args([port.to_string().as_str(), mode])
            .arg(certificates.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python starts");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines.next().expect("a line").unwrap().parse().expect("a port");
        let (sender, mails) = channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let _nobody_listens = sender.send(serde_json::from_str(&line).expect("JSON"));
            }
        });
        Self {
            child,
            port,
            mails,
            certificates,
        }
    }

    /// The next mail. A node that was killed over a message keeps it from the others for half a minute.
    fn next_mail(&self) -> Value {
        self.mails
            .recv_timeout(Duration::from_mins(1))
            .expect("a mail in time")
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _gone_already = self.child.kill();
        let _no_status = self.child.wait();
    }
}

/// A folder with the files of a server, and what it takes to start it.
struct Home {
    folder: TempDir,
}

impl Home {
    fn new(port: u16) -> Self {
        let server = format!("smtp://127.0.0.1:{port}");
        Self::with(&format!("[email]\nserver = \"{server}\"\n{FROM}"))
    }

    /// The same with this couriers file, in which `secret` is a file.
    fn with(couriers: &str) -> Self {
        let folder = tempdir().unwrap();
        std::fs::write(folder.path().join("pools.toml"), POOLS).unwrap();
        std::fs::write(folder.path().join("secret"), "canary-secret\n").unwrap();
        std::fs::write(folder.path().join("couriers.toml"), couriers).unwrap();
        Self { folder }
    }

    /// One that sends by TLS, as `mailer`.
    fn by_tls(mails: &MailServer, scheme: &str, host: &str) -> Self {
        let authority = mails.certificates.path().join("ca.pem");
        Self::with(&format!(
            "[email]\nserver = \"{scheme}://{host}:{}\"\nusername = \"mailer\"\npassword_file = \"secret\"\n\
             certificate_authority = \"{}\"\n{FROM}",
            mails.port,
            authority.display(),
        ))
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn serve(&self) -> Served {
        let (pools, couriers) = (self.path("pools.toml"), self.path("couriers.toml"));
        let more = ["--pools", &pools, "--couriers", &couriers];
        Served::start(
            &self.folder.path().join("data"),
            Path::new(&self.path("log")),
            more,
        )
    }

    /// Waits until the log says so, and gives it.
    async fn log_that_says(&self, what: &str) -> String {
        let told = tokio::time::timeout(Duration::from_secs(40), async {
            while !self.log().contains(what) {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
        told.await
            .unwrap_or_else(|_| panic!("the log does not say {what}: {}", self.log()));
        self.log()
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap()
    }
}

async fn forget(served: &Served) {
    let body = json!({ "ClientId": CLIENT, "Username": "ann" });
    let answer = served.api.call("ForgotPassword", &body).await.unwrap();
    assert_eq!(
        answer.text("/CodeDeliveryDetails/Destination"),
        "a***@e***",
        "the answer does not wait for the mail server"
    );
}

fn code_in(mail: &Value) -> String {
    let body = mail["body"].as_str().unwrap();
    body.chars().filter(char::is_ascii_digit).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_arrives_by_mail_and_resets_the_password() {
    let mails = MailServer::start(0, "accept");
    let home = Home::new(mails.port);
    let served = home.serve();
    forget(&served).await;
    let mail = mails.next_mail();
    assert_eq!(mail["to"], json!(["ann.canary@example.com"]));
    assert_eq!(mail["from"], "Example <no-reply@example.com>");
    let confirm = json!({
        "ClientId": CLIENT, "Username": "ann", "ConfirmationCode": code_in(&mail), "Password": "New-Passw0rd",
    });
    served.api.call("ConfirmForgotPassword", &confirm).await.unwrap();
    let (status, _) = served.api.get("/_rehome/outbox").await.unwrap();
    assert_eq!(status, 404, "with couriers there is no outbox");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_was_accepted_survives_a_mail_server_that_is_down_and_a_kill() {
    let down = MailServer::start(0, "accept");
    let port = down.port;
    drop(down);
    let home = Home::new(port);
    let mut served = home.serve();
    forget(&served).await;
    served.child.kill().unwrap();
    served.child.wait().unwrap();
    let mails = MailServer::start(port, "accept");
    let _again = home.serve();
    assert_eq!(code_in(&mails.next_mail()).len(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_mail_is_given_up_and_the_log_names_neither_code_nor_address() {
    let mails = MailServer::start(0, "refuse");
    let home = Home::new(mails.port);
    let served = home.serve();
    forget(&served).await;
    let log = home.log_that_says("given up").await;
    assert!(log.contains("550") && !log.contains("canary"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_tls_from_the_first_byte_or_by_starttls_a_mail_goes_encrypted_and_under_our_name() {
    for (mode, scheme) in [("tls", "smtps"), ("starttls", "smtp+starttls")] {
        let mails = MailServer::start(0, mode);
        let home = Home::by_tls(&mails, scheme, "localhost");
        let served = home.serve();
        forget(&served).await;
        let mail = mails.next_mail();
        assert_eq!(
            (&mail["encrypted"], &mail["authenticated"]),
            (&json!(true), &json!(true)),
            "{mode}"
        );
        assert_eq!(code_in(&mail).len(), 6);
        assert!(!home.log().contains("canary"), "{}", home.log());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_to_a_server_of_another_name_or_that_offers_no_tls() {
    let mails = MailServer::start(0, "tls");
    let home = Home::by_tls(&mails, "smtps", "127.0.0.1");
    let served = home.serve();
    forget(&served).await;
    home.log_that_says("it is tried again").await;
    assert!(mails.mails.try_recv().is_err(), "the certificate names another");

    let mails = MailServer::start(0, "starttls");
    let without_authority = format!(
        "[email]\nserver = \"smtp+starttls://localhost:{}\"\n{FROM}",
        mails.port
    );
    let home = Home::with(&without_authority);
    let served = home.serve();
    forget(&served).await;
    home.log_that_says("it is tried again").await;
    assert!(mails.mails.try_recv().is_err(), "nobody we trust has signed it");

    let mails = MailServer::start(0, "accept");
    let home = Home::with(&format!(
        "[email]\nserver = \"smtp+starttls://localhost:{}\"\n{FROM}",
        mails.port
    ));
    let served = home.serve();
    forget(&served).await;
    home.log_that_says("a message was").await;
    assert!(mails.mails.try_recv().is_err(), "it offers no TLS");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_the_mail_server_refuses_gives_no_mail_up() {
    let mails = MailServer::start(0, "starttls");
    let home = Home::by_tls(&mails, "smtp+starttls", "localhost");
    std::fs::write(home.path("secret"), "canary-of-yesterday").unwrap();
    let served = home.serve();
    forget(&served).await;
    let log = home.log_that_says("it is tried again").await;
    assert!(log.contains("535") && !log.contains("canary"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_is_busy_is_asked_again() {
    let mails = MailServer::start(0, "busy");
    let home = Home::new(mails.port);
    let served = home.serve();
    forget(&served).await;
    assert_eq!(code_in(&mails.next_mail()).len(), 6);
    let log = home.log();
    assert!(log.contains("451") && !log.contains("canary"), "{log}");
}

/// A gateway for text messages: each request is its headers and its body. Answers 201.
async fn gateway() -> (String, tokio::sync::mpsc::UnboundedReceiver<(HeaderMap, String)>) {
    let (sender, requests) = tokio::sync::mpsc::unbounded_channel();
    let take = move |headers: HeaderMap, body: String| async move {
        sender.send((headers, body)).unwrap();
        StatusCode::CREATED
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/Messages.json", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(post(take))).await });
    (url, requests)
}

/// What the gateway of these settings gets for a code to `tel`.
async fn text_message(settings: &str) -> (HeaderMap, String) {
    let (url, mut requests) = gateway().await;
    let home = Home::with(&format!("[sms]\nurl = \"{url}\"\n{settings}\n"));
    let served = home.serve();
    let body = json!({ "ClientId": CLIENT, "Username": "tel" });
    let answer = served.api.call("ForgotPassword", &body).await.unwrap();
    assert_eq!(answer.text("/CodeDeliveryDetails/Destination"), "+*******0199");
    let request = tokio::time::timeout(Duration::from_secs(20), requests.recv()).await;
    request.expect("a request in time").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_message_goes_out_as_twilio_wants_it() {
    let settings = r#"
username = "AC0123"
password_file = "secret"
form = { To = "{to}", From = "+15550100", Body = "{body}" }"#;
    let (headers, body) = text_message(settings).await;
    assert_eq!(headers["content-type"], "application/x-www-form-urlencoded");
    assert_eq!(headers["authorization"], "Basic QUMwMTIzOmNhbmFyeS1zZWNyZXQ=");
    let mut members: Vec<&str> = body.split('&').collect();
    members.sort_unstable();
    assert!(members[0].starts_with("Body=") && members[0].bytes().filter(u8::is_ascii_digit).count() >= 6);
    assert_eq!(members[1..], ["From=%2B15550100", "To=%2B12065550199"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_message_goes_out_as_any_gateway_wants_it() {
    let settings = r#"
bearer_file = "secret"
json = { to = ["{to}"], text = "{body}", code = "{code}", priority = 1 }
headers = { X-Tenant = "example" }"#;
    let (headers, body) = text_message(settings).await;
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(headers["authorization"], "Bearer canary-secret");
    assert_eq!(headers["x-tenant"], "example");
    let body: Value = serde_json::from_str(&body).unwrap();
    let code = body["code"].as_str().unwrap();
    assert_eq!(code.len(), 6);
    assert!(body["text"].as_str().unwrap().contains(code));
    assert_eq!(
        (&body["to"], &body["priority"]),
        (&json!(["+12065550199"]), &json!(1))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_is_silent_keeps_no_request_and_no_text_message_waiting() {
    let mails = MailServer::start(0, "slow");
    let (url, mut requests) = gateway().await;
    let home = Home::with(&format!(
        "[email]\nserver = \"smtp://127.0.0.1:{}\"\n{FROM}[sms]\nurl = \"{url}\"\njson = {{ to = \"{{to}}\", text = \"{{body}}\" }}\n",
        mails.port
    ));
    let served = home.serve();
    forget(&served).await;
    assert_eq!(
        mails.next_mail(),
        json!({ "silent": true }),
        "the first try is under way"
    );
    let body = json!({ "ClientId": CLIENT, "Username": "tel" });
    served.api.call("ForgotPassword", &body).await.unwrap();
    let request = tokio::time::timeout(Duration::from_secs(5), requests.recv()).await;
    assert!(
        request.is_ok_and(|request| request.is_some()),
        "while the mail server is silent"
    );
    home.log_that_says("it is tried again").await;
    assert_eq!(code_in(&mails.next_mail()).len(), 6);
}
