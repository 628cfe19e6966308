//! A server of one test.

use std::io;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use ::server::functions::settings::FunctionsFile;
use ::server::functions::{Builtin, FunctionRoutes, Machine};
use ::server::{AccessKeys, Languages, RateLimits, courier::Outbox};
use anyhow::Context as _;
use pool::encryption_sdk::WrappingKeys;
use pool::ports::{Clock, Entropy, FunctionArn, Store, SystemClock, SystemEntropy};
use pool::seal::MasterKey;
use pool::service::{Issuer, Place, Service};
use rehome::api_client::ApiClient;
use rehome::pools_file::{self, PoolsFile, Report};
use rehome::problem::Problems;
use rehome::wiring::{self, Parts, Server};
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::ThriftyEntropy;
use crate::function::Invocations;
use crate::pair;

/// What a test's server is to be; start from `Options::default()`: no pools, no functions, the machine's time and chance.
pub struct Options {
    /// The text of a pools file.
    pub pools: String,
    /// The text of a functions file; `{url}` in it stands for the server's own URL.
    pub functions: String,
    /// Functions of the test itself, by ARN; they go before those of the file.
    pub builtins: Vec<(&'static str, Arc<dyn Builtin>)>,
    /// The pools' time.
    pub clock: Arc<dyn Clock>,
    /// The pools' chance.
    pub entropy: Arc<dyn Entropy>,
    /// Whose signatures count.
    pub access_keys: AccessKeys,
    /// How many requests a second are let through.
    pub rate_limits: RateLimits,
    /// How many requests compute at a time.
    pub cores: NonZeroUsize,
    /// The URL under which people and programs reach the server; its own when `None`.
    pub public_url: Option<String>,
    /// How the issuer reads; the public URL when `None`.
    pub issuer: Option<Issuer>,
    /// Where state is kept; in a fresh file when `None`.
    pub store: Option<Arc<dyn Store>>,
    /// What seals it; a fresh key when `None`.
    pub master_key: Option<MasterKey>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            pools: String::new(),
            functions: String::new(),
            builtins: Vec::new(),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(ThriftyEntropy::default()),
            access_keys: AccessKeys::AnySignature,
            rate_limits: RateLimits::off(),
            cores: wiring::cores(),
            public_url: None,
            issuer: None,
            store: None,
            master_key: None,
        }
    }
}

impl Options {
    /// The old and the new pool of [`pair`], with the migration function between them.
    #[must_use]
    pub fn old_and_new() -> Self {
        Self {
            pools: pair::pools_file(),
            functions: pair::functions_file(),
            ..Self::default()
        }
    }

    /// The same pools with a function of the test's own behind the trigger.
    #[must_use]
    pub fn old_and_new_with(function: Arc<dyn Builtin>) -> Self {
        Self {
            pools: pair::pools_file(),
            builtins: vec![(pair::FUNCTION, function)],
            ..Self::default()
        }
    }
}

/// A running server. It stops when it is dropped; [`TestServer::stop`] also waits for it.
pub struct TestServer {
    url: String,
    api: ApiClient,
    service: Arc<Service>,
    outbox: Arc<Outbox>,
    invocations: Arc<Invocations>,
    routes: Arc<FunctionRoutes>,
    report: Report,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<io::Result<()>>,
    data: TempDir,
}

impl TestServer {
    /// Starts a server on a free port of loopback; it answers when this returns.
    ///
    /// # Errors
    /// What is wrong with the options.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let data = tempfile::tempdir()?;
        let Outward {
            routes,
            invocations,
            wrapping_keys,
        } = outward(&options, &url)?;
        let public_url = options.public_url.unwrap_or_else(|| url.clone());
        let server = Server::new(Parts {
            store: match options.store {
                Some(store) => store,
                None => wiring::open_store(data.path())?,
            },
            functions: Arc::clone(&invocations) as _,
            clock: options.clock,
            entropy: options.entropy,
            master_keys: options
                .master_key
                .unwrap_or_else(|| MasterKey::generate(&SystemEntropy))
                .into(),
            wrapping_keys,
            place: Place {
                region: "us-east-1".to_owned(),
                account: "000000000000".to_owned(),
                public_url: public_url.clone(),
                issuer: options
                    .issuer
                    .unwrap_or_else(|| Issuer::PublicUrl(public_url.clone())),
            },
            couriers: None,
            access_keys: options.access_keys,
            rate_limits: options.rate_limits,
            cores: options.cores,
            public_url,
            languages: Languages::compiled_in()?,
        })
        .await?;
        let mut problems = Vec::new();
        let pools = PoolsFile::parse("pools.toml", &options.pools, &mut problems);
        let report = pools_file::apply(&server.service, Problems::none_in(problems, pools)?).await?;
        let (stop, stopped) = oneshot::channel();
        let ended = tokio::spawn(::server::http::serve(listener, server.app, async {
            let _sender_gone = stopped.await;
        }));
        let (service, outbox) = (server.service, server.outbox);
        let api = ApiClient::new(&url)?;
        Ok(Self {
            url,
            api,
            service,
            outbox,
            invocations,
            routes,
            report,
            stop,
            ended,
            data,
        })
    }

    /// `http://127.0.0.1:<port>`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The pools, for what no operation can do.
    #[must_use]
    pub fn service(&self) -> &Arc<Service> {
        &self.service
    }

    /// Where codes go.
    #[must_use]
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// The invocations of functions so far.
    #[must_use]
    pub fn invocations(&self) -> &Invocations {
        &self.invocations
    }

    /// What became of the pools file.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The directory of the database.
    #[must_use]
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// A client of this server.
    #[must_use]
    pub fn client(&self) -> &ApiClient {
        &self.api
    }

    /// Calls an operation; gives the status and the body.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn api(&self, operation: &str, body: &Value) -> anyhow::Result<(u16, Value)> {
        let answer = self.api.call(operation, body).await?;
        Ok((answer.status, answer.body))
    }

    /// The newest code for an e-mail address or phone number.
    ///
    /// # Errors
    /// When there is none.
    pub async fn newest_code(&self, user_pool_id: &str, destination: &str) -> anyhow::Result<String> {
        self.api.newest_code(user_pool_id, destination).await
    }

    /// Stops, and waits until everything has ended; child processes too.
    ///
    /// # Errors
    /// When the server had ended badly.
    pub async fn stop(self) -> anyhow::Result<()> {
        drop(self.stop);
        self.ended.await.context("the server panicked")??;
        self.routes.shutdown().await;
        Ok(())
    }
}

/// What the functions file says, ready for use.
struct Outward {
    routes: Arc<FunctionRoutes>,
    invocations: Arc<Invocations>,
    wrapping_keys: WrappingKeys,
}

/// The ways to the functions, what counts on them, and the keys for custom senders.
fn outward(options: &Options, url: &str) -> anyhow::Result<Outward> {
    // The machine's time, whatever the pools' clock says: deadlines of functions are real.
    let machine = Machine {
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        credentials: None,
    };
    let file = FunctionsFile::parse(&options.functions.replace("{url}", url), wiring::BUILTINS)?;
    let wrapping_keys = rehome::settings::read_wrapping_keys(&file).map_err(Problems)?;
    let mut routes = wiring::function_routes(file, machine)?;
    for (arn, function) in &options.builtins {
        routes.add_builtin(FunctionArn((*arn).to_owned()), Arc::clone(function), None);
    }
    let routes = Arc::new(routes);
    let invocations = Arc::new(Invocations::of(Arc::clone(&routes) as _));
    Ok(Outward {
        routes,
        invocations,
        wrapping_keys,
    })
}
