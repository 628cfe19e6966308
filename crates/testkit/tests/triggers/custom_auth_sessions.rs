//! Sessions of `CUSTOM_AUTH`: each takes one answer, of one user at one app client, for some minutes.

use pool::time::Span;
use serde_json::json;
use tokio::task::JoinSet;

use crate::behaviour::{
    ANNS, HIDING, LEGACY, NEXT, NOT_AUTHORIZED, PASSWORD, Seen, challenge, refusal, tokens, user,
};
use crate::quiz::{CREATE, DEFINE, RIGHT, VERIFY, quiz_pool, used};

fn ann() -> String {
    user("ann", ANNS)
}

fn invalid_session() -> Seen {
    refusal(NOT_AUTHORIZED, "Invalid session for the user.")
}

#[tokio::test]
async fn a_session_takes_one_answer_right_or_wrong() {
    let (pool, recorded) = quiz_pool("", &ann()).await;
    let asked = pool.question(LEGACY, "ann").await;
    challenge(
        pool.answer(asked.session(), "ann", "41").await,
        "CUSTOM_CHALLENGE",
    );
    recorded.take();
    for answer in ["41", RIGHT] {
        assert_eq!(pool.answer(asked.session(), "ann", answer).await, used());
    }
    assert!(recorded.take().is_empty());
    let missing = json!({ "USERNAME": "ann" });
    let asked = pool.question(LEGACY, "ann").await;
    assert_eq!(
        pool.respond(LEGACY, "CUSTOM_CHALLENGE", asked.session(), missing)
            .await,
        refusal("InvalidParameterException", "Missing required parameter ANSWER")
    );
    tokens(pool.answer(asked.session(), "ann", RIGHT).await);
}

#[tokio::test]
async fn of_many_answers_at_once_one_is_judged() {
    let (pool, recorded) = quiz_pool("", &ann()).await;
    let pool = std::sync::Arc::new(pool);
    let asked = pool.question(LEGACY, "ann").await;
    recorded.take();
    let mut answers = JoinSet::new();
    for n in 0..12 {
        let (pool, session) = (std::sync::Arc::clone(&pool), asked.session().to_owned());
        answers.spawn(async move { pool.answer(&session, "ann", &n.to_string()).await });
    }
    let seen = answers.join_all().await;
    assert_eq!(seen.iter().filter(|(status, _)| *status == 200).count(), 1);
    assert_eq!(seen.iter().filter(|seen| **seen == used()).count(), 11);
    assert_eq!(recorded.sources(), [VERIFY, DEFINE, CREATE]);
}

#[tokio::test]
async fn a_session_is_of_one_user_and_client_for_some_minutes_and_one_password() {
    let (pool, _) = quiz_pool("", &(ann() + &user("bob", ""))).await;
    let asked = pool.question(LEGACY, "ann").await;
    assert_eq!(
        pool.answer(asked.session(), "bob", RIGHT).await,
        invalid_session()
    );
    assert_eq!(
        pool.answer_at(HIDING, asked.session(), "ann", RIGHT).await,
        invalid_session()
    );
    for answers in [
        json!({ "USERNAME": "ann", "SMS_MFA_CODE": "123456" }),
        json!({ "USERNAME": "ann", "NEW_PASSWORD": NEXT }),
    ] {
        let name = if answers.get("NEW_PASSWORD").is_some() {
            "NEW_PASSWORD_REQUIRED"
        } else {
            "SMS_MFA"
        };
        assert_eq!(
            pool.respond(LEGACY, name, asked.session(), answers).await,
            invalid_session()
        );
    }
    let mut altered = asked.session().to_owned();
    let last = if altered.pop() == Some('A') { 'B' } else { 'A' };
    altered.insert(20, last);
    assert_eq!(pool.answer(&altered, "ann", RIGHT).await, invalid_session());
    pool.wait(Span::minutes(3));
    assert_eq!(
        pool.answer(asked.session(), "ann", RIGHT).await,
        refusal(
            NOT_AUTHORIZED,
            "Invalid session for the user, session is expired."
        )
    );
    let asked = pool.question(LEGACY, "ann").await;
    pool.set_password("ann", NEXT).await;
    assert_eq!(pool.answer(asked.session(), "ann", RIGHT).await, used());
}

#[tokio::test]
async fn sign_ins_of_one_user_go_on_side_by_side() {
    let (pool, _) = quiz_pool("", &ann()).await;
    let (one, two) = (
        pool.question(LEGACY, "ann").await,
        pool.question(LEGACY, "ann").await,
    );
    challenge(pool.answer(one.session(), "ann", "41").await, "CUSTOM_CHALLENGE");
    tokens(pool.answer(two.session(), "ann", RIGHT).await);
}

#[tokio::test]
async fn a_password_does_not_answer_it() {
    let (pool, _) = quiz_pool("", &ann()).await;
    let asked = pool.question(LEGACY, "ann").await;
    let answers = json!({ "USERNAME": "ann", "PASSWORD": PASSWORD });
    assert_eq!(
        pool.respond(LEGACY, "PASSWORD", asked.session(), answers).await,
        invalid_session()
    );
}
