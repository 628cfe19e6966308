//! Names that lead to nobody, at an app client that hides it: locked and counted as those of users are.

use pool::time::Span;
use serde_json::json;

use crate::behaviour::{
    ANNS, HIDING, LEGACY, NOT_AUTHORIZED, PASSWORD, Pool, Seen, WRONG, incorrect, refusal, user,
};

fn locked() -> Seen {
    refusal(NOT_AUTHORIZED, "Password attempts exceeded")
}

fn too_often() -> Seen {
    refusal(
        "LimitExceededException",
        "Attempt limit exceeded, please try after some time.",
    )
}

/// Ann, who is there, and whose reset is due; nobody has any other name.
async fn pool() -> Pool {
    let reset =
        r#", status = "RESET_REQUIRED", attributes = { email = "due@example.com", email_verified = true }"#;
    let users = user("ann", ANNS) + &user("due", reset);
    Pool::with("alias_attributes = [\"email\"]", &users).await
}

async fn by_password(pool: &Pool, name: &str) -> Seen {
    pool.sign_in(HIDING, name, WRONG).await
}

async fn by_srp(pool: &Pool, name: &str) -> Seen {
    let begun = pool.begin_srp(HIDING, name).await;
    pool.prove(HIDING, begun.answers(WRONG)).await
}

#[tokio::test]
async fn wrong_passwords_lock_an_unknown_name_as_they_lock_a_user() {
    let pool = pool().await;
    for name in ["ann", "nobody", "ann@example.com", "nobody@example.com", "due"] {
        for n in 0..5 {
            assert_eq!(by_password(&pool, name).await, incorrect(), "{name} {n}");
        }
        for _ in 0..3 {
            assert_eq!(by_password(&pool, name).await, locked(), "{name}");
            assert_eq!(by_srp(&pool, name).await, locked(), "{name}");
        }
        // The lock lasts a second and doubles.
        pool.wait(Span::seconds(1));
        assert_eq!(by_srp(&pool, name).await, incorrect(), "{name}");
        pool.wait(Span::seconds(1));
        assert_eq!(by_password(&pool, name).await, locked(), "{name}");
        pool.wait(Span::minutes(15));
        for _ in 0..5 {
            assert_eq!(by_srp(&pool, name).await, incorrect(), "{name}");
        }
        assert_eq!(by_srp(&pool, name).await, locked(), "{name}");
        pool.wait(Span::minutes(15));
    }
}

#[tokio::test]
async fn the_lock_of_an_unknown_name_is_that_name_s_alone() {
    let pool = pool().await;
    for _ in 0..5 {
        by_password(&pool, "nobody").await;
    }
    assert_eq!(by_password(&pool, "nobody").await, locked());
    assert_eq!(by_password(&pool, "nobody-else").await, incorrect());
    assert_eq!(pool.sign_in(HIDING, "ann", PASSWORD).await.0, 200);
}

#[tokio::test]
async fn somebody_who_takes_a_locked_name_signs_in_at_once() {
    let pool = pool().await;
    for _ in 0..6 {
        by_password(&pool, "nobody").await;
    }
    let made = json!({ "TemporaryPassword": PASSWORD, "MessageAction": "SUPPRESS" });
    assert_eq!(pool.admin("AdminCreateUser", "nobody", made).await.0, 200);
    pool.set_password("nobody", PASSWORD).await;
    assert_eq!(pool.sign_in(HIDING, "nobody", PASSWORD).await.0, 200);
}

#[tokio::test]
async fn codes_for_an_unknown_name_are_counted_by_the_hour() {
    let pool = pool().await;
    for name in ["ann", "nobody"] {
        let told = pool.forgot_password(HIDING, name).await;
        assert_eq!(told.0, 200, "{name}");
        for _ in 1..20 {
            assert_eq!(pool.forgot_password(HIDING, name).await, told, "{name}");
        }
        assert_eq!(pool.forgot_password(HIDING, name).await, too_often(), "{name}");
        pool.wait(Span::hours(1));
        assert_eq!(pool.forgot_password(HIDING, name).await, told, "{name}");
    }
}

#[tokio::test]
async fn wrong_codes_for_an_unknown_name_are_counted_by_the_hour() {
    let pool = pool().await;
    let mismatch = refusal(
        "CodeMismatchException",
        "Invalid verification code provided, please try again.",
    );
    for name in ["ann", "nobody"] {
        pool.forgot_password(HIDING, name).await;
        for _ in 0..20 {
            let seen = pool.confirm_forgot(HIDING, name, "000000-", PASSWORD).await;
            assert_eq!(seen, mismatch, "{name}");
        }
        let seen = pool.confirm_forgot(HIDING, name, "000000-", PASSWORD).await;
        assert_eq!(seen, too_often(), "{name}");
    }
}

#[tokio::test]
async fn a_client_that_tells_who_is_not_there_has_nothing_to_count() {
    let pool = pool().await;
    for _ in 0..8 {
        let told = pool.sign_in(LEGACY, "nobody", WRONG).await;
        assert_eq!(told, refusal("UserNotFoundException", "User does not exist."));
    }
    assert_eq!(by_password(&pool, "nobody").await, incorrect());
}
