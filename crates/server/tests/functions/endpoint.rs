//! A function behind a server that speaks Lambda's Invoke API.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, Method, StatusCode, Uri};
use pool::ports::{Functions as _, InvokeError};
use reqwest::Url;
use serde_json::json;
use server::functions::settings::EndpointSettings;
use server::functions::{Credentials, FunctionRoutes, Machine};
use tokio::net::TcpListener;
use trigger::Payload;

use super::{PATIENT, arn, failed, invoke, machine, not_invoked};

/// A request as the server got it.
struct Seen {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
}

type Answer = dyn Fn(&Seen) -> Response + Send + Sync;

/// A Lambda that answers every request alike and keeps the last.
struct Lambda {
    url: Url,
    last: Arc<Mutex<Option<Seen>>>,
}

impl Lambda {
    async fn start(answer: impl Fn(&Seen) -> Response + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let last = Arc::new(Mutex::new(None));
        let answer: Arc<Answer> = Arc::new(answer);
        let router = Router::new()
            .fallback(serve)
            .with_state((answer, Arc::clone(&last)));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, last }
    }

    fn routes(&self, machine: Machine) -> FunctionRoutes {
        routes(self.url.clone(), machine)
    }

    fn last(&self) -> Seen {
        self.last.lock().unwrap().take().unwrap()
    }
}

fn routes(url: Url, machine: Machine) -> FunctionRoutes {
    let mut routes = FunctionRoutes::new(machine);
    routes.add_endpoint(arn(), &EndpointSettings::Url(url)).unwrap();
    routes
}

type Shared = (Arc<Answer>, Arc<Mutex<Option<Seen>>>);

async fn serve(
    State((answer, last)): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let seen = Seen {
        method,
        uri,
        headers,
        body,
    };
    let response = answer(&seen);
    *last.lock().unwrap() = Some(seen);
    response
}

/// What comes back when Lambda answers so.
async fn answer_to(response: impl Fn() -> Response + Send + Sync + 'static) -> Result<String, InvokeError> {
    let lambda = Lambda::start(move |_| response()).await;
    invoke(&lambda.routes(machine()), &json!({}), PATIENT).await
}

#[tokio::test]
async fn the_event_goes_out_as_an_invocation_and_the_answer_comes_back() {
    let lambda =
        Lambda::start(|seen| ([("x-amz-executed-version", "$LATEST")], seen.body.clone()).into_response())
            .await;
    let answer = invoke(&lambda.routes(machine()), &json!({"request": {}}), PATIENT).await;
    assert_eq!(answer.unwrap(), r#"{"request":{}}"#);
    let seen = lambda.last();
    assert_eq!(seen.method, Method::POST);
    assert_eq!(seen.uri, "/2015-03-31/functions/Migrate/invocations");
    assert_eq!(seen.headers["x-amz-invocation-type"], "RequestResponse");
    assert!(!seen.headers.contains_key("authorization"));
}

#[tokio::test]
async fn an_event_that_is_handed_over_goes_to_lambda_s_queue() {
    let lambda = Lambda::start(|_| StatusCode::ACCEPTED.into_response()).await;
    let payload = Payload::from_bytes(b"{\"request\":{}}".to_vec());
    let taken = lambda.routes(machine()).hand_over(&arn(), &payload).await;
    assert_eq!(taken, Ok(()));
    let seen = lambda.last();
    assert_eq!(seen.headers["x-amz-invocation-type"], "Event");
    assert_eq!(seen.body, "{\"request\":{}}");

    let lambda = Lambda::start(|_| StatusCode::FORBIDDEN.into_response()).await;
    let refused = lambda.routes(machine()).hand_over(&arn(), &payload).await;
    assert_eq!(refused, Err(not_invoked("AccessDeniedException")));

    // An emulator without a queue tells that the function failed: nobody hears it.
    let document = r#"{"errorMessage":"no","errorType":"ValueError"}"#;
    let lambda = Lambda::start(move |_| document.into_response()).await;
    assert_eq!(lambda.routes(machine()).hand_over(&arn(), &payload).await, Ok(()));
}

#[tokio::test]
async fn calls_are_signed_for_lambda_when_there_are_credentials() {
    let lambda = Lambda::start(|_| "{}".into_response()).await;
    let credentials = Credentials::new("AKIDEXAMPLE", "canary", Some("token".to_owned()), None, "test");
    let machine = Machine {
        credentials: Some(Arc::new(credentials)),
        ..machine()
    };
    invoke(&lambda.routes(machine), &json!({}), PATIENT)
        .await
        .unwrap();
    let seen = lambda.last();
    let authorization = seen.headers["authorization"].to_str().unwrap();
    assert!(
        authorization.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"),
        "{authorization}"
    );
    assert!(
        authorization.contains("/eu-west-1/lambda/aws4_request"),
        "{authorization}"
    );
    assert!(
        authorization.contains("host") && authorization.contains("x-amz-invocation-type"),
        "{authorization}"
    );
    assert_eq!(seen.headers["x-amz-security-token"], "token");
}

#[tokio::test]
async fn a_function_error_is_the_function_s_own_message() {
    for kind in ["Handled", "Unhandled"] {
        let document = r#"{"errorMessage":"Bad password","errorType":"ValueError","stackTrace":[]}"#;
        let answer = answer_to(move || ([("x-amz-function-error", kind)], document).into_response()).await;
        assert_eq!(answer, Err(failed("ValueError", "Bad password")));
    }
}

#[tokio::test]
async fn a_function_error_without_a_document_keeps_its_kind() {
    let answer = answer_to(|| ([("x-amz-function-error", "Unhandled")], "oops").into_response()).await;
    assert_eq!(answer, Err(failed("Unhandled", "")));
}

#[tokio::test]
async fn an_emulator_that_forgets_the_header_is_understood() {
    let document = r#"{"errorMessage":"Bad password","errorType":"ValueError"}"#;
    assert_eq!(
        answer_to(move || document.into_response()).await,
        Err(failed("ValueError", "Bad password"))
    );
}

#[tokio::test]
async fn lambda_s_own_answer_is_never_taken_for_an_error() {
    let document = r#"{"errorMessage":"Bad password","errorType":"ValueError"}"#;
    let answer = answer_to(move || ([("x-amz-executed-version", "3")], document).into_response()).await;
    assert_eq!(answer.unwrap(), document);
}

#[tokio::test]
async fn a_refusal_of_lambda_is_named() {
    for (status, code) in [
        (403, "AccessDeniedException"),
        (404, "ResourceNotFoundException"),
        (409, "ResourceConflictException"),
        (429, "TooManyRequestsException"),
        (500, "ServiceException"),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        let header = answer_to(move || {
            (
                status,
                [("x-amzn-errortype", format!("{code}:"))],
                r#"{"Message":"no"}"#,
            )
                .into_response()
        });
        assert_eq!(header.await, Err(not_invoked(code)));
        let body = answer_to(move || (status, json!({ "__type": code }).to_string()).into_response());
        assert_eq!(body.await, Err(not_invoked(code)));
        assert_eq!(
            answer_to(move || status.into_response()).await,
            Err(not_invoked(code))
        );
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let answer =
        answer_to(|| (StatusCode::FOUND, [("location", "http://127.0.0.1:1/")]).into_response()).await;
    assert_eq!(answer, Err(not_invoked("ServiceException")));
}

#[tokio::test]
async fn an_answer_larger_than_lambda_carries_is_refused() {
    let Err(InvokeError::Failed { error_type, .. }) =
        answer_to(|| vec![b' '; 6_291_557].into_response()).await
    else {
        panic!("it was taken");
    };
    assert_eq!(error_type, "Function.ResponseSizeTooLarge");
}

#[tokio::test]
async fn an_endpoint_that_nobody_listens_on_is_a_broken_lambda() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    drop(listener);
    let answer = invoke(&routes(url, machine()), &json!({}), PATIENT).await;
    assert_eq!(answer, Err(not_invoked("ServiceException")));
}

#[tokio::test]
async fn an_endpoint_that_never_answers_times_out() {
    // The connection stands in the listener's queue and is never taken.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let answer = invoke(&routes(url, machine()), &json!({}), Duration::from_millis(300)).await;
    assert_eq!(answer, Err(InvokeError::TimedOut));
}
