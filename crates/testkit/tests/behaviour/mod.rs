//! One pool with a clock moved by hand, and the calls of sign-in as short as they can be written.

#![allow(dead_code, reason = "each test file uses its part")]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "the tests' own words are a test's too: what is missing ends it"
)]
#![expect(
    clippy::needless_pass_by_value,
    reason = "bodies are made where they are passed"
)]

use std::fmt::Write as _;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pool::ports::SystemEntropy;
use pool::secret::{ClientSecret, secret_hash};
use pool::srp::Identity;
use pool::srp::client::{Client, PasswordVerifier};
use pool::time::Span;
use serde_json::{Map, Value, json};
use testkit::{ManualClock, Options, TestServer};

/// What an operation answers: HTTP status and body.
pub(crate) type Seen = (u16, Value);

/// The pool that [`Pool`] is about.
pub(crate) const POOL: &str = "us-east-1_Behaviour";
/// Allows every flow and tells who does not exist.
pub(crate) const LEGACY: &str = "legacyclient";
/// Allows every flow and hides unknown users.
pub(crate) const HIDING: &str = "hidingclient";
/// Like [`LEGACY`], with the secret [`SECRET`].
pub(crate) const SECRETIVE: &str = "secretiveclient";
/// The secret of [`SECRETIVE`].
pub(crate) const SECRET: &str = "0123456789abcdefghijklmnopqrstuvwxyz";
/// Another pool, with nobody in it.
pub(crate) const OTHER_POOL: &str = "us-east-1_OtherPool";
/// The app client of [`OTHER_POOL`].
pub(crate) const OTHER_CLIENT: &str = "otherpoolclient";
/// The function behind the trigger of a pool that has one.
pub(crate) const FUNCTION: &str = "arn:aws:lambda:us-east-1:000000000000:function:Migrate";

/// Everybody's password.
pub(crate) const PASSWORD: &str = "Correct-horse-1";
/// Nobody's.
pub(crate) const WRONG: &str = "Wrong-horse-1";
/// What people choose next.
pub(crate) const NEXT: &str = "Another-horse-2";

/// `__type` of most refusals.
pub(crate) const NOT_AUTHORIZED: &str = "NotAuthorizedException";
/// Wrong password, and much that hides behind it.
pub(crate) const INCORRECT: &str = "Incorrect username or password.";

/// A refusal, to the letter.
pub(crate) fn refusal(exception: &str, message: &str) -> Seen {
    (400, json!({ "__type": exception, "message": message }))
}

/// [`INCORRECT`].
pub(crate) fn incorrect() -> Seen {
    refusal(NOT_AUTHORIZED, INCORRECT)
}

/// The tokens of an answer.
///
/// # Panics
/// When it has none.
pub(crate) fn tokens(seen: Seen) -> Tokens {
    assert_eq!(seen.0, 200, "{}", seen.1);
    let result = &seen.1["AuthenticationResult"];
    let text = |name: &str| result[name].as_str().map(str::to_owned);
    Tokens {
        access: text("AccessToken").unwrap_or_else(|| panic!("no tokens: {}", seen.1)),
        id: text("IdToken").expect("an ID token"),
        refresh: text("RefreshToken"),
    }
}

/// What a sign-in gives.
#[derive(Clone)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) id: String,
    refresh: Option<String>,
}

impl Tokens {
    pub(crate) fn refresh(&self) -> &str {
        self.refresh.as_deref().expect("a refresh token")
    }
}

/// The header (0) or the claims (1) of a token, in their order.
pub(crate) fn part(token: &str, n: usize) -> Map<String, Value> {
    let part = token.split('.').nth(n).expect("a JWT");
    let bytes = URL_SAFE_NO_PAD.decode(part).expect("base64url");
    serde_json::from_slice(&bytes).expect("a JSON object")
}

/// The claims of a token.
pub(crate) fn claims(token: &str) -> Map<String, Value> {
    part(token, 1)
}

/// The challenge of an answer.
///
/// # Panics
/// When it is another one or none.
pub(crate) fn challenge(seen: Seen, name: &str) -> Challenge {
    assert_eq!(
        (seen.0, seen.1["ChallengeName"].as_str()),
        (200, Some(name)),
        "{}",
        seen.1
    );
    Challenge(seen.1)
}

/// A challenge as it was answered.
#[derive(Clone)]
pub(crate) struct Challenge(pub(crate) Value);

impl Challenge {
    pub(crate) fn session(&self) -> &str {
        self.0["Session"].as_str().expect("a session")
    }

    /// One of `ChallengeParameters`.
    pub(crate) fn parameter(&self, name: &str) -> &str {
        self.0["ChallengeParameters"][name]
            .as_str()
            .unwrap_or_else(|| panic!("no {name}: {}", self.0))
    }
}

/// The table of a user of the pools file: `rest` adds keys.
pub(crate) fn user(username: &str, rest: &str) -> String {
    format!("  {{ username = \"{username}\", password = \"{PASSWORD}\" {rest} }},\n")
}

/// The pool, its server and its time.
pub(crate) struct Pool {
    pub(crate) server: TestServer,
    pub(crate) clock: Arc<ManualClock>,
}

impl Pool {
    /// A pool with these further settings and these users, in the words of the pools file.
    pub(crate) async fn with(settings: &str, users: &str) -> Self {
        Self::over(Options::default(), settings, users).await
    }

    /// The same on a server that has functions.
    pub(crate) async fn over(options: Options, settings: &str, users: &str) -> Self {
        let clock = Arc::new(ManualClock::now_and_standing());
        let flows = r#"explicit_auth_flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]"#;
        let mut pools = format!(
            "[[user_pools]]\nid = \"{POOL}\"\n{settings}\nusers = [\n{users}]\napp_clients = [\n\
             {{ id = \"{LEGACY}\", {flows}, prevent_user_existence_errors = \"LEGACY\" }},\n\
             {{ id = \"{HIDING}\", {flows}, prevent_user_existence_errors = \"ENABLED\" }},\n\
             {{ id = \"{SECRETIVE}\", {flows}, secret = \"{SECRET}\" }},\n]\n"
        );
        write!(
            pools,
            "[[user_pools]]\nid = \"{OTHER_POOL}\"\napp_clients = [{{ id = \"{OTHER_CLIENT}\", {flows} }}]\n"
        )
        .expect("writing to a string");
        let options = Options {
            pools,
            clock: Arc::clone(&clock) as _,
            ..options
        };
        let server = TestServer::start(options).await.expect("the server starts");
        Self { server, clock }
    }

    /// The plain pool that most tests use: `ann`, confirmed, with a verified e-mail address.
    pub(crate) async fn of_ann() -> Self {
        Self::with("", &user("ann", ANNS)).await
    }

    pub(crate) fn wait(&self, span: Span) {
        self.clock.advance(span);
    }

    pub(crate) async fn call(&self, operation: &str, body: Value) -> Seen {
        self.server
            .api(operation, &body)
            .await
            .expect("the server answers")
    }

    /// Calls an operation that must succeed.
    pub(crate) async fn done(&self, operation: &str, body: Value) -> Value {
        let (status, answer) = self.call(operation, body).await;
        assert_eq!(status, 200, "{operation}: {answer}");
        answer
    }

    /// An operation of an administrator on a user, with further members.
    pub(crate) async fn admin(&self, operation: &str, username: &str, rest: Value) -> Seen {
        let mut body = json!({ "UserPoolId": POOL, "Username": username });
        merge(&mut body, rest);
        self.call(operation, body).await
    }

    /// Makes another app client of the pool; gives its id.
    pub(crate) async fn app_client(&self, settings: Value) -> String {
        let mut body = json!({ "UserPoolId": POOL, "ClientName": "another" });
        merge(&mut body, settings);
        let made = self.done("CreateUserPoolClient", body).await;
        made["UserPoolClient"]["ClientId"]
            .as_str()
            .expect("an id")
            .to_owned()
    }

    pub(crate) async fn initiate(&self, client: &str, flow: &str, parameters: Value) -> Seen {
        let body = json!({ "ClientId": client, "AuthFlow": flow, "AuthParameters": parameters });
        self.call("InitiateAuth", body).await
    }

    pub(crate) async fn admin_initiate(&self, client: &str, flow: &str, parameters: Value) -> Seen {
        let body =
            json!({ "UserPoolId": POOL, "ClientId": client, "AuthFlow": flow, "AuthParameters": parameters });
        self.call("AdminInitiateAuth", body).await
    }

    /// `USER_PASSWORD_AUTH`.
    pub(crate) async fn sign_in(&self, client: &str, username: &str, password: &str) -> Seen {
        let parameters = json!({ "USERNAME": username, "PASSWORD": password });
        self.initiate(client, "USER_PASSWORD_AUTH", parameters).await
    }

    /// A sign-in with the right password, that must end in tokens.
    pub(crate) async fn signed_in(&self, client: &str, username: &str) -> Tokens {
        tokens(self.sign_in(client, username, PASSWORD).await)
    }

    pub(crate) async fn refresh(&self, client: &str, token: &str) -> Seen {
        self.initiate(client, "REFRESH_TOKEN_AUTH", json!({ "REFRESH_TOKEN": token }))
            .await
    }

    /// Answers a challenge on the public API.
    pub(crate) async fn respond(&self, client: &str, name: &str, session: &str, answers: Value) -> Seen {
        let body = json!({
            "ClientId": client, "ChallengeName": name, "Session": session, "ChallengeResponses": answers,
        });
        self.call("RespondToAuthChallenge", body).await
    }

    /// Answers `NEW_PASSWORD_REQUIRED` on the public API.
    pub(crate) async fn new_password(&self, session: &str, username: &str, password: &str) -> Seen {
        let answers = json!({ "USERNAME": username, "NEW_PASSWORD": password });
        self.respond(LEGACY, "NEW_PASSWORD_REQUIRED", session, answers)
            .await
    }

    /// Answers `SMS_MFA` on the public API.
    pub(crate) async fn sms_code(&self, session: &str, username: &str, code: &str) -> Seen {
        let answers = json!({ "USERNAME": username, "SMS_MFA_CODE": code });
        self.respond(LEGACY, "SMS_MFA", session, answers).await
    }

    /// The newest code that went to a number or address.
    pub(crate) async fn code(&self, destination: &str) -> String {
        self.server.newest_code(POOL, destination).await.expect("a code")
    }

    /// Everything that was sent, oldest first.
    pub(crate) fn messages(&self) -> Vec<Value> {
        let json = self.server.outbox().messages_json().expect("the outbox as JSON");
        serde_json::from_slice(&json).expect("a JSON array")
    }

    pub(crate) async fn forgot_password(&self, client: &str, username: &str) -> Seen {
        self.call(
            "ForgotPassword",
            json!({ "ClientId": client, "Username": username }),
        )
        .await
    }

    pub(crate) async fn confirm_forgot(&self, client: &str, username: &str, code: &str, new: &str) -> Seen {
        let body = json!({
            "ClientId": client, "Username": username, "ConfirmationCode": code, "Password": new,
        });
        self.call("ConfirmForgotPassword", body).await
    }

    pub(crate) async fn get_user(&self, access_token: &str) -> Seen {
        self.call("GetUser", json!({ "AccessToken": access_token })).await
    }

    /// `UserStatus` and the attributes of a user.
    pub(crate) async fn user(&self, username: &str) -> (String, Map<String, Value>) {
        let (status, user) = self.admin("AdminGetUser", username, json!({})).await;
        assert_eq!(status, 200, "{user}");
        let attributes = user["UserAttributes"].as_array().expect("attributes");
        let attribute = |a: &Value| (a["Name"].as_str().expect("a name").to_owned(), a["Value"].clone());
        let status = user["UserStatus"].as_str().expect("a status").to_owned();
        (status, attributes.iter().map(attribute).collect())
    }

    /// Sets a password for good.
    pub(crate) async fn set_password(&self, username: &str, password: &str) {
        let permanent = json!({ "Password": password, "Permanent": true });
        assert_eq!(
            self.admin("AdminSetUserPassword", username, permanent).await,
            (200, json!({}))
        );
    }

    /// Begins an SRP sign-in.
    pub(crate) async fn begin_srp(&self, client: &str, username: &str) -> Srp {
        self.begin_srp_by(async |srp_a| {
            let parameters = json!({ "USERNAME": username, "SRP_A": srp_a });
            self.initiate(client, "USER_SRP_AUTH", parameters).await
        })
        .await
    }

    /// Begins an SRP sign-in by a call of the test's own, which gets `SRP_A`.
    pub(crate) async fn begin_srp_by(&self, call: impl AsyncFnOnce(&str) -> Seen) -> Srp {
        let this = Client::begin(&SystemEntropy);
        let seen = call(&this.srp_a()).await;
        Srp::of(this, challenge(seen, "PASSWORD_VERIFIER"))
    }

    /// Sends the answer to `PASSWORD_VERIFIER`.
    pub(crate) async fn prove(&self, client: &str, answers: Value) -> Seen {
        let body = json!({
            "ClientId": client, "ChallengeName": "PASSWORD_VERIFIER", "ChallengeResponses": answers,
        });
        self.call("RespondToAuthChallenge", body).await
    }
}

/// The attributes of `ann`.
pub(crate) const ANNS: &str = r#", attributes = { email = "ann@example.com", email_verified = true }"#;

/// An SRP sign-in that has begun.
pub(crate) struct Srp {
    pub(crate) client: Client,
    pub(crate) challenge: Challenge,
}

/// What clients send as `TIMESTAMP`.
pub(crate) const TIMESTAMP: &str = "Sat Nov 21 04:05:06 UTC 2026";

impl Srp {
    /// A sign-in that this client has begun.
    pub(crate) fn of(client: Client, challenge: Challenge) -> Self {
        Self { client, challenge }
    }

    /// The answer of somebody with this password.
    pub(crate) fn answers(&self, password: &str) -> Value {
        self.answers_in(POOL, password)
    }

    /// The same of a client that believes to be in another pool.
    pub(crate) fn answers_in(&self, pool: &str, password: &str) -> Value {
        let user_id = self.challenge.parameter("USER_ID_FOR_SRP");
        let verifier = PasswordVerifier {
            salt: self.challenge.parameter("SALT"),
            srp_b: self.challenge.parameter("SRP_B"),
            secret_block: self.challenge.parameter("SECRET_BLOCK"),
        };
        let identity = Identity::new(pool, user_id);
        let signature = self
            .client
            .sign(&identity, password, &verifier, TIMESTAMP)
            .expect("a challenge");
        json!({
            "USERNAME": user_id, "PASSWORD_CLAIM_SECRET_BLOCK": verifier.secret_block,
            "PASSWORD_CLAIM_SIGNATURE": signature, "TIMESTAMP": TIMESTAMP,
        })
    }
}

/// `SECRET_HASH` for [`SECRETIVE`].
pub(crate) fn hash_over(username: &str) -> String {
    secret_hash(username, SECRETIVE, &ClientSecret::new(SECRET.to_owned()))
}

/// Adds the members of an object to another.
pub(crate) fn merge(body: &mut Value, more: Value) {
    if let (Value::Object(body), Value::Object(more)) = (body, more) {
        body.extend(more);
    }
}
