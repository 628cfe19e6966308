//! `ChangePassword`: how often somebody with a token may guess or change a password.

mod behaviour;

use std::sync::Arc;

use behaviour::{LEGACY, NEXT, PASSWORD, Pool, Seen, WRONG, incorrect, refusal, tokens};
use pool::time::Span;
use serde_json::json;
use tokio::task::JoinSet;

async fn change(pool: &Pool, access_token: &str, previous: &str, proposed: &str) -> Seen {
    let body = json!({
        "AccessToken": access_token, "PreviousPassword": previous, "ProposedPassword": proposed,
    });
    pool.call("ChangePassword", body).await
}

fn too_often() -> Seen {
    refusal(
        "LimitExceededException",
        "Attempt limit exceeded, please try after some time.",
    )
}

#[tokio::test]
async fn after_five_wrong_passwords_in_an_hour_the_right_one_changes_nothing_either() {
    let pool = Pool::of_ann().await;
    let token = pool.signed_in(LEGACY, "ann").await.access;
    for _ in 0..5 {
        assert_eq!(change(&pool, &token, WRONG, NEXT).await, incorrect());
        // The lock that they bring at sign-in is not what is looked for.
        pool.wait(Span::minutes(1));
    }
    assert_eq!(change(&pool, &token, PASSWORD, NEXT).await, too_often());
    // Signing in is another matter.
    let token = pool.signed_in(LEGACY, "ann").await.access;
    pool.wait(Span::minutes(54));
    assert_eq!(change(&pool, &token, PASSWORD, NEXT).await, too_often());
    pool.wait(Span::minutes(1));
    assert_eq!(change(&pool, &token, PASSWORD, NEXT).await, (200, json!({})));
    tokens(pool.sign_in(LEGACY, "ann", NEXT).await);
}

#[tokio::test]
async fn changes_count_and_passwords_against_the_policy_do_not() {
    let pool = Pool::of_ann().await;
    let token = pool.signed_in(LEGACY, "ann").await.access;
    for n in 0..5 {
        let (from, to) = if n % 2 == 0 {
            (PASSWORD, NEXT)
        } else {
            (NEXT, PASSWORD)
        };
        assert_eq!(
            change(&pool, &token, from, "short").await.1["__type"],
            "InvalidPasswordException"
        );
        assert_eq!(change(&pool, &token, from, to).await, (200, json!({})), "{n}");
    }
    assert_eq!(change(&pool, &token, NEXT, PASSWORD).await, too_often());
}

#[tokio::test]
async fn of_many_guesses_at_once_no_more_than_five_are_answered() {
    let pool = Arc::new(Pool::of_ann().await);
    let token = pool.signed_in(LEGACY, "ann").await.access;
    let mut guesses = JoinSet::new();
    for _ in 0..12 {
        let (pool, token) = (Arc::clone(&pool), token.clone());
        guesses.spawn(async move { change(&pool, &token, WRONG, NEXT).await });
    }
    let seen = guesses.join_all().await;
    let answered = seen.iter().filter(|seen| **seen == incorrect()).count();
    assert!(answered <= 5, "{seen:?}");
}
