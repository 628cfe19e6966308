//! `EMAIL_OTP` and `SMS_OTP` as the first factor.

use pool::time::Span;
use serde_json::json;

use crate::behaviour::{NOT_AUTHORIZED, PASSWORD, challenge, claims, refusal, tokens};
use crate::{Choosing, EMAIL, EVES, PHONE, available, other_than, wrong_code};

#[tokio::test]
async fn a_code_of_eight_digits_comes_by_email_and_lets_in_once() {
    let it = Choosing::begin().await;
    let asked = it.asked_by_email().await;
    assert_eq!(available(&asked), &json!(["EMAIL_OTP"]));
    assert_eq!(
        asked.0["ChallengeParameters"],
        json!({ "CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL", "CODE_DELIVERY_DESTINATION": "a***@e***" })
    );
    let code = it.pool.code(EMAIL).await;
    assert!(
        code.len() == 8 && code.bytes().all(|b| b.is_ascii_digit()),
        "eight digits"
    );
    assert_eq!(it.code(asked.session(), other_than(&code)).await, wrong_code());
    let tokens = tokens(it.code(asked.session(), &code).await);
    assert_eq!(claims(&tokens.access)["username"], "ann");
    let used = "Invalid session for the user, session can only be used once.";
    assert_eq!(
        it.code(asked.session(), &code).await,
        refusal(NOT_AUTHORIZED, used)
    );
}

#[tokio::test]
async fn a_code_comes_by_sms_when_that_is_chosen() {
    let it = Choosing::begin().await;
    let session = it.choices("cal").await.session().to_owned();
    let chosen = it
        .respond(
            "SELECT_CHALLENGE",
            &session,
            "cal",
            json!({ "ANSWER": "SMS_OTP" }),
        )
        .await;
    let asked = challenge(chosen, "SMS_OTP");
    assert_eq!(asked.parameter("CODE_DELIVERY_DESTINATION"), "+*******0105");
    let code = it.pool.code(PHONE).await;
    assert_eq!(code.len(), 8);
    tokens(
        it.respond("SMS_OTP", asked.session(), "cal", json!({ "SMS_OTP_CODE": code }))
            .await,
    );
}

#[tokio::test]
async fn a_code_is_good_for_its_own_session_user_and_challenge_alone() {
    let it = Choosing::begin().await;
    let (first, first_code) = (it.asked_by_email().await, it.pool.code(EMAIL).await);
    let (second, second_code) = (it.asked_by_email().await, it.pool.code(EMAIL).await);
    if first_code != second_code {
        assert_eq!(it.code(first.session(), &second_code).await, wrong_code());
    }
    let invalid = refusal(NOT_AUTHORIZED, "Invalid session for the user.");
    let by_bob = it
        .respond(
            "EMAIL_OTP",
            second.session(),
            "bob",
            json!({ "EMAIL_OTP_CODE": second_code }),
        )
        .await;
    assert_eq!(by_bob, invalid);
    let by_sms = it
        .respond(
            "SMS_OTP",
            second.session(),
            "ann",
            json!({ "SMS_OTP_CODE": second_code }),
        )
        .await;
    assert_eq!(by_sms, invalid);
    for (challenge, answer) in [
        (
            "SELECT_CHALLENGE",
            json!({ "ANSWER": "PASSWORD", "PASSWORD": PASSWORD }),
        ),
        ("PASSWORD", json!({ "PASSWORD": PASSWORD })),
    ] {
        assert_eq!(
            it.respond(challenge, second.session(), "ann", answer).await,
            invalid,
            "{challenge}"
        );
    }
    let choice = it.choices("ann").await;
    assert_eq!(it.code(choice.session(), &second_code).await, invalid);
    tokens(it.code(second.session(), &second_code).await);
}

#[tokio::test]
async fn a_code_ends_with_its_session() {
    let it = Choosing::begin().await;
    let asked = it.asked_by_email().await;
    let code = it.pool.code(EMAIL).await;
    it.pool.wait(Span::minutes(3));
    let expired = "Invalid session for the user, session is expired.";
    assert_eq!(
        it.code(asked.session(), &code).await,
        refusal(NOT_AUTHORIZED, expired)
    );
}

#[tokio::test]
async fn a_code_is_worth_nothing_once_the_address_is_another_or_the_user_disabled() {
    let it = Choosing::begin().await;
    let asked = it.asked_by_email().await;
    let code = it.pool.code(EMAIL).await;
    let another = json!({ "UserAttributes": [
        { "Name": "email", "Value": "other@example.com" }, { "Name": "email_verified", "Value": "true" },
    ] });
    assert_eq!(
        it.pool.admin("AdminUpdateUserAttributes", "ann", another).await.0,
        200
    );
    assert_eq!(it.code(asked.session(), &code).await, wrong_code());
    let asked = it.asked_by_email().await;
    let code = it.pool.code("other@example.com").await;
    assert_eq!(it.pool.admin("AdminDisableUser", "ann", json!({})).await.0, 200);
    let disabled = refusal(NOT_AUTHORIZED, "User is disabled.");
    assert_eq!(it.code(asked.session(), &code).await, disabled);
    assert_eq!(it.prefer("ann", "EMAIL_OTP").await, disabled);
}

#[tokio::test]
async fn wrong_codes_lock_as_wrong_passwords_do_but_unseen() {
    let it = Choosing::begin().await;
    let asked = it.asked_by_email().await;
    let code = it.pool.code(EMAIL).await;
    for _ in 0..5 {
        assert_eq!(it.code(asked.session(), other_than(&code)).await, wrong_code());
    }
    assert_eq!(it.code(asked.session(), &code).await, wrong_code());
    it.pool.wait(Span::seconds(1));
    tokens(it.code(asked.session(), &code).await);
}

#[tokio::test]
async fn a_second_factor_follows_a_code_too() {
    let it = Choosing::with(json!({ "MfaConfiguration": "OPTIONAL" })).await;
    let asked = challenge(it.prefer("eve", "EMAIL_OTP").await, "EMAIL_OTP");
    let code = json!({ "EMAIL_OTP_CODE": it.pool.code("eve@example.com").await });
    let second = it.respond("EMAIL_OTP", asked.session(), "eve", code).await;
    let asked = challenge(second, "SMS_MFA");
    let code = json!({ "SMS_MFA_CODE": it.pool.code(EVES).await });
    tokens(it.respond("SMS_MFA", asked.session(), "eve", code).await);
}

#[tokio::test]
async fn somebody_without_a_password_signs_in_with_a_code() {
    let it = Choosing::begin().await;
    let made = json!({ "MessageAction": "SUPPRESS", "UserAttributes": [
        { "Name": "email", "Value": "dot@example.com" }, { "Name": "email_verified", "Value": "true" },
    ] });
    let (status, made) = it.pool.admin("AdminCreateUser", "dot", made).await;
    assert_eq!((status, &made["User"]["UserStatus"]), (200, &json!("CONFIRMED")));
    let asked = it.choices("dot").await;
    assert_eq!(available(&asked), &json!(["EMAIL_OTP"]));
    let chosen = it
        .respond(
            "SELECT_CHALLENGE",
            asked.session(),
            "dot",
            json!({ "ANSWER": "EMAIL_OTP" }),
        )
        .await;
    let asked = challenge(chosen, "EMAIL_OTP");
    let code = it.pool.code("dot@example.com").await;
    tokens(
        it.respond(
            "EMAIL_OTP",
            asked.session(),
            "dot",
            json!({ "EMAIL_OTP_CODE": code }),
        )
        .await,
    );
}
