//! `CUSTOM_AUTH` of names that lead nowhere, at an app client that hides it: asked and answered like anybody, and never let in.

use serde_json::{Value, json};

use crate::behaviour::{ANNS, HIDING, Pool, Seen, challenge, incorrect, refusal, tokens, user};
use crate::quiz::{CREATE, DEFINE, RIGHT, VERIFY, quiz_pool, used};

#[tokio::test]
async fn the_functions_are_told_that_nobody_is_there() {
    let (pool, recorded) = quiz_pool("", "").await;
    let asked = pool.question(HIDING, "nobody").await;
    challenge(
        pool.answer_at(HIDING, asked.session(), "nobody", "41").await,
        "CUSTOM_CHALLENGE",
    );
    let events = recorded.take();
    let sources: Vec<_> = events
        .iter()
        .map(|event| event["triggerSource"].clone())
        .collect();
    assert_eq!(sources, [DEFINE, CREATE, VERIFY, DEFINE, CREATE]);
    for event in &events {
        assert_eq!(event["userName"], "nobody");
        assert_eq!(event["request"]["userNotFound"], true);
        assert_eq!(event["request"]["userAttributes"], json!({}));
    }
}

#[tokio::test]
async fn a_user_of_such_a_client_is_there() {
    let (pool, recorded) = quiz_pool("", &user("ann", ANNS)).await;
    pool.question(HIDING, "ann").await;
    for event in recorded.take() {
        assert_eq!(event["request"]["userNotFound"], false);
    }
}

/// Everything that a client sees of a sign-in under this name: a question, a wrong answer, its replay, two more.
async fn seen_by(pool: &Pool, username: &str, answers_as: &str) -> Vec<Seen> {
    let mut seen = vec![pool.begin_custom(HIDING, username).await];
    for _ in 0..3 {
        let asked = challenge(seen.last().unwrap().clone(), "CUSTOM_CHALLENGE");
        let name = if answers_as.is_empty() {
            asked.parameter("USERNAME").to_owned()
        } else {
            answers_as.to_owned()
        };
        let replayed = pool.answer_at(HIDING, asked.session(), &name, "41").await;
        assert_eq!(pool.answer_at(HIDING, asked.session(), &name, "41").await, used());
        seen.push(replayed);
    }
    seen
}

/// What differs between any two sign-ins.
fn without_chance(seen: Vec<Seen>) -> Vec<Seen> {
    let plain = |(status, mut body): Seen| {
        if let Some(session) = body.get_mut("Session") {
            *session = session.as_str().unwrap().len().into();
        }
        if let Some(name) = body["ChallengeParameters"].get_mut("USERNAME") {
            *name = name.as_str().unwrap().len().into();
        }
        if let Value::Object(members) = &mut body {
            members.retain(|_, value| !value.is_null());
        }
        (status, body)
    };
    seen.into_iter().map(plain).collect()
}

#[tokio::test]
async fn nothing_that_a_client_sees_tells_nobody_from_somebody() {
    let (pool, _) = quiz_pool("", &user("ann", ANNS)).await;
    let somebody = without_chance(seen_by(&pool, "ann", "").await);
    let nobody = without_chance(seen_by(&pool, "ben", "").await);
    assert_eq!(somebody, nobody);
    assert_eq!(nobody.last(), Some(&incorrect()));
}

#[tokio::test]
async fn in_a_pool_of_addresses_either_name_answers() {
    let settings = "username_attributes = [\"email\"]\ncase_sensitive = false";
    let (pool, recorded) = quiz_pool(settings, &user("ann@example.com", "")).await;
    for answers_as in ["", "typed"] {
        let as_typed = |name: &'static str| if answers_as.is_empty() { "" } else { name };
        let somebody = seen_by(&pool, "ann@example.com", as_typed("ANN@example.com")).await;
        recorded.take();
        let nobody = seen_by(&pool, "ben@example.com", as_typed("BEN@example.com")).await;
        assert_eq!(without_chance(somebody), without_chance(nobody));
        let events = recorded.take();
        assert!(
            events
                .iter()
                .all(|event| event["userName"] == events[0]["userName"])
        );
    }
}

#[tokio::test]
async fn nobody_is_let_in_whatever_the_functions_say() {
    let (pool, recorded) = quiz_pool("", "").await;
    let asked = pool.question(HIDING, "nobody").await;
    recorded.take();
    assert_eq!(
        pool.answer_at(HIDING, asked.session(), "nobody", RIGHT).await,
        incorrect()
    );
    let events = recorded.take();
    assert_eq!(events[1]["request"]["session"][0]["challengeResult"], true);
}

#[tokio::test]
async fn a_due_reset_is_hidden_as_nobody_is() {
    let (pool, recorded) = quiz_pool("", &user("dan", ", status = \"RESET_REQUIRED\"")).await;
    let asked = pool.question(HIDING, "dan").await;
    assert_eq!(recorded.take()[0]["request"]["userNotFound"], true);
    assert_eq!(
        pool.answer_at(HIDING, asked.session(), "dan", RIGHT).await,
        incorrect()
    );
}

#[tokio::test]
async fn that_a_sign_up_is_not_confirmed_is_told_after_the_right_answer() {
    let (pool, _) = quiz_pool("", &user("una", ", status = \"UNCONFIRMED\"")).await;
    let asked = pool.question(HIDING, "una").await;
    assert_eq!(
        pool.answer_at(HIDING, asked.session(), "una", RIGHT).await,
        refusal("UserNotConfirmedException", "User is not confirmed.")
    );
}

#[tokio::test]
async fn somebody_made_meanwhile_cannot_be_signed_in_by_the_session_of_nobody() {
    let (pool, _) = quiz_pool("", "").await;
    let asked = pool.question(HIDING, "ben").await;
    let made = json!({ "MessageAction": "SUPPRESS" });
    assert_eq!(pool.admin("AdminCreateUser", "ben", made).await.0, 200);
    pool.set_password("ben", crate::behaviour::PASSWORD).await;
    assert_eq!(
        pool.answer_at(HIDING, asked.session(), "ben", RIGHT).await,
        refusal("NotAuthorizedException", "Invalid session for the user.")
    );
    let asked = pool.question(HIDING, "ben").await;
    tokens(pool.answer_at(HIDING, asked.session(), "ben", RIGHT).await);
}
