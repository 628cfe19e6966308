//! Every way in which a migration function can fail: the client sees exactly the error of the real service, and the pool
//! holds no trace of the user.
//!
//! The function is a Python handler under AWS's own runtime interface client, started by the server as a child.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

mod scene;

use serde_json::{Value, json};

use scene::{PASSWORD, Scene};

/// What a client sees: `__type` and message.
type Error = (&'static str, String);

const INCORRECT: &str = "Incorrect username or password.";

/// One failure and its three faces.
struct Row {
    fail_as: &'static str,
    legacy: Error,
    /// What a client sees that hides unknown users.
    hiding: Error,
    /// At forgot password, with a client that does not hide.
    forgot: Error,
}

fn not_found(message: &str) -> Error {
    ("UserNotFoundException", message.to_owned())
}

fn hidden() -> Error {
    ("NotAuthorizedException", INCORRECT.to_owned())
}

/// A failure that says nothing about the person looks the same to all.
fn alike(fail_as: &'static str, kind: &'static str, message: &str) -> Row {
    let error = || (kind, message.to_owned());
    Row {
        fail_as,
        legacy: error(),
        hiding: error(),
        forgot: error(),
    }
}

/// Attributes that make no user of this pool.
fn unfit(fail_as: &'static str, message: &str) -> Row {
    Row {
        fail_as,
        legacy: not_found(message),
        hiding: hidden(),
        forgot: ("InvalidParameterException", message.to_owned()),
    }
}

fn rows(client_id: &str) -> Vec<Row> {
    let unrecognizable = |fail_as| {
        alike(
            fail_as,
            "InvalidLambdaResponseException",
            "Unrecognizable lambda output",
        )
    };
    vec![
        Row {
            fail_as: "throw",
            legacy: not_found("UserMigration failed with error no such luck."),
            hiding: hidden(),
            forgot: (
                "UserLambdaValidationException",
                "UserMigration failed with error no such luck.".to_owned(),
            ),
        },
        Row {
            fail_as: "unchanged",
            legacy: not_found(&format!("Exception migrating user in app client {client_id}")),
            hiding: hidden(),
            forgot: not_found("Username/client id combination not found."),
        },
        alike(
            "nothing",
            "InvalidLambdaResponseException",
            "Invalid lambda function output : Invalid JSON",
        ),
        unrecognizable("garbage"),
        unrecognizable("other-casing"),
        unrecognizable("null-added"),
        unrecognizable("not-text"),
        unfit("bad-phone", "Invalid phone number format."),
        unfit(
            "not-in-schema",
            "user.custom:unknown: Attribute does not exist in the schema.\n",
        ),
        unfit("sub", "Cannot modify the non-mutable attribute sub"),
        unfit(
            "missing-required",
            "Attributes did not conform to the schema: email: The attribute email is required",
        ),
    ]
}

#[tokio::test]
async fn each_failure_of_the_function_ends_in_its_error_and_leaves_no_user() {
    let scene = Scene::with_failing_functions().await;
    for row in rows(&scene.legacy_client) {
        // Each its own name: tries of a name that leads nowhere are counted.
        let somebody = format!("{}@example.com", row.fail_as);
        scene.attach(row.fail_as).await;
        let seen = scene.sign_in(&scene.legacy_client, &somebody, PASSWORD).await;
        assert_eq!(
            error_of(&seen),
            as_text(&row.legacy),
            "{} at sign-in",
            row.fail_as
        );
        let seen = scene.sign_in(&scene.hiding_client, &somebody, PASSWORD).await;
        assert_eq!(
            error_of(&seen),
            as_text(&row.hiding),
            "{} at sign-in, hidden",
            row.fail_as
        );
        let seen = scene.forgot_password(&scene.legacy_client, &somebody).await;
        assert_eq!(
            error_of(&seen),
            as_text(&row.forgot),
            "{} at forgot password",
            row.fail_as
        );
        scene.assert_holds_nobody(row.fail_as).await;
    }
}

#[tokio::test]
async fn an_unknown_user_gets_a_stable_pretence_of_a_delivery_from_a_client_that_hides() {
    let scene = Scene::with_failing_functions().await;
    scene.attach("unchanged").await;
    let first = scene
        .forgot_password(&scene.hiding_client, "somebody@example.com")
        .await;
    let second = scene
        .forgot_password(&scene.hiding_client, "somebody@example.com")
        .await;
    let delivery = json!({"CodeDeliveryDetails": {
        "AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "s***@e***"
    }});
    assert_eq!(first, (200, delivery.clone()));
    assert_eq!(second, (200, delivery));
    scene.assert_holds_nobody("the pretence").await;
}

#[tokio::test]
async fn a_function_that_dies_is_quoted_with_its_exit_status() {
    let scene = Scene::with_failing_functions().await;
    scene.attach("die").await;
    let (status, body) = scene
        .sign_in(&scene.legacy_client, "somebody@example.com", PASSWORD)
        .await;
    assert_eq!(
        (status, body["__type"].as_str()),
        (400, Some("UserNotFoundException"))
    );
    let message = body["message"].as_str().unwrap();
    assert!(
        message.starts_with("UserMigration failed with error RequestId: "),
        "{message}"
    );
    assert!(
        message.ends_with(" Error: Runtime exited with error: exit status 3."),
        "{message}"
    );
    scene.assert_holds_nobody("die").await;
}

#[tokio::test]
async fn a_function_that_cannot_be_reached_is_named_with_lambdas_error() {
    let scene = Scene::with_failing_functions().await;
    scene.attach("no-such-function").await;
    let expected = "UserMigration invocation failed due to error ResourceNotFoundException.";
    for client in [&scene.legacy_client, &scene.hiding_client] {
        let seen = scene.sign_in(client, "somebody@example.com", PASSWORD).await;
        assert_eq!(
            error_of(&seen),
            ("UnexpectedLambdaException".to_owned(), expected.to_owned())
        );
    }
    scene.assert_holds_nobody("no-such-function").await;
}

#[tokio::test]
async fn a_function_that_sleeps_is_given_up_after_three_attempts_of_five_seconds() {
    let scene = Scene::with_failing_functions().await;
    scene.attach("sleep").await;
    let seen = scene
        .sign_in(&scene.legacy_client, "somebody@example.com", PASSWORD)
        .await;
    let expected =
        "UserMigration invocation failed due to error Socket timeout while invoking Lambda function.";
    assert_eq!(
        error_of(&seen),
        ("UnexpectedLambdaException".to_owned(), expected.to_owned())
    );
    assert_eq!(scene.server.invocations().count(), 3);
    scene.assert_holds_nobody("sleep").await;
}

#[tokio::test]
async fn an_alias_that_somebody_else_has_refuses_the_migration_and_stays_where_it_is() {
    let scene = Scene::with_failing_functions_and_email_alias().await;
    let taken = json!({
        "UserPoolId": scene.user_pool_id, "Username": "first", "MessageAction": "SUPPRESS",
        "UserAttributes": [
            {"Name": "email", "Value": "taken@example.com"}, {"Name": "email_verified", "Value": "true"}
        ],
    });
    assert_eq!(scene.api("AdminCreateUser", taken).await.0, 200);
    scene.attach("alias-taken").await;
    let seen = scene.sign_in(&scene.legacy_client, "someone", PASSWORD).await;
    let message = "User account already exists for the alias.";
    assert_eq!(
        error_of(&seen),
        ("UserNotFoundException".to_owned(), message.to_owned())
    );
    let owner = json!({"UserPoolId": scene.user_pool_id, "Username": "taken@example.com"});
    let (_, owner) = scene.api("AdminGetUser", owner).await;
    assert_eq!(owner["Username"], "first");
}

fn error_of((status, body): &(u16, Value)) -> (String, String) {
    assert_eq!(*status, 400, "{body}");
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    (text("__type"), text("message"))
}

fn as_text((kind, message): &Error) -> (String, String) {
    ((*kind).to_owned(), message.clone())
}
