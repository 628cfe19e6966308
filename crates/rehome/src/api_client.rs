//! A plain client of the API, as `rehome try` and the tests use it: a name, a JSON body, an answer.

use anyhow::{Context as _, anyhow};
use pool::ports::{Clock as _, SystemClock};
use serde_json::Value;

use crate::clock_text;

/// Calls one server. Requests carry a signature of the right form and no value: a server on loopback without access
/// keys asks for no more.
#[derive(Clone, Debug)]
pub struct ApiClient {
    http: reqwest::Client,
    url: String,
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
    /// A client of the server at `url`.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(url: &str) -> anyhow::Result<Self> {
        let http = directory::http::client()
            .map_err(|error| anyhow!(error))
            .context("no HTTP client can be made")?;
        Ok(Self {
            http,
            url: url.trim_end_matches('/').to_owned(),
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
        let date = clock_text::amz_date(SystemClock.now());
        let scope = format!(
            "{}/us-east-1/cognito-idp/aws4_request",
            date.get(..8).unwrap_or_default()
        );
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential=rehome/{scope}, SignedHeaders=host;x-amz-date, Signature={}",
            "0".repeat(64)
        );
        let response = self
            .http
            .post(&self.url)
            .header("content-type", "application/x-amz-json-1.1")
            .header(
                "x-amz-target",
                format!("AWSCognitoIdentityProviderService.{operation}"),
            )
            .header("x-amz-date", date)
            .header("authorization", authorization)
            .body(body.to_string())
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
