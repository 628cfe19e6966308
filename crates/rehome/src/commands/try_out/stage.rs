//! The stage: one server on loopback with the old pool, the new pool and the migration function between them.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use pool::encryption_sdk::WrappingKeys;
use pool::ports::{Clock, Entropy, SystemClock, SystemEntropy};
use pool::seal::MasterKey;
use pool::service::{Issuer, Place};
use server::functions::settings::FunctionsFile;
use server::functions::{FunctionRoutes, Machine};
use server::{AccessKeys, Languages, RateLimits};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::cast;
use super::witness::Witness;
use crate::api_client::ApiClient;
use crate::commands::serve;
use crate::pools_file::{self, PoolsFile};
use crate::problem::Problems;
use crate::wiring::{self, Parts, Server};

/// A running server and what watches it.
pub(super) struct Stage {
    pub(super) url: String,
    pub(super) api: ApiClient,
    pub(super) witness: Arc<Witness>,
    routes: Arc<FunctionRoutes>,
    running: Option<Running>,
    _data: TempDir,
}

struct Running {
    stop: oneshot::Sender<()>,
    ended: JoinHandle<io::Result<()>>,
}

/// Listens. The usual port gives way to a free one when it is taken; a port that was asked for does not.
pub(super) async fn bind(address: SocketAddr, asked_for: bool) -> anyhow::Result<TcpListener> {
    match TcpListener::bind(address).await {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse && !asked_for => {
            serve::bind(SocketAddr::new(address.ip(), 0)).await
        }
        Ok(listener) => Ok(listener),
        Err(_) => serve::bind(address).await,
    }
}

/// Builds the server, fills the old pool and starts to serve.
pub(super) async fn build(listener: TcpListener) -> anyhow::Result<Stage> {
    let url = format!("http://{}", listener.local_addr()?);
    let data = tempfile::Builder::new()
        .prefix("rehome-try-")
        .tempdir()
        .context("no temporary directory can be made")?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let machine = Machine {
        clock: Arc::clone(&clock),
        entropy: Arc::clone(&entropy),
        credentials: None,
    };
    let functions = FunctionsFile::parse(&cast::functions_file(&url), wiring::BUILTINS)?;
    let routes = Arc::new(wiring::function_routes(functions, machine)?);
    let witness = Arc::new(Witness::of(Arc::clone(&routes) as _));
    let master_key = MasterKey::generate(&*entropy);
    let server = Server::new(Parts {
        store: wiring::open_store(data.path())?,
        functions: Arc::clone(&witness) as _,
        clock,
        entropy,
        master_keys: master_key.into(),
        wrapping_keys: WrappingKeys::default(),
        place: Place {
            region: "us-east-1".to_owned(),
            account: "000000000000".to_owned(),
            public_url: url.clone(),
            issuer: Issuer::PublicUrl(url.clone()),
        },
        couriers: None,
        access_keys: AccessKeys::AnySignature,
        rate_limits: RateLimits::off(),
        cores: wiring::cores(),
        public_url: url.clone(),
        languages: Languages::compiled_in()?,
    })
    .await?;
    let mut problems = Vec::new();
    let pools = PoolsFile::parse("the story", &cast::pools_file(), &mut problems);
    pools_file::apply(&server.service, Problems::none_in(problems, pools)?).await?;
    let (stop, stopped) = oneshot::channel();
    let ended = tokio::spawn(server::http::serve(listener, server.app, async {
        let _sender_gone = stopped.await;
    }));
    let api = ApiClient::new(&url)?;
    Ok(Stage {
        url,
        api,
        witness,
        routes,
        running: Some(Running { stop, ended }),
        _data: data,
    })
}

impl Stage {
    /// Ends what has begun and stops.
    pub(super) async fn close(&mut self) {
        let Some(Running { stop, ended }) = self.running.take() else {
            return;
        };
        drop(stop);
        let _ended_anyhow = ended.await;
        self.routes.shutdown().await;
    }
}
