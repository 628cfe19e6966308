//! The way to the collector.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use reqwest::header::{HeaderName, HeaderValue};
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::losses::Losses;

/// The longest answer that is read to its end, so that its connection serves again; nothing in it is of use.
const LONGEST_ANSWER: usize = 64 * 1024;

/// The collector, reached by the HTTP client that everything else outward uses.
#[derive(Debug)]
pub(super) struct Collector {
    http: reqwest::Client,
    headers: Vec<(HeaderName, HeaderValue)>,
    timeout: Duration,
    losses: Arc<Losses>,
    /// Where connections live: the exporter's own thread is none of the runtime's.
    runtime: Handle,
}

impl Collector {
    /// Needs a tokio runtime around it.
    pub(super) fn new(
        headers: Vec<(HeaderName, HeaderValue)>,
        timeout: Duration,
        losses: Arc<Losses>,
    ) -> anyhow::Result<Self> {
        let http = directory::http::client()
            .map_err(|error| anyhow::anyhow!("no HTTP client can be made: {error}"))?;
        Ok(Self {
            http,
            headers,
            timeout,
            losses,
            runtime: Handle::current(),
        })
    }
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        for (name, value) in &self.headers {
            // The exporter reads the variable too: once is enough.
            request.headers_mut().insert(name.clone(), value.clone());
        }
        let (http, limit) = (self.http.clone(), self.timeout);
        // The time-out too is the runtime's.
        let exchange = async move { timeout(limit, exchange(http, request)).await };
        let answer = match self.runtime.spawn(exchange).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err("it does not answer in time".into()),
            // The server has ended.
            Err(error) => Err(error.into()),
        };
        match &answer {
            Ok(response) if response.status().is_success() => {}
            Ok(response) => self.losses.explain(format!("it answers {}", response.status())),
            Err(error) => self.losses.explain(error.to_string()),
        }
        answer
    }
}

/// One request, and the head of its answer.
async fn exchange(http: reqwest::Client, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
    let request = reqwest::Request::try_from(request).map_err(reqwest::Error::without_url)?;
    let mut answer = http.execute(request).await.map_err(|error| {
        if error.is_connect() {
            "it cannot be reached"
        } else {
            "the connection broke"
        }
    })?;
    let mut response = Response::builder().status(answer.status());
    if let Some(headers) = response.headers_mut() {
        headers.extend(std::mem::take(answer.headers_mut()));
    }
    let mut read = 0;
    while let Ok(Some(chunk)) = answer.chunk().await {
        read += chunk.len();
        if read > LONGEST_ANSWER {
            break;
        }
    }
    Ok(response.body(Bytes::new())?)
}
