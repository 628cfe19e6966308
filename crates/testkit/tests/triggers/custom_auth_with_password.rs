//! `CUSTOM_AUTH` that begins with SRP: the password first, then what the pool's functions ask.

use pool::ports::SystemEntropy;
use pool::srp::client::Client;
use serde_json::json;

use crate::behaviour::{
    ANNS, HIDING, LEGACY, NEXT, PASSWORD, Pool, Srp, WRONG, challenge, incorrect, refusal, tokens, user,
};
use crate::quiz::{CREATE, DEFINE, RIGHT, TRIGGERS, VERIFY, quiz, quiz_pool};
use crate::recorded::{pool_of, request_of};

impl Pool {
    /// `CUSTOM_AUTH` that begins with SRP.
    pub(crate) async fn begin_custom_with_srp(&self, client: &str, username: &str) -> Srp {
        let this = Client::begin(&SystemEntropy);
        let parameters = json!({ "USERNAME": username, "CHALLENGE_NAME": "SRP_A", "SRP_A": this.srp_a() });
        let seen = self.initiate(client, "CUSTOM_AUTH", parameters).await;
        Srp::of(this, challenge(seen, "PASSWORD_VERIFIER"))
    }
}

#[tokio::test]
async fn the_password_is_followed_by_the_question_and_the_functions_see_the_whole_course() {
    let (pool, recorded) = quiz_pool("", &user("ann", ANNS)).await;
    let begun = pool.begin_custom_with_srp(LEGACY, "ann").await;
    let event = recorded.only();
    let srp_a = json!({ "challengeName": "SRP_A", "challengeResult": true, "challengeMetadata": null });
    assert_eq!(request_of(&event)["session"], json!([srp_a]));

    let asked = challenge(
        pool.prove(LEGACY, begun.answers(PASSWORD)).await,
        "CUSTOM_CHALLENGE",
    );
    let events = recorded.take();
    let proven =
        json!({ "challengeName": "PASSWORD_VERIFIER", "challengeResult": true, "challengeMetadata": null });
    assert_eq!(events[0]["request"]["session"], json!([srp_a, proven]));
    assert_eq!(
        (&events[0]["triggerSource"], &events[1]["triggerSource"]),
        (&json!(DEFINE), &json!(CREATE))
    );
    tokens(pool.answer(asked.session(), "ann", RIGHT).await);
    assert_eq!(recorded.sources(), [VERIFY, DEFINE]);
}

#[tokio::test]
async fn a_wrong_password_asks_no_function_and_counts() {
    let (pool, recorded) = quiz_pool("", &user("ann", ANNS)).await;
    let begun = pool.begin_custom_with_srp(LEGACY, "ann").await;
    recorded.take();
    for _ in 0..5 {
        assert_eq!(pool.prove(LEGACY, begun.answers(WRONG)).await, incorrect());
    }
    assert_eq!(
        pool.prove(LEGACY, begun.answers(PASSWORD)).await,
        refusal("NotAuthorizedException", "Password attempts exceeded")
    );
    assert!(recorded.take().is_empty());
}

#[tokio::test]
async fn the_second_factor_follows_the_password_and_gives_no_tokens_by_itself() {
    let phone =
        ", sms_mfa = true, attributes = { phone_number = \"+12065550105\", phone_number_verified = true }";
    let settings = "mfa_configuration = \"OPTIONAL\"";
    let (pool, recorded) = quiz_pool(settings, &user("eve", phone)).await;
    let begun = pool.begin_custom_with_srp(LEGACY, "eve").await;
    recorded.take();
    let asked = challenge(pool.prove(LEGACY, begun.answers(PASSWORD)).await, "SMS_MFA");
    assert!(recorded.take().is_empty());
    let code = pool.code("+12065550105").await;
    let asked = challenge(
        pool.sms_code(asked.session(), "eve", &code).await,
        "CUSTOM_CHALLENGE",
    );
    let events = recorded.take();
    let names: Vec<_> = events[0]["request"]["session"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["challengeName"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["SRP_A", "PASSWORD_VERIFIER", "SMS_MFA"]);
    tokens(pool.answer(asked.session(), "eve", RIGHT).await);
}

#[tokio::test]
async fn a_temporary_password_is_changed_last() {
    let fay = user("fay", ", status = \"FORCE_CHANGE_PASSWORD\"");
    let (pool, _) = quiz_pool("", &fay).await;
    let begun = pool.begin_custom_with_srp(LEGACY, "fay").await;
    let asked = challenge(
        pool.prove(LEGACY, begun.answers(PASSWORD)).await,
        "CUSTOM_CHALLENGE",
    );
    let asked = challenge(
        pool.answer(asked.session(), "fay", RIGHT).await,
        "NEW_PASSWORD_REQUIRED",
    );
    tokens(pool.new_password(asked.session(), "fay", NEXT).await);
}

#[tokio::test]
async fn the_functions_may_be_content_with_the_password_or_with_less() {
    let (pool, recorded) = pool_of(TRIGGERS, "", &user("ann", ANNS), |event| {
        quiz(event)?;
        let session = event["request"]["session"].clone();
        if event["triggerSource"] == DEFINE && session[1]["challengeName"] == "PASSWORD_VERIFIER" {
            event["response"] = json!({ "issueTokens": true });
        }
        Ok(())
    })
    .await;
    let begun = pool.begin_custom_with_srp(LEGACY, "ann").await;
    tokens(pool.prove(LEGACY, begun.answers(PASSWORD)).await);
    assert_eq!(recorded.sources(), [DEFINE, DEFINE]);

    let (pool, _) = pool_of(TRIGGERS, "", &user("ann", ANNS), |event| {
        quiz(event)?;
        if event["response"]["challengeName"] == "PASSWORD_VERIFIER" {
            event["response"]["challengeName"] = "CUSTOM_CHALLENGE".into();
        }
        Ok(())
    })
    .await;
    let parameters = json!({ "USERNAME": "ann", "CHALLENGE_NAME": "SRP_A", "SRP_A": "1f" });
    let asked = challenge(
        pool.initiate(LEGACY, "CUSTOM_AUTH", parameters).await,
        "CUSTOM_CHALLENGE",
    );
    tokens(pool.answer(asked.session(), "ann", RIGHT).await);
}

#[tokio::test]
async fn srp_needs_its_number() {
    let (pool, recorded) = quiz_pool("", &user("ann", ANNS)).await;
    let parameters = json!({ "USERNAME": "ann", "CHALLENGE_NAME": "SRP_A" });
    assert_eq!(
        pool.initiate(LEGACY, "CUSTOM_AUTH", parameters).await,
        refusal("InvalidParameterException", "Missing required parameter SRP_A")
    );
    assert!(recorded.take().is_empty());
}

#[tokio::test]
async fn nobody_is_asked_for_a_password_too_and_proves_none() {
    let (pool, recorded) = quiz_pool("", &user("ann", ANNS)).await;
    let begun = pool.begin_custom_with_srp(HIDING, "nobody").await;
    assert_eq!(recorded.only()["request"]["userNotFound"], true);
    assert_eq!(pool.prove(HIDING, begun.answers(PASSWORD)).await, incorrect());
    let real = pool.begin_custom_with_srp(HIDING, "ann").await;
    assert_eq!(pool.prove(HIDING, real.answers(WRONG)).await, incorrect());
    assert_eq!(recorded.sources(), [DEFINE]);
}
