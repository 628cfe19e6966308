//! `rehome trigger` on a pool that has every setting: the trigger changes, and nothing else.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod process;

use std::process::{Command, Output};
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use model::Operation;
use model::shape::Kind;
use process::{rehome, run, text};
use rehome::api_client::ApiClient;
use serde_json::{Value, json};
use server::{AccessKey, AccessKeys};
use testkit::{Options, TestServer};
use tokio::net::TcpListener;

const FUNCTION: &str = "arn:aws:lambda:us-east-1:000000000000:function:CognitoUserMigration";
const OTHER: &str = "arn:aws:lambda:us-east-1:000000000000:function:Other";

/// A pool with every setting that can be sent, none of them the default.
async fn elaborate_pool(api: &ApiClient) -> String {
    let messages = json!({
        "EmailMessage": "Code {####}", "EmailSubject": "Subject", "SmsMessage": "SMS {####}",
        "EmailMessageByLink": "Press {##here##}", "EmailSubjectByLink": "Press", "DefaultEmailOption": "CONFIRM_WITH_LINK",
    });
    let request = json!({
        "PoolName": "elaborate",
        "Policies": {
            "PasswordPolicy": {
                "MinimumLength": 12, "RequireUppercase": true, "RequireLowercase": false, "RequireNumbers": true,
                "RequireSymbols": false, "PasswordHistorySize": 4, "TemporaryPasswordValidityDays": 3,
            },
            "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"] },
        },
        "DeletionProtection": "ACTIVE",
        "LambdaConfig": {
            "PreSignUp": OTHER, "PostConfirmation": OTHER, "KMSKeyID": "arn:aws:kms:us-east-1:000000000000:key/k",
            "CustomEmailSender": { "LambdaVersion": "V1_0", "LambdaArn": OTHER },
            "PreTokenGeneration": OTHER, "PreTokenGenerationConfig": { "LambdaVersion": "V2_0", "LambdaArn": OTHER },
        },
        "AutoVerifiedAttributes": ["email"],
        "AliasAttributes": ["preferred_username"],
        "SmsVerificationMessage": "SMS {####}", "EmailVerificationMessage": "Code {####}",
        "EmailVerificationSubject": "Subject", "VerificationMessageTemplate": messages,
        "SmsAuthenticationMessage": "Sign in: {####}",
        "MfaConfiguration": "OPTIONAL",
        "UserAttributeUpdateSettings": { "AttributesRequireVerificationBeforeUpdate": ["email"] },
        "DeviceConfiguration": { "ChallengeRequiredOnNewDevice": true, "DeviceOnlyRememberedOnUserPrompt": true },
        "EmailConfiguration": {
            "SourceArn": "arn:aws:ses:us-east-1:000000000000:identity/example.com", "EmailSendingAccount": "DEVELOPER",
            "From": "Us <us@example.com>", "ReplyToEmailAddress": "reply@example.com", "ConfigurationSet": "set",
        },
        "SmsConfiguration": {
            "SnsCallerArn": "arn:aws:iam::000000000000:role/sms", "ExternalId": "x", "SnsRegion": "us-east-1",
        },
        "UserPoolTags": { "team": "identity" },
        "AdminCreateUserConfig": {
            "AllowAdminCreateUserOnly": true,
            "InviteMessageTemplate": { "EmailMessage": "{username} {####}", "EmailSubject": "Hi", "SMSMessage": "{username} {####}" },
        },
        "UserPoolAddOns": { "AdvancedSecurityMode": "AUDIT" },
        "AccountRecoverySetting": { "RecoveryMechanisms": [{ "Priority": 1, "Name": "verified_phone_number" }] },
        "UserPoolTier": "PLUS",
    });
    let created = ok(api, "CreateUserPool", &request).await;
    let id = created["UserPool"]["Id"].as_str().unwrap().to_owned();
    let mfa = json!({
        "UserPoolId": id, "MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": { "Enabled": true },
        "WebAuthnConfiguration": { "RelyingPartyId": "example.com", "UserVerification": "required" },
    });
    ok(api, "SetUserPoolMfaConfig", &mfa).await;
    id
}

async fn ok(api: &ApiClient, operation: &str, request: &Value) -> Value {
    let answer = api.call(operation, request).await.unwrap();
    assert_eq!(answer.status, 200, "{operation}: {}", answer.body);
    answer.body
}

/// All that the API shows of a pool's settings.
async fn shown(api: &ApiClient, id: &str) -> (Value, Value) {
    let request = json!({ "UserPoolId": id });
    let mut pool = ok(api, "DescribeUserPool", &request).await["UserPool"].take();
    pool["LastModifiedDate"] = Value::Null;
    (pool, ok(api, "GetUserPoolMfaConfig", &request).await)
}

fn trigger(url: &str, action: &str, id: &str, more: &[&str]) -> Command {
    rehome(
        [
            &["trigger", action, "--user-pool-id", id, "--endpoint-url", url],
            more,
        ]
        .concat(),
    )
}

async fn told(command: Command, status: i32) -> String {
    let Output {
        status: ended,
        stdout,
        stderr,
    } = run(command).await;
    let told = text(&stdout) + &text(&stderr);
    assert_eq!(ended.code(), Some(status), "{told}");
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn attaching_and_detaching_leave_every_other_setting_as_it_is() {
    let server = TestServer::start(Options::default()).await.unwrap();
    let api = ApiClient::new(server.url()).unwrap();
    let id = elaborate_pool(&api).await;
    let before = shown(&api, &id).await;
    let attach = || trigger(server.url(), "attach", &id, &["--function-arn", FUNCTION]);

    let mut dry = attach();
    dry.arg("--dry-run");
    let plan = told(dry, 0).await;
    assert!(
        plan.contains(&format!("LambdaConfig.UserMigration: none → {FUNCTION}")),
        "{plan}"
    );
    assert!(plan.contains("Nothing was changed"), "{plan}");
    assert_eq!(shown(&api, &id).await, before);

    let done = told(attach(), 0).await;
    assert!(done.contains("Changed, and read back"), "{done}");
    let mut expected = before.clone();
    expected.0["LambdaConfig"]["UserMigration"] = FUNCTION.into();
    assert_eq!(shown(&api, &id).await, expected);
    assert!(told(attach(), 0).await.contains("Nothing to change"));

    let done = told(
        trigger(server.url(), "detach", &id, &["--function-arn", FUNCTION]),
        0,
    )
    .await;
    assert!(
        done.contains(&format!("LambdaConfig.UserMigration: {FUNCTION} → none")),
        "{done}"
    );
    assert_eq!(shown(&api, &id).await, before);
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pool_of_these_tests_has_every_setting_that_an_update_takes() {
    let server = TestServer::start(Options::default()).await.unwrap();
    let api = ApiClient::new(server.url()).unwrap();
    let id = elaborate_pool(&api).await;
    let (pool, _) = shown(&api, &id).await;
    let Kind::Structure(members) = &Operation::UpdateUserPool.input().kind else {
        panic!("a request is a structure")
    };
    // Names of a request alone, and settings newer than what can be made of them here.
    let beside = ["UserPoolId", "PoolName", "AcrConfiguration", "DcrConfiguration"];
    let missing: Vec<_> = members
        .iter()
        .map(|member| member.name)
        .filter(|name| !beside.contains(name) && pool.get(*name).is_none_or(Value::is_null))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn another_function_is_not_replaced_by_mistake() {
    let server = TestServer::start(Options::default()).await.unwrap();
    let api = ApiClient::new(server.url()).unwrap();
    let id = elaborate_pool(&api).await;
    let attach = |more: &[&str]| {
        let arguments = [
            &["--function-arn", FUNCTION, "--trigger", "pre-token-generation-v2"],
            more,
        ]
        .concat();
        trigger(server.url(), "attach", &id, &arguments)
    };
    let refused = told(attach(&[]), 2).await;
    assert!(
        refused.contains(&format!(
            "LambdaConfig.PreTokenGeneration: {OTHER} is there already"
        )),
        "{refused}"
    );
    told(attach(&["--replace"]), 0).await;
    let (pool, _) = shown(&api, &id).await;
    assert_eq!(
        pool["LambdaConfig"]["PreTokenGenerationConfig"]["LambdaArn"],
        FUNCTION
    );
    assert_eq!(pool["LambdaConfig"]["PreSignUp"], OTHER);
    let kept = told(
        trigger(
            server.url(),
            "detach",
            &id,
            &["--trigger", "pre-sign-up", "--function-arn", FUNCTION],
        ),
        2,
    );
    assert!(kept.await.contains("it stays"));
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_signed_with_the_keys_of_the_environment() {
    let options = Options {
        access_keys: AccessKeys::Known(vec![AccessKey {
            id: "AKIAEXAMPLE".to_owned(),
            secret: "a secret".to_owned().into(),
        }]),
        pools: "[[user_pools]]\nid = \"us-east-1_Simple001\"".to_owned(),
        ..Options::default()
    };
    let server = TestServer::start(options).await.unwrap();
    let attach = |secret: &str| {
        let mut command = trigger(
            server.url(),
            "attach",
            "us-east-1_Simple001",
            &["--function-arn", FUNCTION, "--json"],
        );
        command
            .env("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", secret);
        command
    };
    let refused = told(attach("another secret"), 1).await;
    assert!(
        refused.contains("DescribeUserPool: InvalidSignatureException"),
        "{refused}"
    );
    let done: Value = serde_json::from_str(&told(attach("a secret"), 0).await).unwrap();
    assert_eq!(done["state"], "changed");
    assert_eq!(done["changed"][0]["setting"], "LambdaConfig.UserMigration");
    server.stop().await.unwrap();
}

#[tokio::test]
async fn without_keys_nobody_calls_aws() {
    let attach = [
        "trigger",
        "attach",
        "--user-pool-id",
        "us-east-1_NewPool01",
        "--function-arn",
    ];
    let refused = told(rehome([&attach[..], &[FUNCTION]].concat()), 2).await;
    assert!(refused.contains("AWS_ACCESS_KEY_ID: is missing"), "{refused}");
    let refused = told(rehome([&attach[..], &["CognitoUserMigration"]].concat()), 2).await;
    assert!(
        refused.contains("--function-arn: write a function's ARN"),
        "{refused}"
    );
}

/// Whoever stands between the command and the pool in a test, and what they do to it.
#[derive(Clone, Copy, PartialEq)]
enum Meddler {
    /// `UpdateUserPool` loses the devices' settings.
    LosesASetting,
    /// `UpdateUserPool` turns authenticator apps off.
    MovesMfa,
    /// `DescribeUserPool` shows a setting of the future.
    KnowsMore,
}

async fn meddle(
    State((api, meddler)): State<(Arc<ApiClient>, Meddler)>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, String) {
    let operation = headers["x-amz-target"]
        .to_str()
        .unwrap()
        .split('.')
        .next_back()
        .unwrap();
    let mut request: Value = serde_json::from_slice(&body).unwrap();
    let is_update = operation == "UpdateUserPool";
    if is_update && meddler == Meddler::LosesASetting {
        request
            .as_object_mut()
            .unwrap()
            .shift_remove("DeviceConfiguration");
    }
    let mut answer = api.call(operation, &request).await.unwrap();
    if is_update && meddler == Meddler::MovesMfa {
        let off = json!({
            "UserPoolId": request["UserPoolId"], "MfaConfiguration": "OPTIONAL",
            "SmsMfaConfiguration": { "SmsAuthenticationMessage": "Sign in: {####}" },
            "SoftwareTokenMfaConfiguration": { "Enabled": false },
        });
        ok(&api, "SetUserPoolMfaConfig", &off).await;
    }
    if operation == "DescribeUserPool" && meddler == Meddler::KnowsMore {
        answer.body["UserPool"]["SettingOfTheFuture"] = json!({ "On": true });
    }
    (
        StatusCode::from_u16(answer.status).unwrap(),
        answer.body.to_string(),
    )
}

/// Attaches with the meddler between; what was told, and what the pool shows before and after.
async fn with(meddler: Meddler, status: i32) -> (String, (Value, Value), (Value, Value)) {
    let server = TestServer::start(Options::default()).await.unwrap();
    let api = Arc::new(ApiClient::new(server.url()).unwrap());
    let id = elaborate_pool(&api).await;
    let before = shown(&api, &id).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let app = Router::new()
        .fallback(meddle)
        .with_state((Arc::clone(&api), meddler));
    let between = tokio::spawn(async move { axum::serve(listener, app).await });
    let told = told(
        trigger(&url, "attach", &id, &["--function-arn", FUNCTION]),
        status,
    )
    .await;
    let after = shown(&api, &id).await;
    between.abort();
    server.stop().await.unwrap();
    (told, before, after)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_that_is_lost_all_the_same_is_told() {
    let (told, ..) = with(Meddler::LosesASetting, 1).await;
    assert!(told.contains("something else is not as it was"), "{told}");
    assert!(
        told.contains("DeviceConfiguration: {\"ChallengeRequiredOnNewDevice\":true"),
        "{told}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn factors_that_the_update_moved_are_set_again() {
    let (told, before, after) = with(Meddler::MovesMfa, 0).await;
    assert!(told.contains("Changed, and read back"), "{told}");
    assert_eq!(after.1, before.1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_that_this_program_does_not_know_keeps_it_from_changing_anything() {
    let (told, before, after) = with(Meddler::KnowsMore, 1).await;
    assert!(
        told.contains("SettingOfTheFuture") && told.contains("nothing was changed"),
        "{told}"
    );
    assert_eq!(after, before);
}
