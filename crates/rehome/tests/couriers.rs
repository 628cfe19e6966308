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
username = "ann"
password = "Old-Passw0rd"
attributes = { email = "ann.canary@example.com", email_verified = "true" }
"#;

/// A mail server; killed when dropped.
struct MailServer {
    child: Child,
    port: u16,
    mails: Receiver<Value>,
}

impl MailServer {
    fn start(port: u16, mode: &str) -> Self {
        let python = std::env::var_os("REHOME_TEST_PYTHON")
            .expect("run `cargo xtask test`: it installs the Python clients");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/clients/python/smtp_server.py");
        let mut child = Command::new(python)
            .arg(script)
            .args([port.to_string().as_str(), mode])
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
        Self { child, port, mails }
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
        let folder = tempdir().unwrap();
        std::fs::write(folder.path().join("pools.toml"), POOLS).unwrap();
        let couriers = format!(
            "[email]\nserver = \"smtp://127.0.0.1:{port}\"\nfrom = \"Example <no-reply@example.com>\"\n"
        );
        std::fs::write(folder.path().join("couriers.toml"), couriers).unwrap();
        Self { folder }
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
    let told = tokio::time::timeout(Duration::from_secs(20), async {
        while !home.log().contains("given up") {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    told.await.expect("the log tells of it");
    let log = home.log();
    assert!(log.contains("550") && !log.contains("canary"), "{log}");
}
