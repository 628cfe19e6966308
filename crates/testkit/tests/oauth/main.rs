//! The OAuth 2.0 endpoints over HTTP: what apps and browsers see of them.
//!
//! Who is signed in in a browser is decided beside the pages here: its cookie is made in the test's own process.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so"
)]

#[path = "../behaviour/mod.rs"]
mod behaviour;

mod app_client;
mod authorize;
mod browser;
mod client_credentials;
mod code;
mod discovery;
mod domains;
mod implicit;
mod logout;
mod pkce;
mod refresh;
mod resource_servers;
mod revoke;
mod scopes;
mod standards;
mod user_info;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pool::encoding::query_value;
use pool::oauth::browser as session;
use pool::user::admin_get_user;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use serde_json::{Value, json};
use testkit::Options;

use behaviour::{ANNS, POOL, Pool, merge, user};

/// Where sign-ins end.
const CALLBACK: &str = "https://app.example/callback";
/// Where sign-outs end.
const BYE: &str = "https://app.example/bye";

/// An app of a pool in which `ann` is, and the browsers of its people.
struct App {
    pool: Pool,
    client: String,
    secret: Option<String>,
    http: reqwest::Client,
}

/// What an endpoint answers.
struct Answer {
    status: u16,
    headers: reqwest::header::HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("text"))
    }

    /// Where the browser is sent.
    fn location(&self) -> &str {
        assert_eq!(self.status, 302, "{}", self.body);
        self.header(LOCATION.as_str())
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{}: {:?}", self.status, self.body))
    }

    /// A value of the query or the fragment of the place that the browser is sent to.
    fn given(&self, name: &str) -> Option<String> {
        let location = self.location();
        let (_, answer) = location.split_once(['?', '#']).unwrap_or_default();
        let value = answer
            .split(['&', '#'])
            .find_map(|pair| pair.strip_prefix(&format!("{name}=")))?;
        let bytes = percent_decoded(value);
        Some(String::from_utf8(bytes).expect("UTF-8"))
    }

    /// The error of a JSON answer, with its status.
    fn error(&self) -> (u16, String) {
        let error = self.json()["error"].as_str().unwrap_or("none").to_owned();
        (self.status, error)
    }
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digits = [bytes.next().expect("a digit"), bytes.next().expect("a digit")];
            let digits = std::str::from_utf8(&digits).expect("digits");
            decoded.push(u8::from_str_radix(digits, 16).expect("hexadecimal"));
        } else {
            decoded.push(byte);
        }
    }
    decoded
}

fn encoded(pairs: &[(&str, &str)]) -> String {
    let pair = |(name, value): &(&str, &str)| format!("{name}={}", query_value(value));
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// The settings that most tests begin with: a public app client with codes and tokens in fragments.
fn settings() -> Value {
    json!({
        "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code", "implicit"],
        "AllowedOAuthScopes": ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"],
        "CallbackURLs": [CALLBACK, "https://app.example/other?tenant=1", "http://localhost:3000/", "myapp://callback"],
        "LogoutURLs": [BYE], "SupportedIdentityProviders": ["COGNITO"],
    })
}

impl App {
    /// A public app.
    async fn new() -> Self {
        Self::with(json!({})).await
    }

    /// The same with other settings.
    async fn with(more: Value) -> Self {
        Self::over(Options::default(), "", more).await
    }

    /// The same in a pool with further settings, on a server with functions.
    async fn over(options: Options, pool_settings: &str, more: Value) -> Self {
        let people = user("ann", ANNS) + &user("bob", "");
        Self::of(Pool::over(options, pool_settings, &people).await, more).await
    }

    /// An app of this pool.
    async fn of(pool: Pool, more: Value) -> Self {
        let mut settings = settings();
        merge(&mut settings, more);
        merge(&mut settings, json!({ "UserPoolId": POOL, "ClientName": "app" }));
        let made = pool.done("CreateUserPoolClient", settings).await;
        let text = |name: &str| made["UserPoolClient"][name].as_str().map(str::to_owned);
        let http = directory::http::client().expect("a client");
        Self {
            client: text("ClientId").expect("an id"),
            secret: text("ClientSecret"),
            pool,
            http,
        }
    }

    /// The cookie of a browser in which somebody has just signed in.
    async fn signed_in(&self, username: &str) -> String {
        let service = self.pool.server.service();
        let user = admin_get_user(service, POOL, username).await.expect("a user");
        let session = session::issue(service, &user).expect("a session");
        format!("{}={}", session::COOKIE, session.cookie.expose())
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.expect("an answer");
        Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.text().await.expect("a body"),
        }
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.pool.server.url())
    }

    /// `GET` with a query and, for a browser that has one, a cookie.
    async fn get(&self, path: &str, pairs: &[(&str, &str)], cookie: Option<&str>) -> Answer {
        let request = self.http.get(self.at(&format!("{path}?{}", encoded(pairs))));
        let request = match cookie {
            Some(cookie) => request.header(COOKIE, cookie),
            None => request,
        };
        self.send(request).await
    }

    /// A usual request for a code, with these parameters instead of or beside the usual ones; `""` takes one away.
    async fn authorize(&self, changed: &[(&str, &str)], cookie: Option<&str>) -> Answer {
        let usual = [
            ("response_type", "code"),
            ("client_id", self.client.as_str()),
            ("redirect_uri", CALLBACK),
        ];
        let kept = usual
            .iter()
            .filter(|(name, _)| !changed.iter().any(|(other, _)| other == name));
        let pairs: Vec<_> = kept
            .chain(changed)
            .copied()
            .filter(|(_, value)| !value.is_empty())
            .collect();
        self.get("/oauth2/authorize", &pairs, cookie).await
    }

    /// A code for ann.
    async fn code(&self, changed: &[(&str, &str)]) -> String {
        let cookie = self.signed_in("ann").await;
        let answer = self.authorize(changed, Some(&cookie)).await;
        answer
            .given("code")
            .unwrap_or_else(|| panic!("no code: {}", answer.location()))
    }

    /// A form, sent by an app client that shows who it is as its kind does.
    async fn post(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let mut pairs = pairs.to_vec();
        let request = self.http.post(self.at(path));
        let request = if let Some(secret) = &self.secret {
            let credentials = STANDARD.encode(format!("{}:{secret}", self.client));
            request.header(AUTHORIZATION, format!("Basic {credentials}"))
        } else {
            pairs.push(("client_id", &self.client));
            request
        };
        self.send(form(request, &pairs)).await
    }

    /// The usual exchange of a code.
    async fn redeem(&self, code: &str, more: &[(&str, &str)]) -> Answer {
        let usual = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
        ];
        let kept = usual
            .iter()
            .filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
        let pairs: Vec<_> = kept
            .chain(more)
            .copied()
            .filter(|(_, value)| !value.is_empty())
            .collect();
        self.post("/oauth2/token", &pairs).await
    }

    /// The tokens of a sign-in of ann.
    async fn tokens(&self, changed: &[(&str, &str)]) -> Value {
        let code = self.code(changed).await;
        let answer = self.redeem(&code, &[]).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    async fn refresh(&self, refresh_token: &str) -> Answer {
        let pairs = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
        self.post("/oauth2/token", &pairs).await
    }

    async fn user_info(&self, access_token: &str) -> Answer {
        let request = self.http.get(self.at("/oauth2/userInfo"));
        self.send(request.header(AUTHORIZATION, format!("Bearer {access_token}")))
            .await
    }
}

/// A request with a form in it.
fn form(request: reqwest::RequestBuilder, pairs: &[(&str, &str)]) -> reqwest::RequestBuilder {
    request
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(encoded(pairs))
}

/// A member of an answer that must be text.
fn text<'a>(answer: &'a Value, name: &str) -> &'a str {
    answer[name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name}: {answer}"))
}
