//! The function and its `bootstrap` against a stranger: moto's server as the old pool.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what fails here fails the test"
)]

mod support;

use function::{Environment, Function, FunctionError, Settings};
use serde_json::{Value, json};
use support::runtime_api::{Bootstrap, Posted};
use support::{OldPool, PASSWORD, event};
use trigger::Payload;

const SIGN_IN: &str = "UserMigration_Authentication";
const FORGOT_PASSWORD: &str = "UserMigration_ForgotPassword";
const JANE: [(&str, &str); 3] = [
    ("email", "jane@example.com"),
    ("email_verified", "true"),
    ("custom:plan", "gold"),
];

fn function_on(pool: &OldPool) -> Function {
    function_in(pool.environment())
}

fn function_in(variables: Vec<(&'static str, String)>) -> Function {
    let look_up = move |name: &str| {
        variables
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.clone())
    };
    Function::new(Settings::read(&Environment::new(look_up)).unwrap()).unwrap()
}

async fn handle(function: &Function, event: &Value) -> Result<Value, FunctionError> {
    let answer = function
        .handle(Payload::from_bytes(event.to_string().into_bytes()))
        .await?;
    Ok(serde_json::from_slice(answer.as_bytes()).unwrap())
}

/// The event with what a move fills in.
fn moved(event: &Value, status: Option<&str>, attributes: &Value) -> Value {
    let mut answer = event.clone();
    answer["response"]["userAttributes"] = attributes.clone();
    answer["response"]["forceAliasCreation"] = false.into();
    answer["response"]["messageAction"] = "SUPPRESS".into();
    answer["response"]["finalUserStatus"] = status.into();
    answer
}

fn refusal(name: &str, text: &str) -> FunctionError {
    FunctionError {
        error_type: name.to_owned(),
        error_message: text.to_owned(),
    }
}

#[tokio::test]
async fn users_of_a_foreign_old_pool_stand_as_the_table_says() {
    let pool = OldPool::start().await;
    let function = function_on(&pool);
    let attributes = json!({ "custom:plan": "gold", "email": "jane@example.com", "email_verified": "true" });

    pool.add("jane", &JANE).await;
    let sign_in = event(SIGN_IN, "jane", Some(PASSWORD));
    assert_eq!(
        handle(&function, &sign_in).await,
        Ok(moved(&sign_in, Some("CONFIRMED"), &attributes))
    );
    let forgotten = event(FORGOT_PASSWORD, "jane", None);
    assert_eq!(
        handle(&function, &forgotten).await,
        Ok(moved(&forgotten, None, &attributes))
    );

    let neutral = "Incorrect username or password";
    let wrong = handle(&function, &event(SIGN_IN, "jane", Some("wrong"))).await;
    assert_eq!(wrong, Err(refusal("WrongPassword", neutral)));
    let empty = handle(&function, &event(SIGN_IN, "jane", Some(""))).await;
    assert_eq!(empty, Err(refusal("EmptyPassword", neutral)));
    let unknown = handle(&function, &event(SIGN_IN, "nobody", Some(PASSWORD))).await;
    assert_eq!(unknown, Err(refusal("Unknown", neutral)));
    let unknown = event(FORGOT_PASSWORD, "nobody", None);
    assert_eq!(handle(&function, &unknown).await, Ok(unknown));

    pool.add("disabled", &JANE).await;
    pool.call("AdminDisableUser", json!({ "Username": "disabled" }))
        .await;
    let disabled = handle(&function, &event(SIGN_IN, "disabled", Some(PASSWORD))).await;
    assert_eq!(disabled, Err(refusal("Disabled", neutral)));
    let disabled = event(FORGOT_PASSWORD, "disabled", None);
    assert_eq!(handle(&function, &disabled).await, Ok(disabled));

    pool.invite("invited", &JANE).await;
    let invited = event(SIGN_IN, "invited", Some(PASSWORD));
    assert_eq!(
        handle(&function, &invited).await,
        Ok(moved(&invited, Some("RESET_REQUIRED"), &attributes))
    );

    pool.add(
        "unverified",
        &[("email", "u@example.com"), ("email_verified", "false")],
    )
    .await;
    let unverified = event(SIGN_IN, "unverified", Some(PASSWORD));
    let kept = json!({ "email": "u@example.com", "email_verified": "false" });
    assert_eq!(
        handle(&function, &unverified).await,
        Ok(moved(&unverified, Some("CONFIRMED"), &kept))
    );
    let forgotten = event(FORGOT_PASSWORD, "unverified", None);
    assert_eq!(handle(&function, &forgotten).await, Ok(forgotten));
}

/// moto keeps accounts apart, so the answer tells whose keys signed: the pool is in its account 123456789012.
#[tokio::test]
async fn the_old_pool_is_asked_in_the_role_that_the_settings_name() {
    let pool = OldPool::start().await;
    pool.add("jane", &JANE).await;
    let in_role_of = |account: &str| {
        let mut variables = pool.environment();
        variables.push(("OLD_ROLE_ARN", format!("arn:aws:iam::{account}:role/rehome")));
        variables.push(("OLD_EXTERNAL_ID", "x & y".to_owned()));
        variables.push(("OLD_CLIENT_SECRET", "Canary-Secret".to_owned()));
        function_in(variables)
    };
    let function = in_role_of("123456789012");
    function.warm().await;
    let answer = handle(&function, &event(SIGN_IN, "jane", Some(PASSWORD)))
        .await
        .unwrap();
    assert_eq!(answer["response"]["finalUserStatus"], "CONFIRMED");
    let elsewhere = handle(
        &in_role_of("111122223333"),
        &event(SIGN_IN, "jane", Some(PASSWORD)),
    )
    .await;
    assert_eq!(elsewhere, Err(refusal("CouldNotAsk", "Try again later")));
}

#[tokio::test]
async fn an_old_pool_that_is_gone_says_try_again_later() {
    let pool = OldPool::start().await;
    let function = function_on(&pool);
    drop(pool);
    for (source, password) in [(SIGN_IN, Some(PASSWORD)), (FORGOT_PASSWORD, None)] {
        let answer = handle(&function, &event(source, "jane", password)).await;
        assert_eq!(answer, Err(refusal("CouldNotAsk", "Try again later")));
    }
}

#[tokio::test]
async fn the_bootstrap_posts_responses_and_error_documents_and_logs_no_secret() {
    let pool = OldPool::start().await;
    pool.add("jane", &JANE).await;
    let mut bootstrap = Bootstrap::spawn(&pool.environment()).await;

    let sign_in = event(SIGN_IN, "jane", Some(PASSWORD));
    let Posted::Response(response) = bootstrap.invoke(sign_in.clone()).await else {
        panic!("a response")
    };
    let attributes = json!({ "custom:plan": "gold", "email": "jane@example.com", "email_verified": "true" });
    assert_eq!(response, moved(&sign_in, Some("CONFIRMED"), &attributes));

    let Posted::Error(document) = bootstrap
        .invoke(event(SIGN_IN, "jane", Some("Canary-Wrong")))
        .await
    else {
        panic!("an error document")
    };
    let expected = json!({ "errorType": "WrongPassword", "errorMessage": "Incorrect username or password" });
    assert_eq!(document, expected);

    let forgotten = event(FORGOT_PASSWORD, "nobody", None);
    let Posted::Response(response) = bootstrap.invoke(forgotten.clone()).await else {
        panic!("a response")
    };
    assert_eq!(response, forgotten);

    let output = bootstrap.output().await;
    let lines: Vec<Value> = output
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("a JSON line"))
        .filter(|line| line["message"] == "migration")
        .collect();
    let told: Vec<_> = lines
        .iter()
        .map(|line| (&line["standing"], &line["outcome"], &line["refusal"]))
        .collect();
    let expected = [
        (&json!("active"), &json!("moved"), &Value::Null),
        (
            &json!("wrong_password"),
            &json!("refused"),
            &json!("WrongPassword"),
        ),
        (&json!("unknown"), &json!("unchanged"), &Value::Null),
    ];
    assert_eq!(told, expected);
    for secret in ["Canary", "jane", "example.com", "gold", "nobody"] {
        assert!(!output.contains(secret), "{secret} in {output}");
    }
}

#[tokio::test]
async fn a_bootstrap_without_settings_says_what_to_set_and_ends() {
    let (status, output) = Bootstrap::spawn(&[]).await.end().await;
    assert_eq!(status, Some(1));
    assert!(
        output.contains("OLD_USER_POOL_ID") && output.contains("OLD_CLIENT_ID"),
        "{output}"
    );
}
