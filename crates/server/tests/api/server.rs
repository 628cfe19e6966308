//! A server for one test: its own port, its own store, a clock that stands still.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use ::server::courier::Outbox;
use ::server::functions::{FunctionRoutes, Machine};
use ::server::{AccessKeys, App, Languages, Options, RateLimits};
use pool::ports::{Clock, SystemClock, SystemEntropy};
use pool::seal::{MasterKey, Sealer};
use pool::service::{Issuer, Place, Ports, Service};
use pool::time::Time;
use serde_json::{Value, json};
use store::SqliteStore;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// 31 January 2026, 23:59:59 UTC: when the signatures of the tests were made.
pub(crate) const START: Time = Time(1_769_903_999_000);

/// A clock that a test moves by hand.
pub(crate) struct ManualClock(AtomicI64);

impl ManualClock {
    pub(crate) fn set(&self, now: Time) {
        self.0.store(now.0, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Time {
        Time(self.0.load(Ordering::SeqCst))
    }
}

/// A running server.
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) http: reqwest::Client,
    stop: Option<oneshot::Sender<()>>,
    served: Option<JoinHandle<std::io::Result<()>>>,
    directory: std::path::PathBuf,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {:?}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::with_keys(AccessKeys::AnySignature).await
    }

    pub(crate) async fn with_keys(access_keys: AccessKeys) -> Self {
        Self::with(access_keys, RateLimits::off()).await
    }

    pub(crate) async fn with_rates(rate_limits: RateLimits) -> Self {
        Self::with(AccessKeys::AnySignature, rate_limits).await
    }

    async fn with(access_keys: AccessKeys, rate_limits: RateLimits) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::SeqCst);
        let directory = std::env::temp_dir().join(format!("rehome-server-{}-{count}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let clock = Arc::new(ManualClock(AtomicI64::new(START.0)));
        let outbox = Arc::new(Outbox::new(
            Arc::clone(&clock) as Arc<dyn Clock>,
            Outbox::USUAL_CAPACITY,
        ));
        let entropy = Arc::new(SystemEntropy);
        let machine = Machine {
            clock: Arc::new(SystemClock),
            entropy: entropy.clone(),
            credentials: None,
        };
        let ports = Ports {
            store: Arc::new(SqliteStore::open(&directory.join("rehome.db")).unwrap()),
            functions: Arc::new(FunctionRoutes::new(machine)),
            courier: outbox.clone(),
            clock: clock.clone(),
            entropy,
        };
        let place = Place {
            region: "us-east-1".to_owned(),
            account: "000000000000".to_owned(),
            public_url: url.clone(),
            issuer: Issuer::PublicUrl(url.clone()),
        };
        let service = Service::new(ports, place, Sealer::new(&MasterKey::new([7; 32])).unwrap());
        let options = Options {
            access_keys,
            rate_limits,
            cores: std::num::NonZeroUsize::MIN,
            public_url: url.clone(),
            languages: Languages::compiled_in().unwrap(),
            outbox: Some(outbox),
            metrics: Some(::server::telemetry::Metrics::install().unwrap()),
        };
        let (stop, stopped) = oneshot::channel();
        let app = App::new(Arc::new(service), options);
        let served = tokio::spawn(::server::http::serve(listener, app, async {
            let _ = stopped.await;
        }));
        let http = reqwest::Client::builder()
            .no_proxy()
            .tls_backend_preconfigured(no_tls())
            .build()
            .unwrap();
        Self {
            url,
            clock,
            http,
            stop: Some(stop),
            served: Some(served),
            directory,
        }
    }

    /// Stops the server as a signal would, and waits until it has drained.
    pub(crate) async fn stop(mut self) {
        self.stop.take().unwrap().send(()).unwrap();
        self.served.take().unwrap().await.unwrap().unwrap();
    }

    /// Calls an operation as an SDK would, with some signature.
    pub(crate) async fn call(&self, operation: &str, body: Value) -> Reply {
        self.send(
            self.request(operation)
                .header("authorization", SIGNED)
                .header("x-amz-date", DATE)
                .body(body.to_string()),
        )
        .await
    }

    /// Calls an operation that must succeed.
    pub(crate) async fn ok(&self, operation: &str, body: Value) -> Value {
        let reply = self.call(operation, body).await;
        assert_eq!(reply.status, 200, "{operation}: {}", reply.text());
        if reply.body.is_empty() {
            Value::Null
        } else {
            reply.json()
        }
    }

    /// Calls an operation that must be refused; `__type` and message.
    pub(crate) async fn refused(&self, operation: &str, body: Value) -> (String, String) {
        let reply = self.call(operation, body).await;
        assert_eq!(reply.status, 400, "{operation}: {}", reply.text());
        let body = reply.json();
        (
            body["__type"].as_str().unwrap().to_owned(),
            body["message"].as_str().unwrap_or_default().to_owned(),
        )
    }

    /// A request with the protocol's headers and no signature.
    pub(crate) fn request(&self, operation: &str) -> reqwest::RequestBuilder {
        self.http
            .post(format!("{}/", self.url))
            .header("content-type", "application/x-amz-json-1.1")
            .header(
                "x-amz-target",
                format!("AWSCognitoIdentityProviderService.{operation}"),
            )
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(self.http.get(format!("{}{path}", self.url))).await
    }

    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Reply {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Reply {
            status,
            headers,
            body: response.bytes().await.unwrap().to_vec(),
        }
    }

    /// A pool and an app client in it that may use passwords.
    pub(crate) async fn pool_and_client(&self) -> (String, String) {
        let pool = self.ok("CreateUserPool", json!({ "PoolName": "new" })).await;
        let pool_id = pool["UserPool"]["Id"].as_str().unwrap().to_owned();
        let flows = [
            "ALLOW_USER_PASSWORD_AUTH",
            "ALLOW_ADMIN_USER_PASSWORD_AUTH",
            "ALLOW_REFRESH_TOKEN_AUTH",
        ];
        let client = json!({ "UserPoolId": pool_id, "ClientName": "web", "ExplicitAuthFlows": flows });
        let client = self.ok("CreateUserPoolClient", client).await;
        (
            pool_id,
            client["UserPoolClient"]["ClientId"].as_str().unwrap().to_owned(),
        )
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// A header of the right form; what it says counts for nothing on a server without keys.
const SIGNED: &str = "AWS4-HMAC-SHA256 Credential=local/20260131/us-east-1/cognito-idp/aws4_request, \
                      SignedHeaders=host, Signature=00";
const DATE: &str = "20260131T235959Z";

/// The tests speak plain HTTP, but the client wants to know how it would do TLS.
fn no_tls() -> rustls::ClientConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth()
}
