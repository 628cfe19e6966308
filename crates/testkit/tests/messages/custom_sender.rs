//! *Custom e-mail sender* and *custom SMS sender*.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pool::ports::{Entropy as _, SystemEntropy};
use serde_json::{Value, json};
use server::functions::Builtin;
use testkit::{Answering, Options};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::{EMAIL, EVE, PHONE, pool_with, set, telling, try_set};
use crate::behaviour::{LEGACY, NEXT, PASSWORD, POOL, Pool, challenge, refusal, tokens};

const SENDER: &str = "arn:aws:lambda:us-east-1:000000000000:function:Sender";
const MESSAGE: &str = "arn:aws:lambda:us-east-1:000000000000:function:Message";
const KEY: &str = "arn:aws:kms:us-east-1:000000000000:key/0b4cfe42-7a1c-4e51-9c0d-2f6f2c1f7a10";

fn senders() -> Value {
    let sender = json!({ "LambdaVersion": "V1_0", "LambdaArn": SENDER });
    json!({ "CustomEmailSender": sender, "CustomSMSSender": sender, "KMSKeyID": KEY })
}

/// A key of its own in `folder`, and the table of the functions file that names it.
fn key(folder: &Path) -> String {
    let mut bytes = [0; 32];
    SystemEntropy.fill(&mut bytes);
    let file = folder.join("sender.key");
    std::fs::write(&file, STANDARD.encode(bytes)).unwrap();
    format!("[keys.\"{KEY}\"]\nfile = {:?}\n\n", file.display().to_string())
}

/// A pool whose messages this function sends; another that would word them ends the test.
async fn sent_by(
    answer: impl Fn(Value) -> Result<Value, String> + Send + Sync + 'static,
) -> (Pool, UnboundedReceiver<Value>) {
    let folder = tempfile::tempdir().unwrap();
    let (function, events) = telling(answer);
    let never: Arc<dyn Builtin> = Arc::new(Answering(|_| panic!("asked to word a message")));
    let options = Options {
        builtins: vec![(SENDER, function), (MESSAGE, never)],
        functions: key(folder.path()),
        ..Options::default()
    };
    let pool = pool_with(options).await;
    let mut config = senders();
    config["CustomMessage"] = json!(MESSAGE);
    set(&pool, json!({ "LambdaConfig": config })).await;
    (pool, events)
}

#[tokio::test]
async fn the_event_is_as_observed_and_nothing_else_is_sent() {
    let (pool, mut events) = sent_by(Ok).await;
    assert_eq!(pool.forgot_password(LEGACY, "ann").await.0, 200);
    let (_, attributes) = pool.user("ann").await;
    let mut event = events.recv().await.unwrap();
    let code = event["request"]["code"].take();
    // Version 2 of the format, suite 0x0478.
    assert_eq!(
        STANDARD.decode(code.as_str().unwrap()).unwrap()[..3],
        [2, 4, 0x78]
    );
    assert_eq!(event["triggerSource"], "CustomEmailSender_ForgotPassword");
    assert_eq!(event["callerContext"]["clientId"], LEGACY);
    assert_eq!(
        event["request"],
        json!({
            "type": "customEmailSenderRequestV1", "code": null, "clientMetadata": null,
            "userAttributes": {
                "sub": attributes["sub"], "email": EMAIL, "email_verified": "true",
                "cognito:user_status": "CONFIRMED",
            },
        })
    );
    challenge(pool.sign_in(LEGACY, EVE, PASSWORD).await, "SMS_MFA");
    let event = events.recv().await.unwrap();
    assert_eq!(event["triggerSource"], "CustomSMSSender_Authentication");
    assert_eq!(event["request"]["type"], "customSMSSenderRequestV1");
    assert_eq!(event["request"]["userAttributes"]["phone_number"], PHONE);
    assert!(pool.messages().is_empty());
}

#[tokio::test]
async fn nobody_hears_what_a_sender_answers_or_that_it_failed() {
    type Answer = fn(Value) -> Result<Value, String>;
    let answers: [Answer; 2] = [|_| Err("No postman".to_owned()), |_| Ok(Value::Null)];
    for answer in answers {
        let (pool, mut events) = sent_by(answer).await;
        assert_eq!(pool.forgot_password(LEGACY, "ann").await.0, 200);
        assert!(events.recv().await.is_some());
        pool.server.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_sender_that_is_not_there_is_told() {
    let (pool, _events) = sent_by(Ok).await;
    let mut config = senders();
    config["CustomEmailSender"]["LambdaArn"] = json!(format!("{SENDER}2"));
    set(&pool, json!({ "LambdaConfig": config })).await;
    let text = "CustomEmailSender invocation failed due to error ResourceNotFoundException.";
    assert_eq!(
        pool.forgot_password(LEGACY, "ann").await,
        refusal("UnexpectedLambdaException", text)
    );
}

#[tokio::test]
async fn without_its_key_no_code_leaves_the_pool() {
    let (pool, mut events) = sent_by(Ok).await;
    let mut config = senders();
    config["KMSKeyID"] = json!("arn:aws:kms:us-east-1:000000000000:key/another");
    set(&pool, json!({ "LambdaConfig": config.clone() })).await;
    let text = "The code could not be encrypted for the custom sender: the key that KMSKeyID names is not available.";
    let refused = refusal("CodeDeliveryFailureException", text);
    assert_eq!(pool.forgot_password(LEGACY, "ann").await, refused);
    assert_eq!(pool.sign_in(LEGACY, EVE, PASSWORD).await, refused);
    assert!(events.try_recv().is_err() && pool.messages().is_empty());

    config.as_object_mut().unwrap().remove("KMSKeyID");
    assert_eq!(
        try_set(&pool, json!({ "LambdaConfig": config })).await,
        refusal(
            "InvalidParameterException",
            "KMSKeyID is required when CustomEmailSender is configured."
        )
    );
}

/// Where the handler says what it sends.
async fn post_office() -> (String, UnboundedReceiver<Value>) {
    async fn take(State(sender): State<UnboundedSender<Value>>, letter: Bytes) {
        let letter = serde_json::from_slice(&letter).expect("a letter");
        sender.send(letter).expect("the test listens");
    }
    let (sender, letters) = unbounded_channel();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().route("/", post(take)).with_state(sender);
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, letters)
}

#[tokio::test]
async fn a_handler_with_aws_s_encryption_sdk_delivers_codes_and_passwords_that_work() {
    let folder = tempfile::tempdir().unwrap();
    let (url, mut letters) = post_office().await;
    let python = std::env::var_os("REHOME_TEST_PYTHON")
        .expect("run `cargo xtask test`: it installs the Python clients");
    let scripts = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/clients/python");
    let functions = key(folder.path())
        + &format!(
            "[functions.\"{SENDER}\"]\nspawn = [{:?}, \"-m\", \"awslambdaric\", \"custom_sender_handler.lambda_handler\"]\n\
             env = {{ PYTHONPATH = {scripts:?}, PYTHONDONTWRITEBYTECODE = \"1\", KEY_ID = {KEY:?}, \
             KEY_FILE = {:?}, POST_OFFICE = {url:?} }}\n",
            python.display().to_string(),
            folder.path().join("sender.key").display().to_string(),
        );
    let pool = pool_with(Options {
        functions,
        ..Options::default()
    })
    .await;
    set(&pool, json!({ "LambdaConfig": senders() })).await;

    assert_eq!(pool.forgot_password(LEGACY, "ann").await.0, 200);
    let letter = letters.recv().await.unwrap();
    assert_eq!(
        (&letter["source"], &letter["to"]),
        (&json!("CustomEmailSender_ForgotPassword"), &json!(EMAIL))
    );
    assert_eq!(letter["context"], json!({ "userpool-id": POOL }));
    let code = letter["code"].as_str().unwrap();
    assert_eq!(
        pool.confirm_forgot(LEGACY, "ann", code, NEXT).await,
        (200, json!({}))
    );

    let asked = challenge(pool.sign_in(LEGACY, EVE, PASSWORD).await, "SMS_MFA");
    let letter = letters.recv().await.unwrap();
    assert_eq!(letter["to"], PHONE);
    tokens(
        pool.sms_code(asked.session(), EVE, letter["code"].as_str().unwrap())
            .await,
    );

    let invitation = json!({
        "DesiredDeliveryMediums": ["EMAIL"], "UserAttributes": [{ "Name": "email", "Value": "zoe@example.com" }],
    });
    assert_eq!(pool.admin("AdminCreateUser", "zoe", invitation).await.0, 200);
    let letter = letters.recv().await.unwrap();
    assert_eq!(letter["source"], "CustomEmailSender_AdminCreateUser");
    let temporary = letter["code"].as_str().unwrap();
    challenge(
        pool.sign_in(LEGACY, "zoe", temporary).await,
        "NEW_PASSWORD_REQUIRED",
    );
    pool.server.stop().await.unwrap();
}
