//! A balancer that gives every request to the next node, so that whoever has two steps to do does them on two.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::net::TcpListener;

/// What every node has a part of.
const OUTBOX: &str = "/_rehome/outbox";

/// What concerns one connection and not the next.
const OF_THE_CONNECTION: [HeaderName; 4] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::HOST,
    header::TRANSFER_ENCODING,
];

/// Listens before there is any node, since nodes hand its URL out.
pub(crate) struct Balancer {
    pub(crate) url: String,
    turns: Arc<Mutex<Turns>>,
}

#[derive(Default)]
struct Turns {
    nodes: Vec<String>,
    next: usize,
    served: BTreeMap<String, usize>,
}

impl Balancer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let turns = Arc::<Mutex<Turns>>::default();
        let state = (Arc::clone(&turns), directory::http::client().unwrap());
        let app = Router::new().fallback(hand_on).with_state(state);
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, turns }
    }

    /// Gives the next request to the first of these nodes.
    pub(crate) fn set(&self, nodes: &[&str]) {
        *self.turns.lock().unwrap() = Turns {
            nodes: nodes.iter().map(ToString::to_string).collect(),
            ..Turns::default()
        };
    }

    /// How many requests each node has had.
    pub(crate) fn served(&self) -> Vec<usize> {
        self.turns.lock().unwrap().served.values().copied().collect()
    }
}

impl Turns {
    fn next(&mut self) -> Option<String> {
        let node = self.nodes.get(self.next % self.nodes.len().max(1))?.clone();
        self.next += 1;
        *self.served.entry(node.clone()).or_default() += 1;
        Some(node)
    }
}

async fn hand_on(
    State((turns, client)): State<(Arc<Mutex<Turns>>, reqwest::Client)>,
    method: Method,
    uri: Uri,
    mut headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    if path == OUTBOX {
        let nodes = turns.lock().unwrap().nodes.clone();
        return outbox(&client, &nodes).await.into_response();
    }
    let Some(node) = turns.lock().unwrap().next() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    for name in &OF_THE_CONNECTION {
        headers.remove(name);
    }
    let request = client
        .request(method, format!("{node}{path}"))
        .headers(headers)
        .body(body);
    let Ok(answer) = request.send().await else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let (status, mut headers) = (answer.status(), answer.headers().clone());
    for name in &OF_THE_CONNECTION {
        headers.remove(name);
    }
    match answer.bytes().await {
        Ok(body) => (status, headers, body).into_response(),
        Err(_) => StatusCode::BAD_GATEWAY.into_response(),
    }
}

/// The messages of all nodes, the newest last.
async fn outbox(client: &reqwest::Client, nodes: &[String]) -> String {
    let mut messages = Vec::<Value>::new();
    for node in nodes {
        let answer = client.get(format!("{node}{OUTBOX}")).send().await.unwrap();
        messages.extend(answer.json::<Vec<Value>>().await.unwrap());
    }
    messages.sort_by_key(|message| message["at"].as_str().unwrap().to_owned());
    Value::from(messages).to_string()
}
