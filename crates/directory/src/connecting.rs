//! How long connecting takes, and how long it may: a layer around the connector of the HTTP client.
//!
//! Which request a connection is for, the connector is not told. But it works inside the task of that request, so a value
//! of the task tells it the request's share and takes the time that went.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, timeout};
use tower_layer::Layer;
use tower_service::Service;

tokio::task_local! {
    static SHARE: Arc<Share>;
}

/// The share of one request.
#[derive(Debug)]
pub(crate) struct Share {
    left: Duration,
    micros: AtomicU64,
}

impl Share {
    pub(crate) fn of(left: Duration) -> Arc<Self> {
        Arc::new(Self {
            left,
            micros: AtomicU64::new(0),
        })
    }

    /// Runs a request under it.
    pub(crate) async fn around<T>(self: &Arc<Self>, request: impl Future<Output = T>) -> T {
        SHARE.scope(Arc::clone(self), request).await
    }

    /// What connecting has taken; `None` where a connection was there.
    pub(crate) fn taken(&self) -> Option<Duration> {
        match self.micros.load(Ordering::Relaxed) {
            0 => None,
            micros => Some(Duration::from_micros(micros)),
        }
    }
}

/// The layer.
#[derive(Clone, Debug)]
pub(crate) struct InShare;

impl<S> Layer<S> for InShare {
    type Service = Connector<S>;

    fn layer(&self, inner: S) -> Connector<S> {
        Connector(inner)
    }
}

/// A connector that keeps to the share of its request.
#[derive(Clone, Debug)]
pub(crate) struct Connector<S>(S);

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// No connection in the time that there was for it.
#[derive(Debug, thiserror::Error)]
#[error("no connection came about in its share of the budget")]
struct TooSlow;

impl<S, R> Service<R> for Connector<S>
where
    S: Service<R, Error = BoxError>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let share = SHARE.try_with(Arc::clone).ok();
        let connection = self.0.call(request);
        Box::pin(async move {
            let Some(share) = share else {
                return connection.await;
            };
            let _timer = Timer(Instant::now(), &share);
            timeout(share.left, connection)
                .await
                .unwrap_or_else(|_| Err(Box::new(TooSlow)))
        })
    }
}

/// Notes the time also where nobody waits any longer.
struct Timer<'a>(Instant, &'a Share);

impl Drop for Timer<'_> {
    fn drop(&mut self) {
        let micros = u64::try_from(self.0.elapsed().as_micros())
            .unwrap_or(u64::MAX)
            .max(1);
        self.1.micros.fetch_add(micros, Ordering::Relaxed);
    }
}
