//! Connections: accepting them, serving requests on them, ending them.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use http::Request;
use hyper::body::Incoming;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};

use super::router;
use crate::App;

/// How long a connection may rest between requests, and how long a request's head may take. Longer than the minute
/// for which SDKs keep idle connections, so that it is the client who lets go.
const HEAD_LIMIT: Duration = Duration::from_secs(75);
/// How long a connection may take to end what it has begun once the server stops: a first sign-in at its slowest,
/// three tries of five seconds, and a little.
const DRAIN_LIMIT: Duration = Duration::from_secs(20);
/// The pause after a failed accept; the usual cause, too many open files, goes away only with time.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// How often histograms are folded, so that they stay small while nobody looks.
const UPKEEP: Duration = Duration::from_secs(5);

/// Serves `app` on `listener` until `shutdown` resolves; then accepts nobody any more, ends what has begun and
/// returns.
///
/// # Errors
/// When the listener's address cannot be told, which means that it is no listener any more.
pub async fn serve(listener: TcpListener, app: App, shutdown: impl Future<Output = ()>) -> io::Result<()> {
    let address = listener.local_addr()?;
    tracing::info!(%address, "listening");
    let metrics = app.options().metrics.clone();
    let router = router(app);
    let graceful = GracefulShutdown::new();
    let mut upkeep = tokio::time::interval(UPKEEP);
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            _ = upkeep.tick() => {
                if let Some(metrics) = &metrics {
                    metrics.run_upkeep();
                }
            }
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => connect(stream, peer, &router, &graceful),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
        }
    }
    drop(listener);
    tracing::info!(connections = graceful.count(), "draining");
    if tokio::time::timeout(DRAIN_LIMIT, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some connections did not end in time and are cut off");
    }
    Ok(())
}

/// Serves one connection in a task of its own.
fn connect(stream: TcpStream, peer: SocketAddr, router: &Router, graceful: &GracefulShutdown) {
    // Answers are small and whole; waiting to fill a packet would only delay them.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set");
    }
    let faces = TowerToHyperService::new(router.clone());
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        faces.call(request)
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_LIMIT);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(HEAD_LIMIT);
    let connection = graceful.watch(
        builder
            .serve_connection(TokioIo::new(stream), service)
            .into_owned(),
    );
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            // Clients that go away in the middle are everyday.
            tracing::debug!(error, "a connection ended badly");
        }
    });
}
