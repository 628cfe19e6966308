//! Collectors that are away, slow, or will not have it.

use std::time::Duration;

use testkit::pair;
use tokio::time::{sleep, timeout};

use crate::process::collector::Collector;
use crate::{Home, check, named, sign_in, traced};

#[tokio::test(flavor = "multi_thread")]
async fn what_a_collector_refuses_is_lost_and_told_once_and_its_return_is_told_too() {
    let (home, collector) = (Home::new(), Collector::start("refuse-first"));
    let variables = [
        &traced(&collector, "old")[..],
        &[("OTEL_BSP_SCHEDULE_DELAY", "50")],
    ]
    .concat();
    let old = home.serve_old(&variables);
    let told = timeout(Duration::from_mins(1), async {
        while !home.log("old").iter().any(|line| line["spans"].is_u64()) {
            assert_eq!(sign_in(&old, pair::PASSWORD).await, 200);
            sleep(Duration::from_millis(20)).await;
        }
    });
    told.await
        .expect("the log tells that the collector takes traces again");
    assert_eq!(sign_in(&old, "Wrong-password-1").await, 400);
    assert!(old.end().await.success());
    let warnings = home.warnings("old");
    assert_eq!(warnings.len(), 1, "{warnings:#?}");
    assert_eq!(
        warnings[0]["message"],
        "traces get lost: the collector does not take them"
    );
    assert_eq!(warnings[0]["why"], "it answers 400 Bad Request");
    let spans = collector.spans().await;
    check(&spans);
    let requests = named(&spans, "AdminInitiateAuth");
    assert!(
        requests
            .iter()
            .any(|request| request["attributes"]["http.response.status_code"] == 400)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_away_costs_no_request_anything() {
    let gone = {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", free.local_addr().unwrap())
    };
    let home = Home::new();
    let old = home.serve_old(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &gone),
        ("OTEL_BSP_SCHEDULE_DELAY", "50"),
    ]);
    let told = timeout(Duration::from_mins(1), async {
        while home.warnings("old").is_empty() {
            assert_eq!(sign_in(&old, pair::PASSWORD).await, 200);
            sleep(Duration::from_millis(20)).await;
        }
    });
    told.await.expect("the log tells that traces get lost");
    assert_eq!(sign_in(&old, pair::PASSWORD).await, 200);
    assert!(old.end().await.success());
    let warnings = home.warnings("old");
    assert_eq!(warnings.len(), 1, "{warnings:#?}");
    assert_eq!(warnings[0]["why"], "it cannot be reached");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_never_answers_holds_up_neither_a_request_nor_the_end_and_few_spans_wait_for_it() {
    let (home, collector) = (Home::new(), Collector::start("silent"));
    let variables = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url.as_str()),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "600000"),
        ("OTEL_BSP_SCHEDULE_DELAY", "50"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "8"),
    ];
    let old = home.serve_old(&variables);
    let told = timeout(Duration::from_mins(1), async {
        while home.warnings("old").is_empty() {
            assert_eq!(sign_in(&old, pair::PASSWORD).await, 200);
        }
    });
    told.await.expect("the log tells that traces get lost");
    let end = timeout(Duration::from_secs(20), old.end()).await;
    assert!(end.expect("an end in time").success());
    let told: Vec<_> = home
        .warnings("old")
        .iter()
        .map(|line| line["message"].clone())
        .collect();
    assert_eq!(
        told,
        [
            "traces get lost: the collector is slower than spans come",
            "the last traces were not handed to the collector in time"
        ]
    );
}
