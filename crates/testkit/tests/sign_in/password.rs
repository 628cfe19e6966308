//! Sign-in with the password in the request.

use pool::time::Span;
use serde_json::json;

use crate::behaviour::{
    ANNS, HIDING, INCORRECT, LEGACY, NOT_AUTHORIZED, PASSWORD, Pool, WRONG, challenge, incorrect, refusal,
    tokens, user,
};

fn disabled() -> crate::behaviour::Seen {
    refusal(NOT_AUTHORIZED, "User is disabled.")
}

#[tokio::test]
async fn the_right_password_gives_three_tokens_and_empty_challenge_parameters() {
    let pool = Pool::of_ann().await;
    let admins = pool
        .admin_initiate(
            LEGACY,
            "ADMIN_NO_SRP_AUTH",
            json!({ "USERNAME": "ann", "PASSWORD": PASSWORD }),
        )
        .await;
    for (status, answer) in [pool.sign_in(LEGACY, "ann", PASSWORD).await, admins] {
        assert_eq!(status, 200, "{answer}");
        assert_eq!(answer["ChallengeParameters"], json!({}));
        let result = answer["AuthenticationResult"].as_object().unwrap();
        let mut members: Vec<_> = result.keys().map(String::as_str).collect();
        members.sort_unstable();
        assert_eq!(
            members,
            ["AccessToken", "ExpiresIn", "IdToken", "RefreshToken", "TokenType"]
        );
        assert_eq!(
            (&result["ExpiresIn"], &result["TokenType"]),
            (&json!(3600), &json!("Bearer"))
        );
    }
}

#[tokio::test]
async fn a_wrong_password_is_incorrect_for_every_client() {
    let pool = Pool::of_ann().await;
    for client in [LEGACY, HIDING] {
        assert_eq!(pool.sign_in(client, "ann", WRONG).await, incorrect());
    }
}

#[tokio::test]
async fn an_unknown_user_is_told_of_or_hidden_as_the_client_says() {
    let pool = Pool::of_ann().await;
    assert_eq!(
        pool.sign_in(LEGACY, "nobody", PASSWORD).await,
        refusal("UserNotFoundException", "User does not exist.")
    );
    assert_eq!(pool.sign_in(HIDING, "nobody", PASSWORD).await, incorrect());
}

#[tokio::test]
async fn a_disabled_user_is_told_so_whatever_the_password_and_the_client() {
    let pool = Pool::with("", &user("cleo", ", enabled = false")).await;
    for client in [LEGACY, HIDING] {
        for password in [PASSWORD, WRONG] {
            assert_eq!(pool.sign_in(client, "cleo", password).await, disabled());
        }
    }
}

#[tokio::test]
async fn an_enabled_user_is_let_in_again() {
    let pool = Pool::of_ann().await;
    assert_eq!(
        pool.admin("AdminDisableUser", "ann", json!({})).await,
        (200, json!({}))
    );
    assert_eq!(pool.sign_in(LEGACY, "ann", PASSWORD).await, disabled());
    assert_eq!(
        pool.admin("AdminEnableUser", "ann", json!({})).await,
        (200, json!({}))
    );
    pool.signed_in(LEGACY, "ann").await;
}

#[tokio::test]
async fn only_the_right_password_tells_that_a_user_is_not_confirmed() {
    let pool = Pool::with("", &user("una", ", status = \"UNCONFIRMED\"")).await;
    for client in [LEGACY, HIDING] {
        assert_eq!(pool.sign_in(client, "una", WRONG).await, incorrect());
        assert_eq!(
            pool.sign_in(client, "una", PASSWORD).await,
            refusal("UserNotConfirmedException", "User is not confirmed.")
        );
    }
}

#[tokio::test]
async fn a_due_reset_is_told_whatever_the_password_but_not_by_a_client_that_hides() {
    let pool = Pool::with("", &user("dan", ", status = \"RESET_REQUIRED\"")).await;
    for password in [PASSWORD, WRONG] {
        assert_eq!(
            pool.sign_in(LEGACY, "dan", password).await,
            refusal(
                "PasswordResetRequiredException",
                "Password reset required for the user"
            )
        );
        assert_eq!(pool.sign_in(HIDING, "dan", password).await, incorrect());
    }
}

#[tokio::test]
async fn a_temporary_password_ends_after_seven_days() {
    let pool = Pool::with("", &user("fay", ", status = \"FORCE_CHANGE_PASSWORD\"")).await;
    pool.wait(Span(Span::days(7).0 - 1));
    challenge(
        pool.sign_in(LEGACY, "fay", PASSWORD).await,
        "NEW_PASSWORD_REQUIRED",
    );
    pool.wait(Span(1));
    assert_eq!(
        pool.sign_in(LEGACY, "fay", PASSWORD).await,
        refusal(
            NOT_AUTHORIZED,
            "Temporary password has expired and must be reset by an administrator."
        )
    );
    assert_eq!(pool.sign_in(LEGACY, "fay", WRONG).await, incorrect());
    let another = json!({ "Password": PASSWORD, "Permanent": false });
    pool.admin("AdminSetUserPassword", "fay", another).await;
    challenge(
        pool.sign_in(LEGACY, "fay", PASSWORD).await,
        "NEW_PASSWORD_REQUIRED",
    );
}

#[tokio::test]
async fn a_temporary_password_lives_as_long_as_the_policy_says() {
    let settings = "password_policy = { temporary_password_validity_days = 1 }";
    let pool = Pool::with(settings, &user("fay", ", status = \"FORCE_CHANGE_PASSWORD\"")).await;
    pool.wait(Span::days(1));
    let seen = pool.sign_in(LEGACY, "fay", PASSWORD).await;
    assert_eq!(
        seen,
        refusal(
            NOT_AUTHORIZED,
            "Temporary password has expired and must be reset by an administrator."
        )
    );
}

#[tokio::test]
async fn a_user_without_a_password_has_no_right_one() {
    let pool = Pool::with("", "").await;
    let user = json!({ "MessageAction": "SUPPRESS", "UserAttributes": [] });
    assert_eq!(pool.admin("AdminCreateUser", "gus", user).await.0, 200);
    assert_eq!(
        pool.sign_in(LEGACY, "gus", PASSWORD).await.1["message"],
        INCORRECT
    );
}

#[tokio::test]
async fn names_and_passwords_are_told_apart_by_case() {
    let pool = Pool::with("", &user("ann", ANNS)).await;
    assert_eq!(
        pool.sign_in(HIDING, "ANN", PASSWORD).await,
        incorrect(),
        "another name"
    );
    assert_eq!(
        pool.sign_in(HIDING, "ann", &PASSWORD.to_lowercase()).await,
        incorrect()
    );
    tokens(pool.sign_in(HIDING, "ann", PASSWORD).await);
}
