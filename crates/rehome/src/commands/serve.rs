//! `rehome serve`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use pool::ports::{Clock, Entropy, SystemClock, SystemEntropy};
use pool::service::{Issuer, Place};
use server::functions::Machine;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::exit::Exit;
use crate::key_watch;
use crate::pools_file;
use crate::problem::Problems;
use crate::settings::{IssuerForm, ServeArguments, ServeSettings, process_environment};
use crate::signals::Signals;
use crate::terminal::Terminal;
use crate::traces::Traces;
use crate::wiring::{self, Parts, Server};

pub(crate) const EXAMPLES: &str = "\
Examples:
  rehome serve
      A user pool server on http://127.0.0.1:9229, data in ./rehome-data. Then, with any AWS client:
      aws cognito-idp create-user-pool --endpoint-url http://127.0.0.1:9229 --pool-name mine

  rehome serve --pools pools.toml --functions functions.toml
      With pools, app clients and users of fixed ids, and functions behind their triggers.

  REHOME_ACCESS_KEYS=AKIAEXAMPLE:secret rehome serve --listen 0.0.0.0:9229
      For others to reach: signatures are verified against these keys. --public-url says how.

  rehome serve --database-url file:database.url --master-key-file master.key
      One of several servers on one database. `rehome db --help` tells how to move there.

Without --couriers nobody is mailed: codes are at http://127.0.0.1:9229/_rehome/outbox, on loopback.
SIGTERM and Ctrl-C end what has begun and stop; a second one stops at once.
Exit status: 0 stopped as asked, 1 failed, 2 a setting is wrong.";

/// Serves until a signal comes.
///
/// # Errors
/// [`Problems`] with the settings; what keeps the server from starting.
pub async fn run(arguments: ServeArguments) -> anyhow::Result<Exit> {
    let logs = arguments.log.check(&process_environment);
    let (logs, mut settings) = match (logs, arguments.check(&process_environment)) {
        (Ok(logs), Ok(settings)) => (logs, settings),
        (Err(problem), Ok(_)) => return Err(Problems(vec![problem]).into()),
        (Ok(_), Err(problems)) => return Err(problems.into()),
        (Err(problem), Err(mut problems)) => {
            problems.0.push(problem);
            return Err(problems.into());
        }
    };
    let traces = settings.traces.take().map(Traces::start).transpose()?;
    logs.start_with(traces.as_ref());
    let mut signals = Signals::listen().context("signals cannot be heard")?;
    let ended = match bind(settings.listen).await {
        Ok(listener) => start(settings, listener, &mut signals).await,
        Err(error) => Err(error),
    };
    if let Some(traces) = traces {
        tokio::select! {
            () = traces.end() => {}
            () = signals.next() => tracing::warn!("stopped at once"),
        }
    }
    ended
}

/// Listens, before anything is touched: a second server started by mistake ends here.
pub(crate) async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let advice = match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                "; something listens there already: stop it, or choose another with --listen"
            }
            std::io::ErrorKind::PermissionDenied => {
                "; ports below 1024 need special rights: choose another with --listen"
            }
            _ => "",
        };
        anyhow::anyhow!("cannot listen on {address}: {error}{advice}")
    })
}

async fn start(
    settings: ServeSettings,
    listener: TcpListener,
    signals: &mut Signals,
) -> anyhow::Result<Exit> {
    wiring::count()?;
    let address = listener.local_addr()?;
    let own_url = format!("http://{}", reachable(address));
    let public_url = settings.public_url.unwrap_or_else(|| own_url.clone());
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let master_keys = settings
        .database
        .master_keys(&settings.data, settings.master_key_file.as_deref(), &*entropy)
        .map_err(|problem| Problems(vec![problem]))?;
    let machine = Machine {
        clock: Arc::clone(&clock),
        entropy: Arc::clone(&entropy),
        credentials: settings.lambda_credentials.map(|own| Arc::new(own) as _),
    };
    let routes = Arc::new(wiring::function_routes(settings.functions, machine)?);
    let issuer = match settings.issuer {
        IssuerForm::PublicUrl => Issuer::PublicUrl(public_url.clone()),
        IssuerForm::Aws => Issuer::Aws,
    };
    let server = Server::new(Parts {
        store: wiring::open_to_serve(&settings.database).await?,
        functions: Arc::clone(&routes) as _,
        clock,
        entropy,
        master_keys,
        wrapping_keys: settings.wrapping_keys,
        place: Place {
            region: settings.region,
            account: settings.account,
            public_url: public_url.clone(),
            issuer,
        },
        couriers: settings.couriers,
        access_keys: settings.access_keys,
        rate_limits: settings.rate_limits,
        cores: wiring::cores(),
        public_url: public_url.clone(),
        languages: settings.languages,
    })
    .await?;
    if !settings.pools.is_empty() {
        let report = pools_file::apply(&server.service, settings.pools).await?;
        tracing::info!("pools file: {report}");
        for difference in report.differences() {
            tracing::warn!("pools file: {difference}; what is there stays");
        }
    }
    let data = settings.database;
    let elsewhere = if public_url == own_url {
        String::new()
    } else {
        format!("public URL {public_url}, ")
    };
    Terminal::stdout().line(&format!(
        "rehome {} serves {own_url} ({elsewhere}data in {data})",
        env!("CARGO_PKG_VERSION")
    ))?;
    let ended = serve_until(signals, listener, server, settings.drain).await;
    routes.shutdown().await;
    ended
}

/// Serves until the first signal and for the time of `drain` after it, then ends what has begun, or at the second signal
/// nothing more.
pub(crate) async fn serve_until(
    signals: &mut Signals,
    listener: TcpListener,
    server: Server,
    drain: Duration,
) -> anyhow::Result<Exit> {
    let app = server.app.clone();
    let (stop, stopped) = oneshot::channel::<()>();
    // Dropped at the end, between two tries of a message at worst: what waits is in the store.
    let mut handing_on = tokio::task::JoinSet::new();
    if let Some(queue) = server.queue {
        handing_on.spawn(async move { queue.run().await });
    }
    handing_on.spawn(key_watch::watch(server.service));
    let mut serving = pin!(server::http::serve(listener, server.app, async {
        let _sender_gone = stopped.await;
    }));
    tokio::select! {
        end = &mut serving => return end.map(|()| Exit::Done).context("the server ended"),
        () = signals.next() => app.drain(),
    }
    if !drain.is_zero() {
        tracing::info!(
            seconds = drain.as_secs(),
            "stopping: not ready any more, serving on"
        );
        tokio::select! {
            end = &mut serving => return end.map(|()| Exit::Done).context("the server ended"),
            () = tokio::time::sleep(drain) => {}
            () = signals.next() => {
                tracing::warn!("stopped at once");
                return Ok(Exit::Done);
            }
        }
    }
    tracing::info!("stopping: ending what has begun");
    drop(stop);
    tokio::select! {
        end = &mut serving => end.context("the server ended badly")?,
        () = signals.next() => tracing::warn!("stopped at once"),
    }
    Ok(Exit::Done)
}

/// An address that clients on this machine reach: "all addresses" is none.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}
