//! Rows as the last release wrote them, read and served by this one; no old binary is needed.
//!
//! `rows/make.py` has made them, with the real release. They stay when the next release comes: databases go on.

use std::path::Path;
use std::sync::Arc;

use pool::app_client::AppClient;
use pool::branding::Branding;
use pool::device::Device;
use pool::group::Group;
use pool::ports::Delivery;
use pool::seal::MasterKey;
use pool::service::Issuer;
use pool::time::{Span, Time};
use pool::token::TokenFamily;
use pool::unknown_name::UnknownName;
use pool::user::User;
use pool::user_pool::UserPool;
use rusqlite::Connection;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use store::SqliteStore;
use tempfile::{TempDir, tempdir};
use testkit::{ManualClock, Options, TestServer};

const ROWS: &str = include_str!("rows/0.1.0.sql");
const GIVEN: &str = include_str!("rows/0.1.0.json");

/// Members that this release writes in records which had none of them, as `table.path`. The last release does not keep them when it
/// writes the record again (CONTRIBUTING.md, *Tables and records*).
const ADDED: &[&str] = &[];

/// The last release's file, and what it gave out.
struct Left {
    folder: TempDir,
    given: Value,
}

impl Left {
    fn new() -> Self {
        let left = Self {
            folder: tempdir().unwrap(),
            given: serde_json::from_str(GIVEN).unwrap(),
        };
        Connection::open(left.file())
            .unwrap()
            .execute_batch(ROWS)
            .unwrap();
        left
    }

    fn file(&self) -> std::path::PathBuf {
        self.folder.path().join("rehome.sqlite")
    }

    fn text(&self, name: &str) -> &str {
        self.given[name].as_str().unwrap_or_else(|| panic!("{name}"))
    }

    /// A server of this release on them, a second after the last one ended.
    async fn served(&self) -> (TestServer, Arc<ManualClock>) {
        let at = Time(self.given["at"].as_i64().unwrap());
        let clock = Arc::new(ManualClock::at(at));
        clock.advance(Span::seconds(1));
        let options = Options {
            store: Some(Arc::new(SqliteStore::open(&self.file()).unwrap())),
            master_key: Some(MasterKey::parse(self.text("masterKey")).unwrap()),
            clock: Arc::clone(&clock) as _,
            issuer: Some(Issuer::Aws),
            public_url: Some(self.text("publicUrl").to_owned()),
            ..Options::default()
        };
        (TestServer::start(options).await.unwrap(), clock)
    }
}

async fn call(server: &TestServer, operation: &str, body: &Value) -> (u16, Value) {
    server.api(operation, body).await.unwrap()
}

async fn ok(server: &TestServer, operation: &str, body: Value) -> Value {
    let (status, answer) = call(server, operation, &body).await;
    assert_eq!(status, 200, "{operation} {body}: {answer}");
    answer
}

/// The exception of a refusal.
async fn refused(server: &TestServer, operation: &str, body: Value) -> String {
    let (status, answer) = call(server, operation, &body).await;
    assert_eq!(status, 400, "{operation} {body}: {answer}");
    answer["__type"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_shown_as_the_last_release_showed_it() {
    let left = Left::new();
    let (server, _) = left.served().await;
    let shown = left.given["shown"].as_array().unwrap();
    assert!(shown.len() > 20, "{}", shown.len());
    for one in shown {
        let operation = one[0].as_str().unwrap();
        let now = ok(&server, operation, one[1].clone()).await;
        assert!(
            is_shown_still(&one[2], &now),
            "{operation}: {now:#}\nand in the last release {:#}",
            one[2]
        );
    }
}

/// Whether `now` says all that `then` did; it may say more. Tokens of pages are never the same twice.
fn is_shown_still(then: &Value, now: &Value) -> bool {
    match (then, now) {
        (Value::Object(then), Value::Object(now)) => then.iter().all(|(name, value)| {
            ["NextToken", "PaginationToken"].contains(&name.as_str())
                || now.get(name).is_some_and(|now| is_shown_still(value, now))
        }),
        (Value::Array(then), Value::Array(now)) => {
            then.len() == now.len() && then.iter().zip(now).all(|(then, now)| is_shown_still(then, now))
        }
        _ => then == now,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_last_release_gave_out_counts_still() {
    let left = Left::new();
    let (server, _) = left.served().await;
    let (pool, client, rotating) = (
        left.text("userPoolId"),
        left.text("clientId"),
        left.text("rotatingClientId"),
    );
    // Tokens: one that is good, one that was used up, one that took its place, and those that are worth nothing any more.
    let user = ok(
        &server,
        "GetUser",
        json!({ "AccessToken": left.text("accessToken") }),
    )
    .await;
    assert_eq!(user["UserMFASettingList"], Value::Null, "{user}");
    let refresh = |client: &str, token: &str, device: &str| json!({ "ClientId": client, "RefreshToken": left.text(token), "DeviceKey": left.text(device) });
    let again = json!({
        "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": client,
        "AuthParameters": { "REFRESH_TOKEN": left.text("refreshToken"), "DEVICE_KEY": left.text("deviceKey") },
    });
    assert!(ok(&server, "InitiateAuth", again).await["AuthenticationResult"]["IdToken"].is_string());
    for token in ["revokedRefreshToken", "signedOutRefreshToken"] {
        let again = json!({
            "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": client,
            "AuthParameters": { "REFRESH_TOKEN": left.text(token) },
        });
        assert_eq!(
            refused(&server, "InitiateAuth", again).await,
            "NotAuthorizedException",
            "{token}"
        );
    }
    let rotated = refresh(rotating, "rotatedRefreshToken", "rotatingDeviceKey");
    ok(&server, "GetTokensFromRefreshToken", rotated).await;
    let exchanged = refresh(rotating, "usedRefreshToken", "rotatingDeviceKey");
    assert_eq!(
        refused(&server, "GetTokensFromRefreshToken", exchanged).await,
        "RefreshTokenReuseException"
    );
    // Codes that were sent.
    let confirm =
        json!({ "ClientId": client, "Username": "una", "ConfirmationCode": left.text("confirmationCode") });
    ok(&server, "ConfirmSignUp", confirm).await;
    let verify = json!({
        "AccessToken": left.text("accessToken"), "AttributeName": "email", "Code": left.text("verificationCode"),
    });
    ok(&server, "VerifyUserAttribute", verify).await;
    let forgotten = json!({
        "ClientId": client, "Username": "fay", "ConfirmationCode": left.text("resetCode"),
        "Password": "Reset-Password-3",
    });
    ok(&server, "ConfirmForgotPassword", forgotten).await;
    // A session, and a page to go on from.
    let answer = json!({
        "ClientId": client, "ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": left.text("session"),
        "ChallengeResponses": { "USERNAME": "temporary", "NEW_PASSWORD": "Chosen-Password-3" },
    });
    let given = ok(&server, "RespondToAuthChallenge", answer).await;
    assert!(given["AuthenticationResult"]["IdToken"].is_string(), "{given}");
    let more = json!({ "UserPoolId": pool, "Limit": 60, "PaginationToken": left.text("pageToken") });
    let more = ok(&server, "ListUsers", more).await;
    let first = left.given["firstPage"].as_array().unwrap();
    let rest = more["Users"].as_array().unwrap();
    assert!(
        first.len() == 3 && rest.len() >= 6 && rest.iter().all(|user| !first.contains(&user["Username"])),
        "{more}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn people_of_the_last_release_sign_in() {
    let left = Left::new();
    let (server, clock) = left.served().await;
    clock.advance(Span::minutes(2));
    let client = left.text("clientId");
    let sign_in = |name: &str, password: &str| {
        json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": client,
            "AuthParameters": { "USERNAME": name, "PASSWORD": left.text(password) },
        })
    };
    for name in ["ann", "ANN@example.com"] {
        let tokens = ok(&server, "InitiateAuth", sign_in(name, "changedPassword")).await;
        assert!(tokens["AuthenticationResult"]["IdToken"].is_string(), "{tokens}");
    }
    for (name, challenge) in [
        ("tom", "SOFTWARE_TOKEN_MFA"),
        ("sms", "SMS_MFA"),
        ("temporary", "NEW_PASSWORD_REQUIRED"),
    ] {
        let asked = ok(&server, "InitiateAuth", sign_in(name, "password")).await;
        assert_eq!(asked["ChallengeName"], challenge, "{name}: {asked}");
    }
    for (name, password, exception) in [
        ("ann", "password", "NotAuthorizedException"),
        ("disabled", "password", "NotAuthorizedException"),
        ("reset", "password", "PasswordResetRequiredException"),
        ("una", "password", "UserNotConfirmedException"),
    ] {
        assert_eq!(
            refused(&server, "InitiateAuth", sign_in(name, password)).await,
            exception,
            "{name}"
        );
    }
    // A password that was had before is none of the history's.
    let change = json!({
        "AccessToken": ok(&server, "InitiateAuth", sign_in("ann", "changedPassword")).await["AuthenticationResult"]["AccessToken"],
        "PreviousPassword": left.text("changedPassword"), "ProposedPassword": left.text("password"),
    });
    assert_eq!(
        refused(&server, "ChangePassword", change).await,
        "PasswordHistoryPolicyViolationException"
    );
}

/// What is not in a record `then` and is in it `now`, by its path.
fn added(path: &str, then: &Value, now: &Value, found: &mut Vec<String>) {
    match (then, now) {
        (Value::Object(then), Value::Object(now)) => {
            for (name, now) in now {
                let path = format!("{path}.{name}");
                match then.get(name) {
                    Some(then) => added(&path, then, now, found),
                    None => found.push(path),
                }
            }
        }
        (Value::Array(then), Value::Array(now)) => {
            for (then, now) in then.iter().zip(now) {
                added(&format!("{path}[]"), then, now, found);
            }
        }
        _ => {}
    }
}

/// Reads the records of a table and writes them down again.
fn rewrites<T: Serialize + DeserializeOwned>(file: &Path, table: &str, found: &mut Vec<String>) {
    let rows = Connection::open(file).unwrap();
    let mut select = rows.prepare(&format!("SELECT document FROM {table}")).unwrap();
    let documents = select.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let mut records = 0;
    for document in documents {
        let document = document.unwrap();
        let record: T =
            serde_json::from_str(&document).unwrap_or_else(|error| panic!("{table}: {error}: {document}"));
        let then: Value = serde_json::from_str(&document).unwrap();
        let now = serde_json::to_value(record).unwrap();
        assert!(
            is_shown_still(&then, &now),
            "{table} loses something of {then:#} in {now:#}"
        );
        added(table, &then, &now, found);
        records += 1;
    }
    assert!(records > 0, "{table} is empty");
}

#[test]
fn a_record_of_the_last_release_is_written_again_as_it_was() {
    let left = Left::new();
    let (file, mut found) = (left.file(), Vec::new());
    rewrites::<UserPool>(&file, "user_pool", &mut found);
    rewrites::<AppClient>(&file, "app_client", &mut found);
    rewrites::<User>(&file, "pool_user", &mut found);
    rewrites::<Group>(&file, "user_group", &mut found);
    rewrites::<Device>(&file, "device", &mut found);
    rewrites::<TokenFamily>(&file, "token_family", &mut found);
    rewrites::<UnknownName>(&file, "unknown_name", &mut found);
    rewrites::<Branding>(&file, "branding", &mut found);
    rewrites::<Delivery>(&file, "delivery", &mut found);
    found.sort();
    found.dedup();
    assert_eq!(found, ADDED);
}
