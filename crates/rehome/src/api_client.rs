//! A plain client of the API, as commands and the tests use it: a name, a JSON body, an answer.

mod signature;

use anyhow::{Context as _, anyhow};
use pool::ports::{Clock as _, SystemClock};
use serde_json::Value;

pub use signature::Signer;

/// Calls one server, ours or AWS.
#[derive(Clone, Debug)]
pub struct ApiClient {
    http: reqwest::Client,
    url: String,
    signer: Signer,
}

/// What a server answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body; null when it was empty.
    pub body: Value,
}

impl ApiClient {
    /// A client of the server at `url`, on loopback and without access keys: it takes any signature.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(url: &str) -> anyhow::Result<Self> {
        Self::signing(url, Signer::Anybody)
    }

    /// A client of the server at `url` that signs as told.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn signing(url: &str, signer: Signer) -> anyhow::Result<Self> {
        let http = directory::http::client()
            .map_err(|error| anyhow!(error))
            .context("no HTTP client can be made")?;
        Ok(Self {
            http,
            url: url.trim_end_matches('/').to_owned(),
            signer,
        })
    }

    /// The server.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Calls an operation by its name, like `AdminGetUser`.
    ///
    /// # Errors
    /// When there is no answer, or one that is no JSON. A refusal is an answer.
    pub async fn call(&self, operation: &str, body: &Value) -> anyhow::Result<Answer> {
        let body = body.to_string();
        let target = format!("AWSCognitoIdentityProviderService.{operation}");
        let headers = [
            ("content-type", "application/x-amz-json-1.1"),
            ("x-amz-target", target.as_str()),
        ];
        let url = format!("{}/", self.url);
        let signature = self
            .signer
            .sign(&url, &headers, body.as_bytes(), SystemClock.now())?;
        let mut request = self.http.post(&url).body(body);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        for (name, value) in signature {
            request = request.header(name, value);
        }
        let response = request
            .send()
            .await
            .with_context(|| format!("{operation}: the server does not answer"))?;
        let status = response.status().as_u16();
        let bytes = response
            .bytes()
            .await
            .with_context(|| format!("{operation}: the answer broke off"))?;
        let body = if bytes.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&bytes)?
        };
        Ok(Answer { status, body })
    }

    /// Fetches a document, like `/healthz` or `/_rehome/outbox`.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn get(&self, path: &str) -> anyhow::Result<(u16, String)> {
        let response = self.http.get(format!("{}{path}", self.url)).send().await?;
        Ok((response.status().as_u16(), response.text().await?))
    }

    /// The newest code that a pool has sent to a destination, from the outbox.
    ///
    /// # Errors
    /// When there is none.
    pub async fn newest_code(&self, user_pool_id: &str, destination: &str) -> anyhow::Result<String> {
        let (_, text) = self.get("/_rehome/outbox").await?;
        let messages: Vec<Value> = serde_json::from_str(&text).context("the outbox is no JSON array")?;
        let newest = messages.iter().rev().find(|message| {
            message["userPoolId"] == user_pool_id
                && message["destination"] == destination
                && message["code"].is_string()
        });
        let code = newest.and_then(|message| message["code"].as_str());
        code.map(ToOwned::to_owned)
            .with_context(|| format!("the outbox has no code for {destination}"))
    }
}

impl Answer {
    /// The exception's name, if the server refused.
    #[must_use]
    pub fn exception(&self) -> Option<&str> {
        self.body["__type"].as_str()
    }

    /// The text at a path of members, empty when there is none.
    #[must_use]
    pub fn text(&self, pointer: &str) -> &str {
        self.body
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// Whether tokens came.
    #[must_use]
    pub fn has_tokens(&self) -> bool {
        !self.text("/AuthenticationResult/AccessToken").is_empty()
    }

    /// The value of an attribute in `UserAttributes`.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let attributes = self.body["UserAttributes"].as_array()?;
        attributes.iter().find(|attribute| attribute["Name"] == name)?["Value"].as_str()
    }
}
