//! The queue of messages: what one release has accepted the other sends.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use serde_json::{Value, json};
use testkit::postgres::Cluster;
use tokio::sync::mpsc;

use crate::home::{Home, Release};

const POOL: &str = "us-east-1_Queue0001";
const CLIENT: &str = "queueclient";

/// A gateway that takes nothing until it is opened, and then says what it gets.
struct Gateway {
    url: String,
    open: Arc<AtomicBool>,
    messages: mpsc::UnboundedReceiver<Value>,
    refused: mpsc::UnboundedReceiver<()>,
}

impl Gateway {
    async fn start() -> Self {
        let open = Arc::<AtomicBool>::default();
        let (sender, messages) = mpsc::unbounded_channel();
        let (told, refused) = mpsc::unbounded_channel();
        let is_open = Arc::clone(&open);
        let take = async move |body: String| {
            if !is_open.load(Ordering::SeqCst) {
                told.send(()).unwrap();
                return StatusCode::SERVICE_UNAVAILABLE;
            }
            sender.send(serde_json::from_str(&body).unwrap()).unwrap();
            StatusCode::OK
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(post(take))).await });
        Self {
            url,
            open,
            messages,
            refused,
        }
    }
}

fn pools() -> String {
    let user = |name: &str, number: &str| {
        format!(
            "{{ username = \"{name}\", password = \"Right-Password-1\", \
             attributes = {{ phone_number = \"{number}\", phone_number_verified = true }} }}"
        )
    };
    format!(
        "[[user_pools]]\nid = \"{POOL}\"\nusers = [{}, {}]\napp_clients = [{{ id = \"{CLIENT}\" }}]\n",
        user("ann", "+12065550101"),
        user("bea", "+12065550102"),
    )
}

/// A message is accepted by `first`, whose try fails and who then dies; `second` sends it, and its code counts there.
async fn is_taken_over(first: Release, second: Release, name: &str) {
    let database = Cluster::shared().unwrap().database().unwrap();
    let Some(mut home) = Home::new(&pools()) else {
        return;
    };
    let mut gateway = Gateway::start().await;
    home.set("--database-url", &database.url());
    let sms = format!(
        "[sms]\nurl = \"{}\"\njson = {{ to = \"{{to}}\", text = \"{{body}}\" }}\n",
        gateway.url
    );
    home.file_for("--couriers", "couriers.toml", &sms);
    let one = home.start(first);
    let forgot = json!({ "ClientId": CLIENT, "Username": name });
    let answer = one.api.call("ForgotPassword", &forgot).await.unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");
    let tried = tokio::time::timeout(Duration::from_secs(30), gateway.refused.recv());
    tried.await.expect("a try").unwrap();
    drop(one);
    let two = home.start(second);
    gateway.open.store(true, Ordering::SeqCst);
    // The lease of the one who has died is half a minute.
    let message = tokio::time::timeout(Duration::from_mins(1), gateway.messages.recv());
    let message = message.await.expect("the message").unwrap();
    let text = message["text"].as_str().unwrap();
    let code: String = text.chars().filter(char::is_ascii_digit).collect();
    let confirm = json!({
        "ClientId": CLIENT, "Username": name, "ConfirmationCode": code, "Password": "Another-Password-2",
    });
    let confirmed = two.api.call("ConfirmForgotPassword", &confirm).await.unwrap();
    assert_eq!(confirmed.status, 200, "{message} {confirmed:?}");
    while database.sql("SELECT count(*) FROM delivery").unwrap() != "0" {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_the_last_release_is_sent_by_this_one() {
    is_taken_over(Release::Last, Release::This, "ann").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_this_release_is_sent_by_the_last_one() {
    is_taken_over(Release::This, Release::Last, "bea").await;
}
