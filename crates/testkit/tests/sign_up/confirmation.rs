//! The code of a sign-up: what it confirms, how long it is good, and how often it may be tried.

use pool::time::Span;
use serde_json::{Value, json};

use crate::behaviour::{HIDING, LEGACY, NOT_AUTHORIZED, Pool, Seen, refusal, user};
use crate::calls::{
    BY_EMAIL, delivered, done, email, expired_code, not_to_be_confirmed, other_than, too_many, unknown,
    wrong_code,
};

const BEA: &str = "bea@example.com";

async fn pool() -> Pool {
    let cleo = r#", enabled = false, status = "UNCONFIRMED", attributes = { email = "cleo@example.com" }"#;
    Pool::with(BY_EMAIL, &user("cleo", cleo)).await
}

#[tokio::test]
async fn the_code_confirms_the_user_and_the_address_it_went_to() {
    let pool = pool().await;
    let code = pool.signed_up("bea", BEA).await;
    assert_eq!(pool.confirm(LEGACY, "bea", &code, json!({})).await, done());
    let (standing, attributes) = pool.user("bea").await;
    assert_eq!(
        (standing.as_str(), &attributes["email_verified"]),
        ("CONFIRMED", &json!("true"))
    );
    pool.signed_in(LEGACY, "bea").await;
    assert_eq!(
        pool.confirm(LEGACY, "bea", &code, json!({})).await,
        not_to_be_confirmed("CONFIRMED")
    );
}

#[tokio::test]
async fn an_address_that_an_administrator_has_changed_meanwhile_is_not_proven() {
    let pool = pool().await;
    let code = pool.signed_up("bea", BEA).await;
    let other = json!({ "UserAttributes": email("other@example.com") });
    assert_eq!(
        pool.admin("AdminUpdateUserAttributes", "bea", other).await,
        done()
    );
    assert_eq!(pool.confirm(LEGACY, "bea", &code, json!({})).await, done());
    assert_eq!(pool.user("bea").await.1["email_verified"], "false");
}

#[tokio::test]
async fn a_wrong_code_leaves_the_right_one_good_until_there_were_too_many() {
    let pool = pool().await;
    let code = pool.signed_up("bea", BEA).await;
    for _ in 0..15 {
        assert_eq!(
            pool.confirm(LEGACY, "bea", other_than(&code), json!({})).await,
            wrong_code()
        );
    }
    assert_eq!(pool.confirm(LEGACY, "bea", &code, json!({})).await, too_many());
    pool.wait(Span::hours(1));
    assert_eq!(pool.confirm(LEGACY, "bea", &code, json!({})).await, done());
}

#[tokio::test]
async fn a_code_is_good_for_a_day() {
    let pool = pool().await;
    let code = pool.signed_up("bea", BEA).await;
    pool.wait(Span::hours(24));
    assert_eq!(
        pool.confirm(LEGACY, "bea", &code, json!({})).await,
        expired_code()
    );
    assert_eq!(pool.resend(LEGACY, "bea").await.0, 200);
    let code = pool.code(BEA).await;
    pool.wait(Span(Span::hours(24).0 - 1));
    assert_eq!(pool.confirm(LEGACY, "bea", &code, json!({})).await, done());
}

#[tokio::test]
async fn a_new_code_takes_the_place_of_the_one_before() {
    let pool = pool().await;
    let first = pool.signed_up("bea", BEA).await;
    let sent = json!({ "CodeDeliveryDetails": delivered("EMAIL", "email", "b***@e***") });
    assert_eq!(pool.resend(HIDING, "bea").await, (200, sent));
    let second = pool.code(BEA).await;
    if first != second {
        assert_eq!(pool.confirm(LEGACY, "bea", &first, json!({})).await, wrong_code());
    }
    assert_eq!(pool.confirm(LEGACY, "bea", &second, json!({})).await, done());
}

#[tokio::test]
async fn five_codes_an_hour_are_sent_again() {
    let pool = pool().await;
    pool.signed_up("bea", BEA).await;
    for _ in 0..5 {
        assert_eq!(pool.resend(LEGACY, "bea").await.0, 200);
    }
    assert_eq!(pool.resend(LEGACY, "bea").await, too_many());
    assert_eq!(pool.messages().len(), 6);
    pool.wait(Span::hours(1));
    assert_eq!(pool.resend(LEGACY, "bea").await.0, 200);
}

#[tokio::test]
async fn a_client_learns_who_is_unknown_disabled_or_confirmed() {
    let pool = pool().await;
    let code = pool.signed_up("bea", BEA).await;
    assert_eq!(pool.confirm(LEGACY, "bea", &code, json!({})).await, done());
    assert_eq!(pool.confirm(LEGACY, "nobody", &code, json!({})).await, unknown());
    assert_eq!(pool.resend(LEGACY, "nobody").await, unknown());
    let disabled = || refusal(NOT_AUTHORIZED, "User is disabled.");
    assert_eq!(pool.confirm(LEGACY, "cleo", &code, json!({})).await, disabled());
    assert_eq!(pool.resend(LEGACY, "cleo").await, disabled());
    assert_eq!(
        pool.resend(LEGACY, "bea").await,
        refusal("InvalidParameterException", "User is already confirmed.")
    );
}

#[tokio::test]
async fn a_client_that_hides_unknown_users_shows_none_of_them() {
    let pool = pool().await;
    let code = pool.signed_up("bea", BEA).await;
    assert_eq!(pool.confirm(HIDING, "bea", &code, json!({})).await, done());
    let sent = pool.messages().len();
    for name in ["nobody", "cleo", "bea"] {
        assert_eq!(pool.confirm(HIDING, name, &code, json!({})).await, wrong_code());
        let (status, answer) = pool.resend(HIDING, name).await;
        assert_eq!(
            (status, &answer["CodeDeliveryDetails"]["DeliveryMedium"]),
            (200, &json!("EMAIL"))
        );
        assert_eq!(
            pool.resend(HIDING, name).await,
            (200, answer),
            "the same every time"
        );
    }
    assert_eq!(pool.messages().len(), sent);
}

#[tokio::test]
async fn a_pool_that_verifies_nothing_sends_nothing_again() {
    let pool = Pool::with("", "").await;
    pool.sign_up("bea", email(BEA), json!({})).await;
    for (client, name) in [(LEGACY, "bea"), (HIDING, "bea"), (HIDING, "nobody")] {
        assert_eq!(
            pool.resend(client, name).await,
            refusal(
                NOT_AUTHORIZED,
                "Cannot resend codes. Auto verification not turned on."
            )
        );
    }
    assert_eq!(pool.messages(), Vec::<Value>::new());
}

#[tokio::test]
async fn an_administrator_confirms_without_a_code_and_verifies_nothing() {
    let pool = pool().await;
    let code = pool.signed_up("bea", BEA).await;
    assert_eq!(pool.admin("AdminConfirmSignUp", "bea", json!({})).await, done());
    let (standing, attributes) = pool.user("bea").await;
    assert_eq!(
        (standing.as_str(), &attributes["email_verified"]),
        ("CONFIRMED", &json!("false"))
    );
    assert_eq!(
        pool.confirm(LEGACY, "bea", &code, json!({})).await,
        not_to_be_confirmed("CONFIRMED")
    );
    assert_eq!(
        pool.admin("AdminConfirmSignUp", "bea", json!({})).await,
        not_to_be_confirmed("CONFIRMED")
    );
    assert_eq!(
        pool.admin("AdminConfirmSignUp", "nobody", json!({})).await,
        refusal("UserNotFoundException", "User does not exist.")
    );
}

#[tokio::test]
async fn of_many_right_answers_at_once_one_confirms() {
    let pool = pool().await;
    let code = pool.signed_up("bea", BEA).await;
    let one = || pool.confirm(LEGACY, "bea", &code, json!({}));
    let seen: [Seen; 4] = tokio::join!(one(), one(), one(), one()).into();
    assert_eq!(seen.iter().filter(|seen| seen.0 == 200).count(), 1, "{seen:?}");
}

#[tokio::test]
async fn an_unconfirmed_user_has_no_password_to_reset() {
    let pool = pool().await;
    pool.signed_up("bea", BEA).await;
    assert_eq!(
        pool.forgot_password(LEGACY, "bea").await,
        refusal(
            "InvalidParameterException",
            "Cannot reset password for the user as there is no registered/verified email or phone_number"
        )
    );
}
