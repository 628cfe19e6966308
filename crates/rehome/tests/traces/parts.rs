//! The parts of a trace, from process to process.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::http::HeaderMap;
use axum::routing::post;
use serde_json::{Value, json};
use testkit::pair;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::process::Served;
use crate::process::collector::Collector;
use crate::{Home, PARENT, TRACE, boto3, check, children, named, names, set, sign_in, traced};

#[tokio::test(flavor = "multi_thread")]
async fn a_first_sign_in_is_one_trace_from_the_client_over_the_function_to_the_old_pool() {
    let (home, collector) = (Home::new(), Collector::start("take"));
    let old = home.serve_old(&traced(&collector, "old"));
    let functions = pair::functions_file().replace("{url}", &old.url);
    let new = home.serve(
        "new",
        &pair::new_pools_file(),
        &functions,
        &traced(&collector, "new"),
    );
    boto3(&new).await;
    assert!(new.end().await.success() && old.end().await.success());
    let spans = collector.spans().await;
    check(&spans);

    let requests = named(&spans, "InitiateAuth");
    let [first, second, wrong, srp] = requests[..] else {
        panic!("{requests:#?}")
    };
    for request in requests.iter().copied() {
        assert_eq!(
            (&request["trace"], &request["parent"]),
            (&json!(TRACE), &json!(PARENT))
        );
        assert_eq!((&request["kind"], &request["status"]), (&json!(2), &json!(0)));
        assert_eq!(request["resource"]["service.name"], "new");
        let attributes = &request["attributes"];
        assert_eq!(
            (&attributes["rpc.system"], &attributes["rpc.method"]),
            (&json!("aws-api"), &json!("InitiateAuth"))
        );
        assert_eq!(attributes["app_client.id"], pair::NEW_CLIENT);
    }
    assert_eq!(first["attributes"]["http.response.status_code"], 200);
    assert_eq!(wrong["attributes"]["http.response.status_code"], 400);
    assert_eq!(wrong["attributes"]["error.type"], "NotAuthorizedException");

    let waits = "wait for a turn";
    let mut parts = names(&children(&spans, first));
    parts.remove(waits);
    assert!(
        parts.is_superset(&set([
            "find_user",
            "invoke function",
            "make verifier",
            "commit",
            "sign token"
        ])),
        "{parts:?}"
    );
    let mut parts = names(&children(&spans, second));
    parts.remove(waits);
    assert_eq!(parts, set(["find_user", "check password", "sign token"]));
    let signed = children(&spans, second)
        .into_iter()
        .filter(|span| span["name"] == "sign token");
    assert_eq!(signed.count(), 2, "an ID token and an access token");

    let proof = named(&spans, "RespondToAuthChallenge")[0];
    assert!(names(&children(&spans, srp)).contains("begin SRP"));
    assert!(names(&children(&spans, proof)).is_superset(&set(["check SRP proof", "sign token"])));

    // The function is in the new server, and asks the old one, which goes on with the trace.
    let invoked = named(&spans, "invoke function");
    let [invoked] = invoked[..] else {
        panic!("{invoked:#?}")
    };
    assert_eq!(
        (&invoked["parent"], &invoked["kind"]),
        (&first["span"], &json!(3))
    );
    assert_eq!(invoked["attributes"]["function.way"], "builtin");
    assert_eq!(invoked["attributes"]["faas.invoked_name"], "CognitoUserMigration");
    let asked = children(&spans, invoked);
    assert_eq!(names(&asked), set(["AdminGetUser", "AdminInitiateAuth"]));
    for request in asked {
        assert_eq!(request["trace"], TRACE);
        assert_eq!(
            (&request["resource"]["service.name"], &request["kind"]),
            (&json!("old"), &json!(2))
        );
        assert!(names(&children(&spans, request)).contains("find_user"));
    }

    let lines = home.log("new");
    let of_requests: Vec<_> = lines
        .iter()
        .filter(|line| line["operation"] == "InitiateAuth")
        .collect();
    assert_eq!(of_requests.len(), 4);
    assert!(of_requests.iter().all(|line| line["trace.id"] == TRACE));
    assert!(!format!("{lines:?}").contains("canary-key") && !format!("{lines:?}").contains("find_user"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_in_a_process_of_its_own_hands_the_trace_on_as_in_lambda() {
    let bootstrap = Path::new(env!("CARGO_BIN_EXE_rehome")).with_file_name("bootstrap");
    assert!(
        bootstrap.exists(),
        "run `cargo xtask test`: it builds the bootstrap"
    );
    let (home, collector) = (Home::new(), Collector::start("take"));
    let old = home.serve_old(&traced(&collector, "old"));
    let functions = format!(
        "[functions.\"{}\"]\nspawn = [{bootstrap:?}]\nenv = {{ OLD_USER_POOL_ID = \"{}\", OLD_CLIENT_ID = \"{}\", \
         AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER = \"{}\" }}\n",
        pair::FUNCTION,
        pair::OLD_POOL,
        pair::OLD_CLIENT,
        old.url,
    );
    let new = home.serve(
        "new",
        &pair::new_pools_file(),
        &functions,
        &traced(&collector, "new"),
    );
    boto3(&new).await;
    assert!(new.end().await.success() && old.end().await.success());
    let spans = collector.spans().await;
    check(&spans);
    let invoked = named(&spans, "invoke function");
    assert_eq!(
        (invoked.len(), &invoked[0]["attributes"]["function.way"]),
        (1, &json!("spawn"))
    );
    assert_eq!(
        names(&children(&spans, invoked[0])),
        set(["AdminGetUser", "AdminInitiateAuth"])
    );
}

/// Something that speaks Lambda's Invoke API: it moves whoever comes. Gives its address, and the headers of its invocations.
async fn lambda() -> (String, Arc<Mutex<Vec<HeaderMap>>>) {
    let invoked = Arc::<Mutex<Vec<HeaderMap>>>::default();
    let told = Arc::clone(&invoked);
    let answer = move |headers: HeaderMap, body: String| async move {
        told.lock().unwrap().push(headers);
        let mut event: Value = serde_json::from_str(&body).unwrap();
        event["response"] = json!({
            "userAttributes": { "email": event["userName"], "email_verified": "true" },
            "finalUserStatus": "CONFIRMED", "messageAction": "SUPPRESS",
        });
        ([("x-amz-executed-version", "$LATEST")], event.to_string())
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(post(answer))).await });
    (url, invoked)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_behind_lambdas_api_is_told_where_it_is_in_the_trace_in_both_forms() {
    let (home, collector, (url, invoked)) = (Home::new(), Collector::start("take"), lambda().await);
    let functions = format!("[functions.\"{}\"]\nendpoint = \"{url}\"\n", pair::FUNCTION);
    let new = home.serve(
        "new",
        &pair::new_pools_file(),
        &functions,
        &traced(&collector, "new"),
    );
    boto3(&new).await;
    assert!(new.end().await.success());
    let spans = collector.spans().await;
    check(&spans);
    let (spans, invoked) = (named(&spans, "invoke function"), invoked.lock().unwrap());
    let ([span], [headers]) = (&spans[..], &invoked[..]) else {
        panic!("{spans:#?}, {invoked:?}")
    };
    assert_eq!(span["attributes"]["function.way"], "endpoint");
    let id = span["span"].as_str().unwrap();
    assert_eq!(headers["traceparent"], format!("00-{TRACE}-{id}-01"));
    let amazons = format!("Root=1-{}-{};Parent={id};Sampled=1", &TRACE[..8], &TRACE[8..]);
    assert_eq!(headers["x-amzn-trace-id"], amazons);
    assert!(!headers.contains_key("tracestate"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_queued_in_its_requests_trace_and_delivered_in_one_of_its_own() {
    let (home, collector) = (Home::new(), Collector::start("take"));
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let couriers = format!(
        "[email]\nserver = \"smtp://{}\"\nfrom = \"Example <no-reply@example.com>\"\n",
        free.local_addr().unwrap()
    );
    // Nobody listens there.
    drop(free);
    let (couriers, pools) = (
        home.write("couriers.toml", &couriers),
        home.write("pools.toml", &pair::new_pools_file()),
    );
    let arguments = ["--log-format", "json", "--couriers", &couriers, "--pools", &pools];
    let (data, log) = (home.path("new"), home.path("new.log"));
    let new = Served::start_in(&traced(&collector, "new"), &data, &log, arguments);
    let user = json!({
        "UserPoolId": pair::NEW_POOL, "Username": pair::ANN, "TemporaryPassword": pair::PASSWORD,
        "DesiredDeliveryMediums": ["EMAIL"],
    });
    assert_eq!(new.api.call("AdminCreateUser", &user).await.unwrap().status, 200);
    let tried = timeout(Duration::from_mins(1), async {
        while home.warnings("new").is_empty() {
            sleep(Duration::from_millis(20)).await;
        }
    });
    tried
        .await
        .expect("the log tells that the message was not handed on");
    assert!(new.end().await.success());
    let spans = collector.spans().await;
    check(&spans);
    let request = named(&spans, "AdminCreateUser")[0];
    assert!(names(&children(&spans, request)).is_superset(&set([
        "make verifier",
        "commit",
        "queue message"
    ])));
    let delivery = named(&spans, "deliver message")[0];
    assert_eq!((&delivery["kind"], &delivery["status"]), (&json!(3), &json!(2)));
    assert_ne!(delivery["trace"], request["trace"]);
    let attributes = &delivery["attributes"];
    assert_eq!(
        (&attributes["delivery.medium"], &attributes["delivery.attempt"]),
        (&json!("EMAIL"), &json!(1))
    );
    assert_eq!(
        (&attributes["error.type"], &attributes["user_pool.id"]),
        (&json!("not_now"), &json!(pair::NEW_POOL))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wait_for_a_core_is_a_part_of_its_request() {
    let (home, collector) = (Home::new(), Collector::start("take"));
    let variables = [
        &traced(&collector, "old")[..],
        &[("OTEL_BSP_MAX_QUEUE_SIZE", "65536")],
    ]
    .concat();
    let old = Arc::new(home.serve_old(&variables));
    let waited = timeout(Duration::from_mins(1), async {
        loop {
            let mut at_once = JoinSet::new();
            for _ in 0..8 * rehome::wiring::cores().get() {
                let old = Arc::clone(&old);
                at_once.spawn(async move { sign_in(&old, pair::PASSWORD).await });
            }
            let statuses = at_once.join_all().await;
            assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
            let (_, metrics) = old.api.get("/metrics").await.unwrap();
            if !metrics.contains("rehome_crypto_wait_seconds_count 0\n") {
                break;
            }
        }
    });
    waited.await.expect("somebody waits for a core");
    let old = Arc::into_inner(old).expect("nobody else has it");
    assert!(old.end().await.success());
    let spans = collector.spans().await;
    check(&spans);
    let waits = named(&spans, "wait for a turn");
    assert!(!waits.is_empty());
    for wait in waits {
        let request = spans.iter().find(|span| span["span"] == wait["parent"]).unwrap();
        assert_eq!(request["name"], "AdminInitiateAuth");
    }
}
