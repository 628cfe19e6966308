//! *Pre sign-up* and *post confirmation*: when they are asked, what they are told, and how they are obeyed.

use serde_json::{Value, json};

use crate::behaviour::{ANNS, HIDING, LEGACY, NEXT, PASSWORD, Pool, incorrect, refusal, tokens, user};
use crate::calls::{BY_EMAIL, done, email};
use crate::recorded::{Recorded, pool_of, request_of, unchanged};

const BOTH: &str = "PreSignUp = FUNCTION, PostConfirmation = FUNCTION";
const BEA: &str = "bea@example.com";

/// What the function answers to *pre sign-up*.
fn answering(answer: Value) -> impl Fn(&mut Value) -> Result<(), String> + Send + Sync + 'static {
    move |event| {
        if event["triggerSource"]
            .as_str()
            .is_some_and(|source| source.starts_with("PreSignUp"))
        {
            event["response"] = answer.clone();
        }
        Ok(())
    }
}

/// Throws at events of one trigger.
fn throwing(trigger: &'static str) -> impl Fn(&mut Value) -> Result<(), String> + Send + Sync + 'static {
    move |event| match event["triggerSource"].as_str() {
        Some(source) if source.starts_with(trigger) => Err("no".to_owned()),
        _ => Ok(()),
    }
}

fn refused(trigger: &str) -> (u16, Value) {
    refusal(
        "UserLambdaValidationException",
        &format!("{trigger} failed with error no."),
    )
}

async fn pool_that(
    answer: impl Fn(&mut Value) -> Result<(), String> + Send + Sync + 'static,
) -> (Pool, Recorded) {
    pool_of(BOTH, BY_EMAIL, &user("ann", ANNS), answer).await
}

#[tokio::test]
async fn pre_sign_up_is_told_of_the_user_to_be() {
    let (pool, recorded) = pool_that(unchanged).await;
    let rest = json!({
        "ValidationData": [{ "Name": "captcha", "Value": "ok" }], "ClientMetadata": { "from": "page" },
    });
    assert_eq!(pool.sign_up("bea", email(BEA), rest).await.0, 200);
    let event = recorded.only();
    assert_eq!(
        (
            &event["triggerSource"],
            &event["userName"],
            &event["callerContext"]["clientId"]
        ),
        (&json!("PreSignUp_SignUp"), &json!("bea"), &json!(LEGACY))
    );
    let request = json!({
        "userAttributes": { "email": BEA }, "validationData": { "captcha": "ok" },
        "clientMetadata": { "from": "page" },
    });
    assert_eq!(request_of(&event), &request);
    let nothing = json!({ "autoConfirmUser": false, "autoVerifyEmail": false, "autoVerifyPhone": false });
    assert_eq!(event["response"], nothing);
}

#[tokio::test]
async fn what_it_throws_makes_nobody() {
    let (pool, recorded) = pool_that(throwing("PreSignUp")).await;
    assert_eq!(
        pool.sign_up("bea", email(BEA), json!({})).await,
        refused("PreSignUp")
    );
    assert_eq!(
        pool.admin("AdminCreateUser", "bea", json!({})).await,
        refused("PreSignUp")
    );
    assert_eq!(
        recorded.sources(),
        ["PreSignUp_SignUp", "PreSignUp_AdminCreateUser"]
    );
    assert_eq!(pool.admin("AdminGetUser", "bea", json!({})).await.0, 400);
    assert_eq!(pool.messages(), Vec::<Value>::new());
}

#[tokio::test]
async fn it_may_confirm_and_verify_at_once_and_post_confirmation_is_told() {
    let answer = json!({ "autoConfirmUser": true, "autoVerifyEmail": true });
    let (pool, recorded) = pool_that(answering(answer)).await;
    let (status, answer) = pool.sign_up("bea", email(BEA), json!({})).await;
    assert_eq!(
        (
            status,
            &answer["UserConfirmed"],
            answer.get("CodeDeliveryDetails")
        ),
        (200, &json!(true), None)
    );
    assert_eq!(
        recorded.sources(),
        ["PreSignUp_SignUp", "PostConfirmation_ConfirmSignUp"]
    );
    assert_eq!(pool.user("bea").await.1["email_verified"], "true");
    pool.signed_in(LEGACY, "bea").await;
    assert_eq!(pool.messages(), Vec::<Value>::new());
}

#[tokio::test]
async fn what_it_verifies_must_be_there() {
    let (pool, _) = pool_that(answering(json!({ "autoVerifyPhone": true }))).await;
    assert_eq!(
        pool.sign_up("bea", email(BEA), json!({})).await,
        refusal(
            "InvalidLambdaResponseException",
            "PreSignUp declares phone_number verified, which the user does not have"
        )
    );
    assert_eq!(pool.admin("AdminGetUser", "bea", json!({})).await.0, 400);
}

#[tokio::test]
async fn an_alias_that_it_verifies_moves_to_the_new_user() {
    let settings = "alias_attributes = [\"email\"]";
    let answer = answering(json!({ "autoConfirmUser": true, "autoVerifyEmail": true }));
    let (pool, _) = pool_of(BOTH, settings, &user("ann", ANNS), answer).await;
    let taken = pool.sign_up("bea", email("ann@example.com"), json!({})).await;
    assert_eq!(taken.0, 200);
    let signed_in = pool.signed_in(LEGACY, "ann@example.com").await;
    assert_eq!(pool.get_user(&signed_in.access).await.1["Username"], "bea");
    assert_eq!(pool.user("ann").await.1["email_verified"], "false");
}

#[tokio::test]
async fn for_an_administrators_user_it_may_only_refuse() {
    let answer = json!({ "autoConfirmUser": true, "autoVerifyEmail": true, "autoVerifyPhone": true });
    let (pool, recorded) = pool_that(answering(answer)).await;
    let rest = json!({
        "UserAttributes": email(BEA), "MessageAction": "SUPPRESS",
        "ValidationData": [{ "Name": "by", "Value": "desk" }],
    });
    assert_eq!(pool.admin("AdminCreateUser", "bea", rest).await.0, 200);
    let event = recorded.only();
    assert_eq!(event["triggerSource"], "PreSignUp_AdminCreateUser");
    assert_eq!(event["request"]["validationData"], json!({ "by": "desk" }));
    let (standing, attributes) = pool.user("bea").await;
    assert_eq!(standing, "FORCE_CHANGE_PASSWORD");
    assert_eq!(attributes.get("email_verified"), None);
}

#[tokio::test]
async fn post_confirmation_is_told_once_it_stands() {
    let (pool, recorded) = pool_that(unchanged).await;
    let code = pool.signed_up("bea", BEA).await;
    recorded.take();
    let metadata = json!({ "ClientMetadata": { "from": "page" } });
    assert_eq!(pool.confirm(LEGACY, "bea", &code, metadata).await, done());
    let event = recorded.only();
    assert_eq!(event["triggerSource"], "PostConfirmation_ConfirmSignUp");
    let request = request_of(&event);
    assert_eq!(request["userAttributes"]["cognito:user_status"], "CONFIRMED");
    assert_eq!(request["userAttributes"]["email_verified"], "true");
    assert_eq!(request["clientMetadata"], json!({ "from": "page" }));
}

#[tokio::test]
async fn what_post_confirmation_throws_reaches_the_client_and_changes_nothing() {
    let (pool, _) = pool_that(throwing("PostConfirmation")).await;
    let code = pool.signed_up("bea", BEA).await;
    let failed = || refused("PostConfirmation");
    assert_eq!(pool.confirm(LEGACY, "bea", &code, json!({})).await, failed());
    pool.signed_in(LEGACY, "bea").await;
    pool.signed_up("cleo", "cleo@example.com").await;
    assert_eq!(
        pool.admin("AdminConfirmSignUp", "cleo", json!({})).await,
        failed()
    );
    pool.signed_in(LEGACY, "cleo").await;
    assert_eq!(pool.forgot_password(LEGACY, "ann").await.0, 200);
    let code = pool.code("ann@example.com").await;
    assert_eq!(pool.confirm_forgot(LEGACY, "ann", &code, NEXT).await, failed());
    tokens(pool.sign_in(LEGACY, "ann", NEXT).await);
}

#[tokio::test]
async fn each_way_of_confirming_tells_it_in_its_own_name() {
    let (pool, recorded) = pool_that(unchanged).await;
    pool.signed_up("bea", BEA).await;
    recorded.take();
    assert_eq!(pool.admin("AdminConfirmSignUp", "bea", json!({})).await, done());
    assert_eq!(recorded.sources(), ["PostConfirmation_ConfirmSignUp"]);
    assert_eq!(pool.forgot_password(LEGACY, "ann").await.0, 200);
    let code = pool.code("ann@example.com").await;
    assert_eq!(pool.confirm_forgot(LEGACY, "ann", &code, NEXT).await, done());
    assert_eq!(recorded.sources(), ["PostConfirmation_ConfirmForgotPassword"]);
}

/// A pool into which everybody moves with a verified address, and whose *pre sign-up* answers so.
async fn pool_to_move_into(
    answer: impl Fn(&mut Value) -> Result<(), String> + Send + Sync + 'static,
) -> (Pool, Recorded) {
    let triggers = format!("{BOTH}, UserMigration = FUNCTION");
    pool_of(&triggers, "", "", move |event| {
        if event["triggerSource"]
            .as_str()
            .is_some_and(|source| source.starts_with("UserMigration"))
        {
            let attributes = json!({ "email": BEA, "email_verified": "true" });
            event["response"] = json!({
                "userAttributes": attributes, "finalUserStatus": "CONFIRMED", "messageAction": "SUPPRESS",
            });
        }
        answer(event)
    })
    .await
}

#[tokio::test]
async fn a_sign_in_that_moves_a_user_asks_pre_sign_up_as_for_an_administrators() {
    let (pool, recorded) = pool_to_move_into(unchanged).await;
    let body = json!({
        "ClientId": LEGACY, "AuthFlow": "USER_PASSWORD_AUTH", "ClientMetadata": { "from": "start" },
        "AuthParameters": { "USERNAME": "bea", "PASSWORD": PASSWORD },
    });
    tokens(pool.call("InitiateAuth", body).await);
    let events = recorded.take();
    let sources: Vec<_> = events.iter().map(|event| &event["triggerSource"]).collect();
    assert_eq!(
        sources,
        ["UserMigration_Authentication", "PreSignUp_AdminCreateUser"]
    );
    let request = request_of(&events[1]);
    assert_eq!(
        request["userAttributes"],
        json!({ "email": BEA, "email_verified": "true" })
    );
    assert_eq!(request["validationData"], json!({ "from": "start" }));
    assert_eq!(request.get("clientMetadata"), None);
}

#[tokio::test]
async fn its_refusal_fails_the_migration_as_the_migrations_own_would() {
    let (pool, _) = pool_to_move_into(throwing("PreSignUp")).await;
    assert_eq!(
        pool.sign_in(LEGACY, "bea", PASSWORD).await,
        refusal("UserNotFoundException", "PreSignUp failed with error no.")
    );
    assert_eq!(pool.sign_in(HIDING, "bea", PASSWORD).await, incorrect());
    assert_eq!(pool.forgot_password(HIDING, "bea").await, refused("PreSignUp"));
    assert_eq!(pool.admin("AdminGetUser", "bea", json!({})).await.0, 400);
}
