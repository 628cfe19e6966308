//! `NEW_PASSWORD_REQUIRED`: what follows a right temporary password.

use pool::time::Span;
use serde_json::{Value, json};

use crate::behaviour::{
    Challenge, HIDING, LEGACY, NEXT, NOT_AUTHORIZED, PASSWORD, POOL, Pool, Seen, challenge, incorrect,
    refusal, tokens, user,
};

const FAY: &str = "fay";
const TEMPORARY: &str = ", status = \"FORCE_CHANGE_PASSWORD\"";

async fn pool() -> Pool {
    Pool::with(
        "",
        &(user(FAY, TEMPORARY) + &user("ann", "") + &user("gil", TEMPORARY)),
    )
    .await
}

async fn asked(pool: &Pool, username: &str) -> Challenge {
    challenge(
        pool.sign_in(LEGACY, username, PASSWORD).await,
        "NEW_PASSWORD_REQUIRED",
    )
}

fn invalid_session() -> Seen {
    refusal(NOT_AUTHORIZED, "Invalid session for the user.")
}

fn used_session() -> Seen {
    refusal(
        NOT_AUTHORIZED,
        "Invalid session for the user, session can only be used once.",
    )
}

fn expired_session() -> Seen {
    refusal(
        NOT_AUTHORIZED,
        "Invalid session for the user, session is expired.",
    )
}

#[tokio::test]
async fn the_challenge_has_three_parameters_and_empty_forms() {
    let pool = pool().await;
    let asked = asked(&pool, FAY).await;
    assert_eq!(
        asked.0["ChallengeParameters"],
        json!({ "USER_ID_FOR_SRP": FAY, "requiredAttributes": "[]", "userAttributes": "{}" })
    );
    let session = asked.session();
    assert!((20..=4096).contains(&session.len()), "{}", session.len());
    assert!(
        session
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    );
}

#[tokio::test]
async fn the_challenge_lists_attributes_without_sub_and_those_that_are_required_and_missing() {
    let fay = format!("{TEMPORARY}, attributes = {{ email = \"fay@example.com\", email_verified = true }}");
    let pool = Pool::with(
        "required_attributes = [\"email\", \"given_name\"]",
        &user(FAY, &fay),
    )
    .await;
    let asked = asked(&pool, FAY).await;
    assert_eq!(
        asked.parameter("requiredAttributes"),
        r#"["userAttributes.given_name"]"#
    );
    let attributes: Value = serde_json::from_str(asked.parameter("userAttributes")).unwrap();
    assert_eq!(
        attributes,
        json!({ "email": "fay@example.com", "email_verified": "true" })
    );

    let answer = |more: Value| {
        let mut answers = json!({ "USERNAME": FAY, "NEW_PASSWORD": NEXT });
        crate::behaviour::merge(&mut answers, more);
        pool.respond(LEGACY, "NEW_PASSWORD_REQUIRED", asked.session(), answers)
    };
    let missing = answer(json!({})).await;
    assert_eq!(
        missing,
        refusal(
            "InvalidParameterException",
            "Invalid user attributes: given_name: The attribute given_name is required"
        )
    );
    let changed = json!({ "userAttributes.given_name": "Fay", "userAttributes.email": "other@example.com" });
    assert_eq!(
        answer(changed).await,
        refusal(
            "InvalidParameterException",
            "Cannot modify an already provided email"
        )
    );
    tokens(answer(json!({ "userAttributes.given_name": "Fay" })).await);
    let (status, attributes) = pool.user(FAY).await;
    assert_eq!(
        (
            status.as_str(),
            &attributes["given_name"],
            &attributes["email_verified"]
        ),
        ("CONFIRMED", &json!("Fay"), &json!("true"))
    );
}

#[tokio::test]
async fn the_answer_gives_tokens_at_once_and_the_new_password_is_the_password() {
    let pool = pool().await;
    tokens(
        pool.new_password(asked(&pool, FAY).await.session(), FAY, NEXT)
            .await,
    );
    assert_eq!(pool.user(FAY).await.0, "CONFIRMED");
    tokens(pool.sign_in(LEGACY, FAY, NEXT).await);
    assert_eq!(pool.sign_in(LEGACY, FAY, PASSWORD).await, incorrect());
}

#[tokio::test]
async fn a_weak_password_leaves_the_session_good() {
    let pool = pool().await;
    let asked = asked(&pool, FAY).await;
    for (weak, rule) in [
        ("Sh0rt!", "Password not long enough"),
        ("correct-horse-1", "Password must have uppercase characters"),
        ("CORRECT-HORSE-1", "Password must have lowercase characters"),
        ("Correct-horse", "Password must have numeric characters"),
        ("Correcthorse1", "Password must have symbol characters"),
    ] {
        let expected = format!("Password does not conform to policy: {rule}");
        assert_eq!(
            pool.new_password(asked.session(), FAY, weak).await,
            refusal("InvalidPasswordException", &expected)
        );
    }
    tokens(pool.new_password(asked.session(), FAY, NEXT).await);
}

#[tokio::test]
async fn a_session_works_once() {
    let pool = pool().await;
    let asked = asked(&pool, FAY).await;
    tokens(pool.new_password(asked.session(), FAY, NEXT).await);
    assert_eq!(
        pool.new_password(asked.session(), FAY, "Third-horse-3").await,
        used_session()
    );
    tokens(pool.sign_in(LEGACY, FAY, NEXT).await);
}

#[tokio::test]
async fn a_session_of_one_api_is_answered_by_the_other() {
    let pool = pool().await;
    let public = asked(&pool, FAY).await;
    let answers = json!({ "USERNAME": FAY, "NEW_PASSWORD": NEXT });
    let body = json!({
        "UserPoolId": POOL, "ClientId": LEGACY, "ChallengeName": "NEW_PASSWORD_REQUIRED",
        "Session": public.session(), "ChallengeResponses": answers,
    });
    tokens(pool.call("AdminRespondToAuthChallenge", body).await);

    let parameters = json!({ "USERNAME": "gil", "PASSWORD": PASSWORD });
    let admins = pool
        .admin_initiate(LEGACY, "ADMIN_USER_PASSWORD_AUTH", parameters)
        .await;
    let admins = challenge(admins, "NEW_PASSWORD_REQUIRED");
    tokens(pool.new_password(admins.session(), "gil", NEXT).await);
}

#[tokio::test]
async fn sessions_of_one_user_stand_side_by_side_until_one_is_answered() {
    let pool = pool().await;
    let (first, second) = (asked(&pool, FAY).await, asked(&pool, FAY).await);
    assert_ne!(first.session(), second.session());
    assert_eq!(pool.new_password(second.session(), FAY, "weak").await.0, 400);
    tokens(pool.new_password(first.session(), FAY, NEXT).await);
    assert_eq!(
        pool.new_password(second.session(), FAY, "Third-horse-3").await,
        used_session()
    );
}

#[tokio::test]
async fn a_session_ends_after_three_minutes_or_what_the_client_says() {
    let pool = pool().await;
    let early = asked(&pool, FAY).await;
    pool.wait(Span(Span::minutes(3).0 - 1));
    assert_eq!(
        pool.new_password(early.session(), FAY, "weak").await.1["__type"],
        "InvalidPasswordException"
    );
    pool.wait(Span(1));
    assert_eq!(
        pool.new_password(early.session(), FAY, NEXT).await,
        expired_session()
    );

    let settings = json!({ "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"], "AuthSessionValidity": 15 });
    let patient = &pool.app_client(settings).await;
    let asked = challenge(
        pool.sign_in(patient, FAY, PASSWORD).await,
        "NEW_PASSWORD_REQUIRED",
    );
    pool.wait(Span(Span::minutes(15).0 - 1));
    let answers = json!({ "USERNAME": FAY, "NEW_PASSWORD": NEXT });
    tokens(
        pool.respond(patient, "NEW_PASSWORD_REQUIRED", asked.session(), answers)
            .await,
    );
}

#[tokio::test]
async fn garbage_is_no_session() {
    let pool = pool().await;
    let asked = asked(&pool, FAY).await;
    let mut altered = asked.session().to_owned();
    let last = altered.pop().unwrap();
    altered.insert(altered.len() / 2, last);
    for session in ["garbage-garbage-garbage", &altered, &"A".repeat(800)] {
        assert_eq!(pool.new_password(session, FAY, NEXT).await, invalid_session());
    }
    tokens(pool.new_password(asked.session(), FAY, NEXT).await);
}

#[tokio::test]
async fn a_session_is_of_one_app_client_and_one_user() {
    let pool = pool().await;
    let asked = asked(&pool, FAY).await;
    let answers = json!({ "USERNAME": FAY, "NEW_PASSWORD": NEXT });
    assert_eq!(
        pool.respond(HIDING, "NEW_PASSWORD_REQUIRED", asked.session(), answers)
            .await,
        invalid_session()
    );
    for other in ["ann", "gil", "nobody"] {
        assert_eq!(
            pool.new_password(asked.session(), other, NEXT).await,
            invalid_session()
        );
    }
    assert_eq!(pool.user(FAY).await.0, "FORCE_CHANGE_PASSWORD");
    assert_eq!(pool.user("gil").await.0, "FORCE_CHANGE_PASSWORD");
}

#[tokio::test]
async fn a_session_answers_no_other_challenge() {
    let pool = pool().await;
    let asked = asked(&pool, FAY).await;
    assert_eq!(
        pool.sms_code(asked.session(), FAY, "123456").await,
        invalid_session()
    );
}

#[tokio::test]
async fn a_newer_temporary_password_uses_a_session_up_and_a_disabled_user_is_told_so() {
    let pool = pool().await;
    let (faded, disabled) = (asked(&pool, FAY).await, asked(&pool, "gil").await);
    let another = json!({ "Password": "Temporary-2", "Permanent": false });
    assert_eq!(pool.admin("AdminSetUserPassword", FAY, another).await.0, 200);
    assert_eq!(
        pool.new_password(faded.session(), FAY, NEXT).await,
        used_session()
    );
    pool.admin("AdminDisableUser", "gil", json!({})).await;
    assert_eq!(
        pool.new_password(disabled.session(), "gil", NEXT).await,
        refusal(NOT_AUTHORIZED, "User is disabled.")
    );
}
