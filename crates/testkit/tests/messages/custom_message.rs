//! The *custom message* trigger.

use std::sync::Arc;

use serde_json::{Value, json};
use server::functions::Builtin;
use testkit::{Answering, Options, TestServer, pair};
use tokio::sync::mpsc::UnboundedReceiver;

use super::{EMAIL, EVE, PHONE, by_developer, newest, pool, set, telling};
use crate::behaviour::{LEGACY, NEXT, PASSWORD, POOL, Pool, challenge, refusal, tokens};

const FUNCTION: &str = "arn:aws:lambda:us-east-1:000000000000:function:Message";

/// A pool in which this function words messages, by the developer's account.
async fn worded(
    answer: impl Fn(Value) -> Result<Value, String> + Send + Sync + 'static,
) -> (Pool, UnboundedReceiver<Value>) {
    let (function, events) = telling(answer);
    let pool = pool(vec![(FUNCTION, function)]).await;
    let settings =
        json!({ "LambdaConfig": { "CustomMessage": FUNCTION }, "EmailConfiguration": by_developer() });
    set(&pool, settings).await;
    (pool, events)
}

/// The event with these members of its response set.
fn with_response(mut event: Value, response: &Value) -> Value {
    for (name, value) in response.as_object().unwrap() {
        event["response"][name] = value.clone();
    }
    event
}

#[tokio::test]
async fn the_event_of_a_forgotten_password_is_as_observed() {
    let (pool, mut events) = worded(Ok).await;
    let request = json!({ "ClientId": LEGACY, "Username": "ann", "ClientMetadata": { "lang": "fr" } });
    pool.done("ForgotPassword", request).await;
    let (_, attributes) = pool.user("ann").await;
    let event = events.recv().await.unwrap();
    assert_eq!(event["triggerSource"], "CustomMessage_ForgotPassword");
    assert_eq!(
        (&event["userPoolId"], &event["userName"]),
        (&json!(POOL), &json!("ann"))
    );
    assert_eq!(event["callerContext"]["clientId"], LEGACY);
    assert_eq!(
        event["request"],
        json!({
            "userAttributes": {
                "sub": attributes["sub"], "email": EMAIL, "email_verified": "true",
                "cognito:user_status": "CONFIRMED",
            },
            "codeParameter": "{####}", "linkParameter": "{##Click Here##}", "usernameParameter": null,
            "clientMetadata": { "lang": "fr" },
        })
    );
    assert_eq!(
        event["response"],
        json!({ "smsMessage": null, "emailMessage": null, "emailSubject": null })
    );
    // Its answer says nothing, so the pool's own words go out.
    let code = pool.code(EMAIL).await;
    assert_eq!(
        newest(&pool)["body"],
        format!("Your password reset code is {code}")
    );
}

#[tokio::test]
async fn an_e_mail_reads_as_the_function_says_with_the_code_in_its_place() {
    let response = json!({ "emailMessage": "<b>{####}</b> is it, {####}", "emailSubject": "Bonjour" });
    let (pool, _events) = worded(move |event| Ok(with_response(event, &response))).await;
    assert_eq!(pool.forgot_password(LEGACY, "ann").await.0, 200);
    let (message, code) = (newest(&pool), pool.code(EMAIL).await);
    assert_eq!(message["subject"], "Bonjour");
    assert_eq!(message["body"], format!("<b>{code}</b> is it, {code}"));
    assert_eq!(
        pool.confirm_forgot(LEGACY, "ann", &code, NEXT).await,
        (200, json!({}))
    );
}

#[tokio::test]
async fn a_second_factor_by_sms_reads_as_the_function_says() {
    let response = json!({ "smsMessage": "Use {####}" });
    let (pool, mut events) = worded(move |event| Ok(with_response(event, &response))).await;
    let begin = json!({
        "ClientId": LEGACY, "AuthFlow": "USER_PASSWORD_AUTH", "ClientMetadata": { "not": "for messages" },
        "AuthParameters": { "USERNAME": EVE, "PASSWORD": PASSWORD },
    });
    let asked = challenge(pool.call("InitiateAuth", begin).await, "SMS_MFA");
    let event = events.recv().await.unwrap();
    assert_eq!(event["triggerSource"], "CustomMessage_Authentication");
    assert!(event["request"].get("clientMetadata").is_none());
    let code = pool.code(PHONE).await;
    assert_eq!(newest(&pool)["body"], format!("Use {code}"));
    tokens(pool.sms_code(asked.session(), EVE, &code).await);
}

#[tokio::test]
async fn a_first_factor_by_e_mail_reads_as_the_function_says_and_a_name_that_leads_nowhere_asks_nobody() {
    let response = json!({ "emailMessage": "Use {####}", "emailSubject": "Sign in" });
    let (pool, mut events) = worded(move |event| Ok(with_response(event, &response))).await;
    let settings = json!({
        "LambdaConfig": { "CustomMessage": FUNCTION }, "EmailConfiguration": by_developer(),
        "Policies": { "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"] } },
    });
    set(&pool, settings).await;
    let client = pool
        .app_client(json!({
            "ExplicitAuthFlows": ["ALLOW_USER_AUTH"], "PreventUserExistenceErrors": "ENABLED",
        }))
        .await;
    let begin = |name: &str| json!({ "USERNAME": name, "PREFERRED_CHALLENGE": "EMAIL_OTP" });
    challenge(
        pool.initiate(&client, "USER_AUTH", begin("nobody")).await,
        "EMAIL_OTP",
    );
    assert!(events.try_recv().is_err());
    let asked = challenge(
        pool.initiate(&client, "USER_AUTH", begin("ann")).await,
        "EMAIL_OTP",
    );
    assert_eq!(
        events.recv().await.unwrap()["triggerSource"],
        "CustomMessage_Authentication"
    );
    let (message, code) = (newest(&pool), pool.code(EMAIL).await);
    assert_eq!(
        (&message["subject"], &message["body"]),
        (&json!("Sign in"), &json!(format!("Use {code}")))
    );
    assert_eq!(code.len(), 8);
    let answers = json!({ "USERNAME": "ann", "EMAIL_OTP_CODE": code });
    tokens(pool.respond(&client, "EMAIL_OTP", asked.session(), answers).await);
}

/// Invites `zoe` by e-mail with a temporary password.
async fn invite(pool: &Pool) -> (u16, Value) {
    let request = json!({
        "DesiredDeliveryMediums": ["EMAIL"], "TemporaryPassword": "Temp0rary!", "ClientMetadata": { "by": "admin" },
        "UserAttributes": [{ "Name": "email", "Value": "zoe@example.com" }],
    });
    pool.admin("AdminCreateUser", "zoe", request).await
}

#[tokio::test]
async fn an_invitation_has_user_name_and_password_where_the_function_put_them() {
    let response = json!({ "emailMessage": "{username} / {####}" });
    let (pool, mut events) = worded(move |event| Ok(with_response(event, &response))).await;
    assert_eq!(invite(&pool).await.0, 200);
    let event = events.recv().await.unwrap();
    assert_eq!(event["triggerSource"], "CustomMessage_AdminCreateUser");
    assert_eq!(event["callerContext"]["clientId"], "CLIENT_ID_NOT_APPLICABLE");
    assert_eq!(event["request"]["usernameParameter"], "{username}");
    assert_eq!(event["request"]["clientMetadata"], json!({ "by": "admin" }));
    assert_eq!(
        event["request"]["userAttributes"]["cognito:user_status"],
        "FORCE_CHANGE_PASSWORD"
    );
    let message = newest(&pool);
    assert_eq!(
        (&message["body"], &message["subject"]),
        (&json!("zoe / Temp0rary!"), &json!("Your temporary password"))
    );
}

#[tokio::test]
async fn a_text_without_its_placeholders_gives_way_to_the_pool_s_own() {
    let response = json!({ "emailMessage": "Welcome {username}", "emailSubject": "Welcome" });
    let (pool, _events) = worded(move |event| Ok(with_response(event, &response))).await;
    assert_eq!(invite(&pool).await.0, 200);
    let message = newest(&pool);
    assert_eq!(message["subject"], "Welcome");
    assert_eq!(
        message["body"],
        "Your username is zoe and temporary password is Temp0rary!."
    );
}

#[tokio::test]
async fn words_for_e_mails_are_refused_where_cognito_s_account_sends_them() {
    let response =
        json!({ "smsMessage": "Use {####}", "emailMessage": "Mail {####}", "emailSubject": "Mail" });
    let (pool, _events) = worded(move |event| Ok(with_response(event, &response))).await;
    set(&pool, json!({ "LambdaConfig": { "CustomMessage": FUNCTION } })).await;
    let text = "emailMessage and emailSubject are allowed only if EmailSendingAccount is DEVELOPER.";
    let refused = refusal("InvalidLambdaResponseException", text);
    assert_eq!(pool.forgot_password(LEGACY, "ann").await, refused);
    assert!(pool.messages().is_empty());
    // The same answer words a text message.
    challenge(pool.sign_in(LEGACY, EVE, PASSWORD).await, "SMS_MFA");
    let code = pool.code(PHONE).await;
    assert_eq!(newest(&pool)["body"], format!("Use {code}"));
}

#[tokio::test]
async fn a_refusal_of_the_function_is_told_by_every_operation_that_sends() {
    let (pool, _events) = worded(|_| Err("No words".to_owned())).await;
    let refused = refusal(
        "UserLambdaValidationException",
        "CustomMessage failed with error No words.",
    );
    assert_eq!(pool.forgot_password(LEGACY, "ann").await, refused);
    assert_eq!(pool.sign_in(LEGACY, EVE, PASSWORD).await, refused);
    assert_eq!(invite(&pool).await, refused);
    assert!(pool.messages().is_empty());
    // What the message was to tell of was written before: the user is there, and can be invited again.
    assert_eq!(pool.user("zoe").await.0, "FORCE_CHANGE_PASSWORD");
    set(&pool, json!({})).await;
    let again = pool
        .admin(
            "AdminCreateUser",
            "zoe",
            json!({ "MessageAction": "RESEND", "DesiredDeliveryMediums": ["EMAIL"] }),
        )
        .await;
    assert_eq!(again.0, 200, "{}", again.1);
    assert_eq!(newest(&pool)["destination"], "zoe@example.com");
}

#[tokio::test]
async fn a_code_whose_message_failed_takes_the_place_of_the_one_before() {
    let (pool, _events) = worded(|_| Err("No words".to_owned())).await;
    set(&pool, json!({})).await;
    assert_eq!(pool.forgot_password(LEGACY, "ann").await.0, 200);
    let before = pool.code(EMAIL).await;
    set(&pool, json!({ "LambdaConfig": { "CustomMessage": FUNCTION } })).await;
    assert_eq!(pool.forgot_password(LEGACY, "ann").await.0, 400);
    let late = pool.confirm_forgot(LEGACY, "ann", &before, NEXT).await;
    assert_eq!(late.1["__type"], "CodeMismatchException");
    set(&pool, json!({})).await;
    assert_eq!(pool.forgot_password(LEGACY, "ann").await.0, 200);
    let code = pool.code(EMAIL).await;
    assert_eq!(
        pool.confirm_forgot(LEGACY, "ann", &code, NEXT).await,
        (200, json!({}))
    );
}

#[tokio::test]
async fn an_answer_that_is_no_event_is_refused() {
    let (pool, _events) = worded(|_| Ok(json!({ "emailMessage": "{####}" }))).await;
    let refused = refusal("InvalidLambdaResponseException", "Unrecognizable lambda output");
    assert_eq!(pool.forgot_password(LEGACY, "ann").await, refused);
}

/// A migration that wants a welcome by e-mail, and a function that words messages.
async fn with_welcome(message: Arc<dyn Builtin>) -> TestServer {
    let migration = Answering(|event: Value| {
        Ok(with_response(
            event,
            &json!({
                "userAttributes": { "email": "new@example.com", "email_verified": "true" },
                "finalUserStatus": "CONFIRMED", "desiredDeliveryMediums": ["EMAIL"],
            }),
        ))
    });
    let options = Options {
        builtins: vec![(pair::FUNCTION, Arc::new(migration)), (FUNCTION, message)],
        ..Options::old_and_new()
    };
    let server = TestServer::start(options).await.unwrap();
    let update = json!({
        "UserPoolId": pair::NEW_POOL, "EmailConfiguration": by_developer(),
        "LambdaConfig": { "UserMigration": pair::FUNCTION, "CustomMessage": FUNCTION },
    });
    let (status, answer) = server.api("UpdateUserPool", &update).await.unwrap();
    assert_eq!(status, 200, "{answer}");
    let sign_in = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pair::NEW_CLIENT,
        "ClientMetadata": { "not": "for messages" },
        "AuthParameters": { "USERNAME": "new@example.com", "PASSWORD": PASSWORD },
    });
    let (status, answer) = server.api("InitiateAuth", &sign_in).await.unwrap();
    assert_eq!(status, 200, "{answer}");
    server
}

fn messages(server: &TestServer) -> Vec<Value> {
    serde_json::from_slice(&server.outbox().messages_json().unwrap()).unwrap()
}

#[tokio::test]
async fn the_welcome_after_a_migration_is_worded_by_the_function() {
    let response = json!({ "emailMessage": "Welcome home, {username}", "emailSubject": "Home" });
    let (function, mut events) = telling(move |event| Ok(with_response(event, &response)));
    let server = with_welcome(function).await;
    let event = events.recv().await.unwrap();
    assert_eq!(event["triggerSource"], "CustomMessage_AdminCreateUser");
    assert!(event["request"].get("clientMetadata").is_none());
    let sent = messages(&server);
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0]["body"], "Welcome home, new@example.com");
    assert_eq!(
        (&sent[0]["subject"], &sent[0]["code"]),
        (&json!("Home"), &Value::Null)
    );
}

#[tokio::test]
async fn a_welcome_that_nobody_words_lets_the_migration_pass() {
    let (function, mut events) = telling(|_| Err("No words".to_owned()));
    let server = with_welcome(function).await;
    assert!(events.recv().await.is_some());
    assert!(messages(&server).is_empty());
}
