//! Which traces are sent, and what is wrong with the variables that say so.

use testkit::pair;

use crate::process::collector::Collector;
use crate::{Home, TRACE, check, named, names, process, sign_in, traced};

#[tokio::test(flavor = "multi_thread")]
async fn without_a_collector_there_is_no_trace() {
    let home = Home::new();
    let old = home.serve_old(&[("OTEL_SERVICE_NAME", "old")]);
    assert_eq!(sign_in(&old, pair::PASSWORD).await, 200);
    assert!(old.end().await.success());
    let lines = home.log("old");
    let requests: Vec<_> = lines
        .iter()
        .filter(|line| line["operation"] == "AdminInitiateAuth")
        .collect();
    assert!(
        requests.len() == 1 && requests[0]["trace.id"].is_null(),
        "{lines:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn probes_have_no_spans_and_what_the_sampler_leaves_out_is_not_sent() {
    for (sampler, operations) in [("always_off", &[][..]), ("always_on", &["AdminInitiateAuth"])] {
        let (home, collector) = (Home::new(), Collector::start("take"));
        let variables = [
            &traced(&collector, "old")[..],
            &[("OTEL_TRACES_SAMPLER", sampler)],
        ]
        .concat();
        let old = home.serve_old(&variables);
        for path in ["/healthz", "/readyz", "/metrics"] {
            assert_eq!(old.api.get(path).await.unwrap().0, 200);
        }
        assert_eq!(sign_in(&old, pair::PASSWORD).await, 200);
        assert!(old.end().await.success());
        let spans = collector.spans().await;
        check(&spans);
        let requests: Vec<_> = spans.iter().filter(|span| span["kind"] == 2).collect();
        assert_eq!(
            names(&requests),
            operations.iter().map(|name| (*name).to_owned()).collect(),
            "{sampler}"
        );
        // The log names the trace either way: other servers may have parts of it.
        let lines = home.log("old");
        assert!(
            lines
                .iter()
                .any(|line| line["trace.id"].as_str().is_some_and(|id| id.len() == 32)),
            "{lines:#?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_wants_no_spans_of_a_request_gets_none_but_the_next_is_told_of_the_trace() {
    let (home, collector) = (Home::new(), Collector::start("take"));
    let old = home.serve_old(&traced(&collector, "old"));
    let ask = |traceparent: &'static str| {
        let request = directory::http::client().unwrap().post(&old.url);
        let request = request
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", "AWSCognitoIdentityProviderService.ForgotPassword")
            .header("traceparent", traceparent);
        request.body("{}").send()
    };
    for traceparent in [
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
        "00-canary-00f067aa0ba902b7-01",
    ] {
        assert_eq!(ask(traceparent).await.unwrap().status(), 400);
    }
    assert!(old.end().await.success());
    let spans = collector.spans().await;
    check(&spans);
    let requests = named(&spans, "ForgotPassword");
    let [request] = requests[..] else {
        panic!("{requests:#?}")
    };
    assert_eq!(request["parent"], "", "what is no trace of a client begins one");
    assert_ne!(request["trace"], TRACE);
    assert_eq!(request["attributes"]["error.type"], "InvalidParameterException");
    let lines = home.log("old");
    let named: Vec<_> = lines
        .iter()
        .filter_map(|line| line["trace.id"].as_str())
        .collect();
    assert_eq!(named, [TRACE, request["trace"].as_str().unwrap()]);
}

#[tokio::test]
async fn what_is_wrong_with_the_variables_is_told_at_the_start_with_all_else() {
    let mut command = process::rehome(["serve", "--listen", "nowhere"]);
    command
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
        .env("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
        .env("OTEL_TRACES_SAMPLER", "sometimes");
    let output = process::run(command).await;
    assert_eq!(output.status.code(), Some(2));
    let told = process::text(&output.stderr);
    for name in [
        "--listen: ",
        "OTEL_EXPORTER_OTLP_PROTOCOL: ",
        "OTEL_TRACES_SAMPLER: ",
    ] {
        assert!(told.contains(name), "{told}");
    }
}
