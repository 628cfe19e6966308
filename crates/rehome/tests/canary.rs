//! No secret anywhere: canaries go through every flow, then logs at their loudest, database files, metrics, error
//! bodies, the outbox and traces are searched.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod process;

use std::fs;
use std::path::{Path, PathBuf};

use process::Served;
use process::collector::Collector;
use rehome::api_client::Answer;
use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};
use testkit::pair;

const RIGHT: &str = "Canary-Right-1";
const WRONG: &str = "Canary-Wrong-2";
const NEW: &str = "Canary-New-3";
const TEMPORARY: &str = "Canary-Temporary-4";
/// Breaks the password policy, so that an error is about it.
const WEAK: &str = "canary";
const CLIENT_SECRET: &str = "Canary_client_secret_0123456789";
/// A key for the collector of traces: for it alone.
const COLLECTOR_KEY: &str = "Canary-collector-5";
const NEW_PHONE: &str = "+12065550105";

/// Every crate at its loudest, those that carry bytes included.
const LOUDEST: [&str; 2] = ["--log", "trace,rehome=trace"];

/// An old pool and a new one on two servers, and all that was seen of secrets.
struct Scene {
    scratch: TempDir,
    new: Served,
    old: Served,
    /// Takes the traces of both.
    collector: Collector,
    /// Bodies of refusals.
    refusals: Vec<String>,
    /// Tokens and sessions that were handed out.
    handed_out: Vec<String>,
}

impl Scene {
    /// `functions` is the text of a functions file; `{url}` in it stands for the old pool's server.
    fn set(functions: &str) -> Self {
        let scratch = tempdir().unwrap();
        let write = |name: &str, text: String| {
            let file = scratch.path().join(name);
            fs::write(&file, text).unwrap();
            file.to_str().unwrap().to_owned()
        };
        let old_pools = write("old.toml", pair::old_pools_file().replace(pair::PASSWORD, RIGHT));
        let secret_client = format!(
            "app_clients = [\n  {{ id = \"secretclient\", secret = \"{CLIENT_SECRET}\", \
             explicit_auth_flows = [\"ALLOW_USER_PASSWORD_AUTH\"] }},"
        );
        let new_pools = write(
            "new.toml",
            pair::new_pools_file().replace("app_clients = [", &secret_client),
        );
        let collector = Collector::start("take");
        let headers = format!("x-collector-key={COLLECTOR_KEY}");
        let traced = [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url.as_str()),
            ("OTEL_EXPORTER_OTLP_HEADERS", &headers),
        ];
        let start = |name: &str, more: &[&str]| {
            let arguments: Vec<&str> = LOUDEST.iter().chain(more).copied().collect();
            Served::start_in(
                &traced,
                &scratch.path().join(name),
                &scratch.path().join(format!("{name}.log")),
                arguments,
            )
        };
        let old = start("old", &["--pools", &old_pools]);
        let functions = write("functions.toml", functions.replace("{url}", &old.url));
        let new = start("new", &["--pools", &new_pools, "--functions", &functions]);
        Self {
            scratch,
            new,
            old,
            collector,
            refusals: Vec::new(),
            handed_out: Vec::new(),
        }
    }

    async fn call(&mut self, operation: &str, body: Value) -> Answer {
        let answer = self.new.api.call(operation, &body).await.unwrap();
        if answer.status != 200 {
            self.refusals.push(answer.body.to_string());
        }
        for pointer in [
            "/AuthenticationResult/AccessToken",
            "/AuthenticationResult/IdToken",
            "/AuthenticationResult/RefreshToken",
            "/Session",
        ] {
            let text = answer.text(pointer);
            if !text.is_empty() {
                self.handed_out.push(text.to_owned());
            }
        }
        answer
    }

    async fn sign_in(&mut self, username: &str, password: &str) -> Answer {
        let body = json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pair::LEGACY_CLIENT,
            "AuthParameters": { "USERNAME": username, "PASSWORD": password },
        });
        self.call("InitiateAuth", body).await
    }

    async fn confirm(&mut self, username: &str, code: &str, password: &str) -> Answer {
        let body = json!({
            "ClientId": pair::LEGACY_CLIENT, "Username": username, "ConfirmationCode": code, "Password": password,
        });
        self.call("ConfirmForgotPassword", body).await
    }

    /// Every kind of sign-in and reset, those that fail as well.
    async fn play(&mut self) {
        for username in ["ann", "ben", "cleo", "dan", "eve", "fay", "nobody"] {
            let username = format!("{username}@example.com");
            self.sign_in(&username, WRONG).await;
            self.sign_in(&username, RIGHT).await;
            self.sign_in(&username, RIGHT).await;
        }
        let tokens = self.sign_in(pair::ANN, RIGHT).await;
        assert!(tokens.has_tokens(), "{tokens:?}");
        let access_token = tokens.text("/AuthenticationResult/AccessToken").to_owned();
        let change = |previous: &str, proposed: &str| json!({ "AccessToken": access_token, "PreviousPassword": previous, "ProposedPassword": proposed });
        self.call("GetUser", json!({ "AccessToken": access_token })).await;
        self.call("ChangePassword", change(WRONG, NEW)).await;
        self.call("ChangePassword", change(RIGHT, WEAK)).await;
        assert_eq!(self.call("ChangePassword", change(RIGHT, NEW)).await.status, 200);
        let refresh = json!({
            "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": pair::LEGACY_CLIENT,
            "AuthParameters": { "REFRESH_TOKEN": tokens.text("/AuthenticationResult/RefreshToken") },
        });
        self.call("InitiateAuth", refresh).await;
        self.second_factor().await;
        self.reset().await;
        self.invite().await;
        let described = json!({ "UserPoolId": pair::NEW_POOL, "ClientId": "secretclient" });
        let described = self.call("DescribeUserPoolClient", described).await;
        assert_eq!(described.text("/UserPoolClient/ClientSecret"), CLIENT_SECRET);
    }

    async fn second_factor(&mut self) {
        let challenge = self.sign_in("eve@example.com", RIGHT).await;
        let code = self.new.api.newest_code(pair::NEW_POOL, NEW_PHONE).await.unwrap();
        for code in ["000000", &code] {
            let body = json!({
                "ChallengeName": "SMS_MFA", "ClientId": pair::LEGACY_CLIENT, "Session": challenge.text("/Session"),
                "ChallengeResponses": { "USERNAME": "eve@example.com", "SMS_MFA_CODE": code },
            });
            self.call("RespondToAuthChallenge", body).await;
        }
    }

    async fn reset(&mut self) {
        let body = json!({ "ClientId": pair::LEGACY_CLIENT, "Username": "fay@example.com" });
        self.call("ForgotPassword", body).await;
        let code = self
            .new
            .api
            .newest_code(pair::NEW_POOL, "fay@example.com")
            .await
            .unwrap();
        self.confirm("fay@example.com", "000000", NEW).await;
        self.confirm("fay@example.com", &code, WEAK).await;
        let confirmed = self.confirm("fay@example.com", &code, NEW).await;
        assert_eq!(confirmed.status, 200, "{confirmed:?}");
    }

    async fn invite(&mut self) {
        let user = |password: &str| {
            json!({
                "UserPoolId": pair::NEW_POOL, "Username": "gil@example.com", "TemporaryPassword": password,
                "DesiredDeliveryMediums": ["EMAIL"],
            })
        };
        self.call("AdminCreateUser", user(WEAK)).await;
        assert_eq!(self.call("AdminCreateUser", user(TEMPORARY)).await.status, 200);
        let challenge = self.sign_in("gil@example.com", TEMPORARY).await;
        let body = json!({
            "ChallengeName": "NEW_PASSWORD_REQUIRED", "ClientId": pair::LEGACY_CLIENT,
            "Session": challenge.text("/Session"),
            "ChallengeResponses": { "USERNAME": "gil@example.com", "NEW_PASSWORD": NEW },
        });
        let answer = self.call("RespondToAuthChallenge", body).await;
        assert!(answer.has_tokens(), "{answer:?}");
    }
}

/// A secret, and how to find it in a text.
enum Secret {
    Word(String),
    /// Digits that count only where no digits surround them: a port or an id may hold the same ones.
    Code(String),
}

impl Secret {
    fn is_in(&self, text: &str) -> bool {
        match self {
            Self::Word(word) => text.contains(word.as_str()),
            Self::Code(code) => text.match_indices(code.as_str()).any(|(at, _)| {
                let touches = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '.');
                !touches(text[..at].chars().next_back()) && !touches(text[at + code.len()..].chars().next())
            }),
        }
    }

    fn shown(&self) -> &str {
        match self {
            Self::Word(word) | Self::Code(word) => word,
        }
    }
}

/// Every file under `directory`, but the master key's.
fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .filter(|file| file.file_name().is_some_and(|name| name != "master.key"))
        .collect()
}

fn search(place: &str, text: &str, secrets: &[Secret]) {
    for secret in secrets {
        assert!(!secret.is_in(text), "{} is in {place}", secret.shown());
    }
}

/// A trace holds no secret and nobody's name either.
fn search_trace(span: &str, secrets: &[Secret]) {
    search("a trace", span, secrets);
    for word in ["@example.com", "example.com", NEW_PHONE, "2065550105"] {
        assert!(!span.contains(word), "{span}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_found_anywhere() {
    search_after_a_play(&pair::functions_file()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_found_anywhere_when_the_function_is_a_child_process() {
    let bootstrap = Path::new(env!("CARGO_BIN_EXE_rehome")).with_file_name("bootstrap");
    assert!(
        bootstrap.exists(),
        "run `cargo xtask test`: it builds the bootstrap"
    );
    let functions = format!(
        "[functions.\"{}\"]\nspawn = [{:?}]\nenv = {{ OLD_USER_POOL_ID = \"{}\", OLD_CLIENT_ID = \"{}\", \
         AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER = \"{{url}}\", RUST_LOG = \"trace\" }}\n",
        pair::FUNCTION,
        bootstrap.display().to_string(),
        pair::OLD_POOL,
        pair::OLD_CLIENT,
    );
    search_after_a_play(&functions).await;
}

async fn search_after_a_play(functions: &str) {
    let mut scene = Scene::set(functions);
    scene.play().await;

    let (_, outbox) = scene.new.api.get("/_rehome/outbox").await.unwrap();
    let (_, old_outbox) = scene.old.api.get("/_rehome/outbox").await.unwrap();
    let passwords = [RIGHT, WRONG, NEW].map(|password| Secret::Word(password.to_owned()));
    search("the outbox", &outbox, &passwords);
    search("the old outbox", &old_outbox, &passwords);

    let mut secrets: Vec<Secret> = passwords.into();
    secrets.push(Secret::Word(TEMPORARY.to_owned()));
    secrets.push(Secret::Word(CLIENT_SECRET.to_owned()));
    secrets.extend(scene.handed_out.iter().cloned().map(Secret::Word));
    for outbox in [&outbox, &old_outbox] {
        let messages: Vec<Value> = serde_json::from_str(outbox).unwrap();
        let codes = messages.iter().filter_map(|message| message["code"].as_str());
        secrets.extend(codes.map(|code| Secret::Code(code.to_owned())));
    }
    for name in ["old", "new"] {
        let key = fs::read_to_string(scene.scratch.path().join(name).join("master.key")).unwrap();
        secrets.push(Secret::Word(key.trim().to_owned()));
    }
    assert!(secrets.len() > 15, "only {} secrets were seen", secrets.len());

    assert!(
        scene.refusals.len() > 15,
        "only {} refusals were seen",
        scene.refusals.len()
    );
    for refusal in &scene.refusals {
        search("a refusal", refusal, &secrets);
        assert!(!refusal.contains(WEAK), "{refusal}");
    }
    for served in [&scene.new, &scene.old] {
        let (status, metrics) = served.api.get("/metrics").await.unwrap();
        assert!(
            status == 200 && metrics.contains("rehome_requests_total"),
            "{metrics}"
        );
        search("the metrics", &metrics, &secrets);
    }
    assert!(scene.new.end().await.success() && scene.old.end().await.success());
    let mut spans = scene.collector.spans().await;
    assert!(spans.len() > 150, "only {} spans were seen", spans.len());
    for span in &mut spans {
        assert_eq!(span["key"].take(), COLLECTOR_KEY);
        search_trace(&span.to_string(), &secrets);
    }
    secrets.push(Secret::Word(COLLECTOR_KEY.to_owned()));
    for name in ["old", "new"] {
        let file = scene.scratch.path().join(format!("{name}.log"));
        let log = fs::read_to_string(&file).unwrap();
        assert!(log.lines().count() > 15, "the log is quiet: {log}");
        search(&file.display().to_string(), &log, &secrets);
        for file in files(&scene.scratch.path().join(name)) {
            let bytes = fs::read(&file).unwrap();
            search(
                &file.display().to_string(),
                &String::from_utf8_lossy(&bytes),
                &secrets,
            );
        }
    }
}
