//! One first sign-in moves one user: from an old pool to a new one, with our function and with a stranger's.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so"
)]

mod scene;

use serde_json::json;
use tokio::task::JoinSet;

use scene::{OldPool, PASSWORD, Scene, attribute};

const GRACE: &str = "grace@example.com";

#[tokio::test]
async fn the_first_sign_in_moves_the_user_and_the_second_asks_nobody() {
    let old = OldPool::start().await;
    let new = Scene::with_migration(old.builtin_function()).await;

    let (status, first) = new.sign_in(&new.legacy_client, GRACE, PASSWORD).await;
    assert_eq!(status, 200, "{first}");
    assert_eq!(first["AuthenticationResult"]["TokenType"], "Bearer");
    assert_eq!(first["ChallengeParameters"], json!({}));

    let (_, user) = new.user(GRACE).await;
    assert_eq!(user["UserStatus"], "CONFIRMED");
    assert_eq!(attribute(&user, "email"), Some(GRACE));
    assert_eq!(attribute(&user, "email_verified"), Some("true"));
    assert_eq!(attribute(&user, "custom:tier"), Some("gold"));

    let (status, second) = new.sign_in(&new.legacy_client, GRACE, PASSWORD).await;
    assert_eq!(status, 200, "{second}");
    let (status, wrong) = new.sign_in(&new.legacy_client, GRACE, "Wrong-horse-1").await;
    assert_eq!(
        (status, &wrong["__type"]),
        (400, &json!("NotAuthorizedException"))
    );
    assert_eq!(new.server.invocations().count(), 1);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_user_move_nobody() {
    let old = OldPool::start().await;
    let new = Scene::with_migration(old.builtin_function()).await;
    for (username, password) in [(GRACE, "Wrong-horse-1"), ("nobody@example.com", PASSWORD)] {
        let seen = new.sign_in(&new.legacy_client, username, password).await;
        let expected = json!({
            "__type": "UserNotFoundException",
            "message": "UserMigration failed with error Incorrect username or password.",
        });
        assert_eq!(seen, (400, expected), "{username}");
        let (_, hidden) = new.sign_in(&new.hiding_client, username, password).await;
        assert_eq!(
            hidden,
            json!({"__type": "NotAuthorizedException", "message": "Incorrect username or password."})
        );
    }
    new.assert_holds_nobody("refusals").await;
}

#[tokio::test]
async fn a_forgotten_password_moves_the_user_and_the_code_sets_a_new_one() {
    let old = OldPool::start().await;
    let new = Scene::with_migration(old.builtin_function()).await;

    let (status, sent) = new.forgot_password(&new.hiding_client, GRACE).await;
    assert_eq!(status, 200, "{sent}");
    assert_eq!(sent["CodeDeliveryDetails"]["Destination"], "g***@e***");
    let (_, user) = new.user(GRACE).await;
    assert_eq!(user["UserStatus"], "RESET_REQUIRED");

    let code = new.server.newest_code(&new.user_pool_id, GRACE).await.unwrap();
    let confirm = json!({
        "ClientId": new.hiding_client, "Username": GRACE, "ConfirmationCode": code, "Password": "Another-horse-2",
    });
    assert_eq!(new.api("ConfirmForgotPassword", confirm).await, (200, json!({})));
    assert_eq!(
        new.sign_in(&new.hiding_client, GRACE, "Another-horse-2").await.0,
        200
    );
    assert_eq!(new.sign_in(&new.hiding_client, GRACE, PASSWORD).await.0, 400);
}

#[tokio::test]
async fn an_unreachable_old_pool_never_reads_as_a_wrong_password() {
    let old = OldPool::start().await;
    let functions = old.builtin_function();
    let new = Scene::with_migration(functions).await;
    old.server.stop().await.unwrap();
    let (_, seen) = new.sign_in(&new.legacy_client, GRACE, PASSWORD).await;
    assert_eq!(seen["__type"], "UserNotFoundException");
    let message = seen["message"].as_str().unwrap();
    assert!(message.to_lowercase().contains("try again later"), "{message}");
    new.assert_holds_nobody("an outage").await;
}

#[tokio::test]
async fn fifty_first_sign_ins_of_one_person_at_once_end_in_one_user_and_fifty_successes() {
    let old = OldPool::start().await;
    let new = std::sync::Arc::new(Scene::with_migration(old.builtin_function()).await);
    let mut sign_ins = JoinSet::new();
    for _ in 0..50 {
        let new = std::sync::Arc::clone(&new);
        sign_ins.spawn(async move { new.sign_in(&new.legacy_client, GRACE, PASSWORD).await });
    }
    while let Some(seen) = sign_ins.join_next().await {
        let (status, body) = seen.unwrap();
        assert_eq!(status, 200, "{body}");
    }
    let (_, users) = new
        .api("ListUsers", json!({"UserPoolId": new.user_pool_id}))
        .await;
    assert_eq!(users["Users"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_python_handler_of_the_articles_kind_moves_users_as_it_is() {
    let old = OldPool::start().await;
    let new = Scene::with_migration(old.article_function()).await;
    let (status, seen) = new.sign_in(&new.legacy_client, GRACE, PASSWORD).await;
    assert_eq!(status, 200, "{seen}");
    let (_, user) = new.user(GRACE).await;
    assert_eq!(
        (&user["UserStatus"], attribute(&user, "custom:tier")),
        (&json!("CONFIRMED"), Some("gold"))
    );

    let seen = new
        .sign_in(&new.legacy_client, "nobody@example.com", PASSWORD)
        .await;
    let expected = "UserMigration failed with error unknown in the old pool.";
    assert_eq!(
        seen,
        (
            400,
            json!({"__type": "UserNotFoundException", "message": expected})
        )
    );
}
