//! A forgotten password: where the code goes, when it is good, and what stands in its way.

mod behaviour;

use pool::time::Span;
use serde_json::{Value, json};

use behaviour::{
    HIDING, LEGACY, NEXT, NOT_AUTHORIZED, PASSWORD, Pool, Seen, WRONG, challenge, incorrect, refusal, tokens,
    user,
};

const ADDRESS: &str = "ann@example.com";
const PHONE: &str = "+12065550105";

fn delivery(medium: &str, attribute: &str, destination: &str) -> Seen {
    let details = json!({
        "AttributeName": attribute, "DeliveryMedium": medium, "Destination": destination,
    });
    (200, json!({ "CodeDeliveryDetails": details }))
}

fn by_email() -> Seen {
    delivery("EMAIL", "email", "a***@e***")
}

fn wrong_code() -> Seen {
    refusal(
        "CodeMismatchException",
        "Invalid verification code provided, please try again.",
    )
}

fn expired_code() -> Seen {
    refusal(
        "ExpiredCodeException",
        "Invalid code provided, please request a code again.",
    )
}

fn too_many() -> Seen {
    refusal(
        "LimitExceededException",
        "Attempt limit exceeded, please try after some time.",
    )
}

fn unknown() -> Seen {
    refusal(
        "UserNotFoundException",
        "Username/client id combination not found.",
    )
}

fn done() -> Seen {
    (200, json!({}))
}

/// A code that is not the right one.
fn other_than(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

/// Has a code sent to `ann`.
async fn code(pool: &Pool) -> String {
    assert_eq!(pool.forgot_password(LEGACY, "ann").await, by_email());
    pool.code(ADDRESS).await
}

#[tokio::test]
async fn a_code_sets_a_new_password_and_signs_nobody_in() {
    let pool = Pool::of_ann().await;
    let code = code(&pool).await;
    assert!(
        code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()),
        "six digits"
    );
    assert_eq!(
        pool.user("ann").await.0,
        "CONFIRMED",
        "the request alone changes nothing"
    );
    pool.signed_in(LEGACY, "ann").await;
    assert_eq!(pool.confirm_forgot(LEGACY, "ann", &code, NEXT).await, done());
    assert_eq!(pool.sign_in(LEGACY, "ann", PASSWORD).await, incorrect());
    tokens(pool.sign_in(LEGACY, "ann", NEXT).await);
}

#[tokio::test]
async fn a_due_reset_ends_with_the_new_password() {
    let dan =
        r#", status = "RESET_REQUIRED", attributes = { email = "dan@example.com", email_verified = true }"#;
    let pool = Pool::with("", &user("dan", dan)).await;
    assert_eq!(
        pool.forgot_password(HIDING, "dan").await,
        delivery("EMAIL", "email", "d***@e***")
    );
    let code = pool.code("dan@example.com").await;
    assert_eq!(pool.confirm_forgot(HIDING, "dan", &code, NEXT).await, done());
    assert_eq!(pool.user("dan").await.0, "CONFIRMED");
    tokens(pool.sign_in(HIDING, "dan", NEXT).await);
}

#[tokio::test]
async fn a_new_password_by_code_ends_the_lock_and_leaves_tokens_good() {
    let pool = Pool::of_ann().await;
    let signed_in = pool.signed_in(LEGACY, "ann").await;
    for _ in 0..5 {
        assert_eq!(pool.sign_in(LEGACY, "ann", WRONG).await, incorrect());
    }
    let code = code(&pool).await;
    assert_eq!(pool.confirm_forgot(LEGACY, "ann", &code, NEXT).await, done());
    tokens(pool.sign_in(LEGACY, "ann", NEXT).await);
    assert_eq!(pool.refresh(LEGACY, signed_in.refresh()).await.0, 200);
}

#[tokio::test]
async fn a_wrong_code_leaves_the_right_one_good() {
    let pool = Pool::of_ann().await;
    let code = code(&pool).await;
    for client in [LEGACY, HIDING] {
        assert_eq!(
            pool.confirm_forgot(client, "ann", other_than(&code), NEXT).await,
            wrong_code()
        );
    }
    assert_eq!(pool.confirm_forgot(LEGACY, "ann", &code, NEXT).await, done());
}

#[tokio::test]
async fn a_password_that_breaks_the_policy_leaves_the_code_good() {
    let pool = Pool::of_ann().await;
    let code = code(&pool).await;
    for (weak, rule) in [
        ("Sh0rt!", "Password not long enough"),
        ("correct-horse-1", "Password must have uppercase characters"),
    ] {
        let expected = format!("Password does not conform to policy: {rule}");
        assert_eq!(
            pool.confirm_forgot(LEGACY, "ann", &code, weak).await,
            refusal("InvalidPasswordException", &expected)
        );
    }
    assert_eq!(pool.confirm_forgot(LEGACY, "ann", &code, NEXT).await, done());
}

#[tokio::test]
async fn without_a_code_outstanding_every_code_has_expired() {
    let pool = Pool::of_ann().await;
    for client in [LEGACY, HIDING] {
        assert_eq!(
            pool.confirm_forgot(client, "ann", "123456", NEXT).await,
            expired_code()
        );
    }
}

#[tokio::test]
async fn a_code_works_once() {
    let pool = Pool::of_ann().await;
    let code = code(&pool).await;
    assert_eq!(pool.confirm_forgot(LEGACY, "ann", &code, NEXT).await, done());
    assert_eq!(
        pool.confirm_forgot(LEGACY, "ann", &code, PASSWORD).await,
        expired_code()
    );
    tokens(pool.sign_in(LEGACY, "ann", NEXT).await);
}

#[tokio::test]
async fn a_code_ends_after_an_hour() {
    let pool = Pool::of_ann().await;
    let first = code(&pool).await;
    pool.wait(Span::hours(1));
    assert_eq!(
        pool.confirm_forgot(LEGACY, "ann", &first, NEXT).await,
        expired_code()
    );
    let second = code(&pool).await;
    pool.wait(Span(Span::hours(1).0 - 1));
    assert_eq!(pool.confirm_forgot(LEGACY, "ann", &second, NEXT).await, done());
}

#[tokio::test]
async fn a_new_code_takes_the_place_of_the_former() {
    let pool = Pool::of_ann().await;
    let first = code(&pool).await;
    let second = loop {
        let second = code(&pool).await;
        if second != first {
            break second;
        }
    };
    assert_eq!(
        pool.confirm_forgot(LEGACY, "ann", &first, NEXT).await,
        wrong_code()
    );
    assert_eq!(pool.confirm_forgot(LEGACY, "ann", &second, NEXT).await, done());
}

#[tokio::test]
async fn a_password_set_by_an_administrator_ends_the_code() {
    let pool = Pool::of_ann().await;
    let code = code(&pool).await;
    pool.set_password("ann", PASSWORD).await;
    assert_eq!(
        pool.confirm_forgot(LEGACY, "ann", &code, NEXT).await,
        expired_code()
    );
}

#[tokio::test]
async fn twenty_codes_an_hour_are_enough_and_an_hour_later_it_is_well_again() {
    let pool = Pool::of_ann().await;
    for _ in 0..20 {
        assert_eq!(pool.forgot_password(LEGACY, "ann").await, by_email());
    }
    assert_eq!(pool.forgot_password(LEGACY, "ann").await, too_many());
    assert_eq!(pool.messages().len(), 20);
    let last = pool.code(ADDRESS).await;
    assert_eq!(
        pool.confirm_forgot(LEGACY, "ann", &last, NEXT).await,
        done(),
        "the last one is good"
    );
    let pool = Pool::of_ann().await;
    for _ in 0..21 {
        pool.forgot_password(LEGACY, "ann").await;
    }
    pool.wait(Span::hours(1));
    assert_eq!(pool.forgot_password(LEGACY, "ann").await, by_email());
}

#[tokio::test]
async fn twenty_wrong_codes_an_hour_shut_out_the_right_one_and_new_ones_until_the_hour_is_over() {
    let pool = Pool::of_ann().await;
    let first = code(&pool).await;
    for _ in 0..20 {
        assert_eq!(
            pool.confirm_forgot(LEGACY, "ann", other_than(&first), NEXT).await,
            wrong_code()
        );
    }
    assert_eq!(pool.confirm_forgot(LEGACY, "ann", &first, NEXT).await, too_many());
    let second = code(&pool).await;
    assert_eq!(
        pool.confirm_forgot(LEGACY, "ann", &second, NEXT).await,
        too_many(),
        "a new code buys no new tries"
    );
    pool.wait(Span::hours(1));
    let third = code(&pool).await;
    assert_eq!(pool.confirm_forgot(LEGACY, "ann", &third, NEXT).await, done());
}

#[tokio::test]
async fn an_unknown_user_is_told_of_or_answered_with_a_pretence() {
    let pool = Pool::of_ann().await;
    assert_eq!(pool.forgot_password(LEGACY, "nobody").await, unknown());
    assert_eq!(
        pool.confirm_forgot(LEGACY, "nobody", "123456", NEXT).await,
        unknown()
    );
    for (name, expected) in [
        ("nobody@example.org", delivery("EMAIL", "email", "n***@e***")),
        ("+12065550177", delivery("SMS", "phone_number", "+*******0177")),
    ] {
        assert_eq!(pool.forgot_password(HIDING, name).await, expected);
    }
    let first = pool.forgot_password(HIDING, "nobody").await;
    assert_eq!(
        (first.0, &first.1["CodeDeliveryDetails"]["DeliveryMedium"]),
        (200, &json!("EMAIL"))
    );
    assert_eq!(
        pool.forgot_password(HIDING, "nobody").await,
        first,
        "the same every time"
    );
    assert_eq!(
        pool.confirm_forgot(HIDING, "nobody", "123456", NEXT).await,
        wrong_code()
    );
    assert_eq!(pool.messages(), Vec::<Value>::new());
}

#[tokio::test]
async fn a_disabled_user_is_told_so_or_answered_with_a_pretence() {
    let cleo = r#", enabled = false, attributes = { email = "cleo@example.com", email_verified = true }"#;
    let pool = Pool::with("", &user("cleo", cleo)).await;
    let disabled = || refusal(NOT_AUTHORIZED, "User is disabled.");
    assert_eq!(pool.forgot_password(LEGACY, "cleo").await, disabled());
    assert_eq!(
        pool.confirm_forgot(LEGACY, "cleo", "123456", NEXT).await,
        disabled()
    );
    assert_eq!(pool.forgot_password(HIDING, "cleo").await.0, 200);
    assert_eq!(
        pool.confirm_forgot(HIDING, "cleo", "123456", NEXT).await,
        wrong_code()
    );
    assert_eq!(pool.messages(), Vec::<Value>::new());
}

#[tokio::test]
async fn without_a_verified_contact_nothing_is_sent_and_a_client_that_hides_pretends() {
    let ben = r#", attributes = { email = "ben@example.com", email_verified = false }"#;
    let pool = Pool::with("", &(user("ben", ben) + &user("nil", ""))).await;
    for name in ["ben", "nil"] {
        assert_eq!(
            pool.forgot_password(LEGACY, name).await,
            refusal(
                "InvalidParameterException",
                "Cannot reset password for the user as there is no registered/verified email or phone_number"
            )
        );
        assert_eq!(pool.forgot_password(HIDING, name).await.0, 200);
    }
    assert_eq!(pool.messages(), Vec::<Value>::new());
}

#[tokio::test]
async fn a_temporary_password_is_not_reset() {
    let fay = r#", status = "FORCE_CHANGE_PASSWORD", attributes = { email = "fay@example.com", email_verified = true }"#;
    let pool = Pool::with("", &user("fay", fay)).await;
    for client in [LEGACY, HIDING] {
        assert_eq!(
            pool.forgot_password(client, "fay").await,
            refusal(
                NOT_AUTHORIZED,
                "User password cannot be reset in the current state."
            )
        );
    }
}

#[tokio::test]
async fn where_administrators_alone_recover_nobody_learns_who_is_there() {
    let pool = Pool::with(
        "account_recovery = [\"admin_only\"]",
        &user("ann", behaviour::ANNS),
    )
    .await;
    for client in [LEGACY, HIDING] {
        for name in ["ann", "nobody"] {
            assert_eq!(
                pool.forgot_password(client, name).await,
                refusal(NOT_AUTHORIZED, "Contact administrator to reset password.")
            );
        }
    }
}

const BOTH: &str = r#", attributes = { email = "ann@example.com", email_verified = true, phone_number = "+12065550105", phone_number_verified = true }"#;

#[tokio::test]
async fn the_code_goes_where_the_pool_prefers_and_the_user_can_be_reached() {
    let by_phone = || delivery("SMS", "phone_number", "+*******0105");
    for (recovery, expected) in [
        ("", by_email()),
        (
            r#"account_recovery = ["verified_phone_number", "verified_email"]"#,
            by_phone(),
        ),
        (r#"account_recovery = ["verified_phone_number"]"#, by_phone()),
    ] {
        let pool = Pool::with(recovery, &user("ann", BOTH)).await;
        assert_eq!(pool.forgot_password(LEGACY, "ann").await, expected);
        assert_eq!(pool.messages().len(), 1);
    }
    let only_phone = BOTH.replace("email_verified = true", "email_verified = false");
    let pool = Pool::with("", &user("ann", &only_phone)).await;
    assert_eq!(pool.forgot_password(LEGACY, "ann").await, by_phone());
    let code = pool.code(PHONE).await;
    assert_eq!(pool.confirm_forgot(LEGACY, "ann", &code, NEXT).await, done());
}

#[tokio::test]
async fn a_phone_that_is_the_second_factor_recovers_nothing() {
    let eve = user("eve", &format!(", sms_mfa = true{BOTH}"));
    let settings = "mfa_configuration = \"OPTIONAL\"\naccount_recovery = [\"verified_phone_number\"]";
    let pool = Pool::with(settings, &eve).await;
    assert_eq!(
        pool.forgot_password(LEGACY, "eve").await.1["__type"],
        "InvalidParameterException"
    );
    let pool = Pool::with("mfa_configuration = \"OPTIONAL\"", &eve).await;
    assert_eq!(pool.forgot_password(LEGACY, "eve").await, by_email());
    let code = pool.code(ADDRESS).await;
    assert_eq!(pool.confirm_forgot(LEGACY, "eve", &code, NEXT).await, done());
    challenge(pool.sign_in(LEGACY, "eve", NEXT).await, "SMS_MFA");
}

#[tokio::test]
async fn an_alias_finds_the_user_too() {
    let settings = "alias_attributes = [\"email\"]\ncase_sensitive = false";
    let pool = Pool::with(settings, &user("ann", behaviour::ANNS)).await;
    assert_eq!(pool.forgot_password(LEGACY, "Ann@Example.com").await, by_email());
    let code = pool.code(ADDRESS).await;
    assert_eq!(pool.confirm_forgot(LEGACY, "ann", &code, NEXT).await, done());
}
