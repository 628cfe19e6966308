//! The rows of the decision table, the old pool being brought into each state by its own API.

use serde_json::{Value, json};
use testkit::pair::{ANN, OLD_CLIENT, PASSWORD};

use crate::scene::{OldPool, anns, incorrect, later, moved, refused, unchanged};

#[tokio::test]
async fn a_right_password_moves_the_user_and_a_forgotten_one_the_profile() {
    let pool = OldPool::start().await;
    let (sign_in, forgot) = pool.both(ANN).await;
    assert_eq!(sign_in, moved("active", "CONFIRMED".into(), &anns()));
    assert_eq!(forgot, moved("active", Value::Null, &anns()));
}

#[tokio::test]
async fn a_wrong_password_and_a_login_of_nobody_are_refused_in_one_text() {
    let pool = OldPool::start().await;
    let function = pool.function();
    assert_eq!(
        function.sign_in(ANN, "Wrong-Password-1").await,
        incorrect("wrong_password")
    );
    assert_eq!(
        function.sign_in("nobody@example.com", PASSWORD).await,
        incorrect("unknown")
    );
    assert_eq!(
        function.forgot_password("nobody@example.com").await,
        unchanged("unknown")
    );
}

#[tokio::test]
async fn a_disabled_user_looks_like_nobody() {
    let pool = OldPool::start().await;
    pool.call("AdminDisableUser", json!({ "Username": ANN })).await;
    let (sign_in, forgot) = pool.both(ANN).await;
    assert_eq!(sign_in, incorrect("disabled"));
    assert_eq!(forgot, unchanged("disabled"));
}

#[tokio::test]
async fn who_is_locked_out_tries_later_and_may_reset_the_password_now() {
    let pool = OldPool::start().await;
    let function = pool.function();
    for n in 0..5 {
        // The same one again would be the same attempt, and cost the old pool nothing.
        assert_eq!(
            function.sign_in(ANN, &format!("Wrong-Password-{n}")).await,
            incorrect("wrong_password")
        );
    }
    let (sign_in, forgot) = pool.both(ANN).await;
    assert_eq!(sign_in, later("locked_for_now"));
    assert_eq!(forgot, moved("active", Value::Null, &anns()));
}

async fn invite(pool: &OldPool) {
    pool.call("AdminDeleteUser", json!({ "Username": ANN })).await;
    let body = json!({
        "Username": ANN, "TemporaryPassword": PASSWORD, "MessageAction": "SUPPRESS",
        "UserAttributes": [
            { "Name": "email", "Value": ANN }, { "Name": "email_verified", "Value": "true" },
            { "Name": "custom:plan", "Value": "gold" },
        ],
    });
    pool.call("AdminCreateUser", body).await;
}

#[tokio::test]
async fn a_temporary_password_becomes_a_reset() {
    let pool = OldPool::start().await;
    invite(&pool).await;
    let (sign_in, forgot) = pool.both(ANN).await;
    assert_eq!(
        sign_in,
        moved("password_must_change", "RESET_REQUIRED".into(), &anns())
    );
    assert_eq!(forgot, moved("password_must_change", Value::Null, &anns()));
}

#[tokio::test]
async fn a_temporary_password_that_has_expired_becomes_a_reset_too() {
    let pool = OldPool::start().await;
    invite(&pool).await;
    pool.clock.advance(pool::time::Span::days(8));
    let (sign_in, forgot) = pool.both(ANN).await;
    assert_eq!(
        sign_in,
        moved("password_must_change", "RESET_REQUIRED".into(), &anns())
    );
    assert_eq!(forgot, moved("password_must_change", Value::Null, &anns()));
}

#[tokio::test]
async fn a_reset_that_is_due_stays_due() {
    let pool = OldPool::start().await;
    pool.call("AdminResetUserPassword", json!({ "Username": ANN }))
        .await;
    let (sign_in, forgot) = pool.both(ANN).await;
    assert_eq!(sign_in, moved("reset_due", "RESET_REQUIRED".into(), &anns()));
    assert_eq!(forgot, moved("reset_due", Value::Null, &anns()));
}

#[tokio::test]
async fn who_never_confirmed_stays_and_is_not_disclosed() {
    let pool = OldPool::start().await;
    let login = "gus@example.com";
    let body = json!({ "ClientId": OLD_CLIENT, "Username": login, "Password": PASSWORD });
    pool.call_openly("SignUp", body).await;
    let (sign_in, forgot) = pool.both(login).await;
    assert_eq!(sign_in, refused("unconfirmed", "User is not confirmed"));
    assert_eq!(forgot, unchanged("unconfirmed"));
}

#[tokio::test]
async fn an_address_that_was_never_verified_moves_unverified() {
    let pool = OldPool::start().await;
    let login = "ben@example.com";
    let (sign_in, forgot) = pool.both(login).await;
    let attributes = json!({ "email": login, "email_verified": "false" });
    assert_eq!(sign_in, moved("active", "CONFIRMED".into(), &attributes));
    assert_eq!(forgot, unchanged("active"), "no code could reach them");
}

#[tokio::test]
async fn a_user_who_is_deleted_between_two_sign_ins_is_nobody() {
    let pool = OldPool::start().await;
    pool.both(ANN).await;
    pool.call("AdminDeleteUser", json!({ "Username": ANN })).await;
    let (sign_in, forgot) = pool.both(ANN).await;
    assert_eq!(sign_in, incorrect("unknown"));
    assert_eq!(forgot, unchanged("unknown"));
}
