//! The lock that grows with wrong passwords.

use pool::time::Span;
use serde_json::json;

use crate::behaviour::{LEGACY, NOT_AUTHORIZED, PASSWORD, Pool, Seen, WRONG, incorrect, refusal};

fn locked() -> Seen {
    refusal(NOT_AUTHORIZED, "Password attempts exceeded")
}

/// Gives `n` wrong passwords, each as soon as the lock lets it through.
async fn fail(pool: &Pool, n: u32) {
    for before in 0..n {
        if let Some(exponent) = before.checked_sub(5) {
            pool.wait(Span::seconds((1_i64 << exponent).min(900)));
        }
        assert_eq!(
            pool.sign_in(LEGACY, "ann", WRONG).await,
            incorrect(),
            "after {before}"
        );
    }
}

#[tokio::test]
async fn five_wrong_passwords_lock_the_right_one_out_for_a_second() {
    let pool = Pool::of_ann().await;
    fail(&pool, 5).await;
    for password in [PASSWORD, WRONG] {
        assert_eq!(pool.sign_in(LEGACY, "ann", password).await, locked());
    }
    pool.wait(Span(999));
    assert_eq!(pool.sign_in(LEGACY, "ann", PASSWORD).await, locked());
    pool.wait(Span(1));
    pool.signed_in(LEGACY, "ann").await;
}

#[tokio::test]
async fn each_further_wrong_password_doubles_the_lock_up_to_a_quarter_of_an_hour() {
    for (failures, seconds) in [(6, 2), (8, 8), (14, 512), (15, 900)] {
        let pool = Pool::of_ann().await;
        fail(&pool, failures).await;
        pool.wait(Span(Span::seconds(seconds).0 - 1));
        assert_eq!(
            pool.sign_in(LEGACY, "ann", PASSWORD).await,
            locked(),
            "after {failures}"
        );
        pool.wait(Span(1));
        pool.signed_in(LEGACY, "ann").await;
    }
}

#[tokio::test]
async fn tries_during_the_lock_do_not_count() {
    let pool = Pool::of_ann().await;
    fail(&pool, 5).await;
    for _ in 0..20 {
        assert_eq!(pool.sign_in(LEGACY, "ann", WRONG).await, locked());
    }
    pool.wait(Span::seconds(1));
    pool.signed_in(LEGACY, "ann").await;
}

#[tokio::test]
async fn the_right_password_forgives_all_wrong_ones() {
    let pool = Pool::of_ann().await;
    fail(&pool, 4).await;
    pool.signed_in(LEGACY, "ann").await;
    fail(&pool, 4).await;
    pool.signed_in(LEGACY, "ann").await;
}

#[tokio::test]
async fn a_quiet_quarter_of_an_hour_forgives_all_wrong_ones() {
    let pool = Pool::of_ann().await;
    fail(&pool, 8).await;
    pool.wait(Span::minutes(15));
    fail(&pool, 5).await;
    pool.wait(Span::seconds(1));
    pool.signed_in(LEGACY, "ann").await;
}

#[tokio::test]
async fn the_lock_holds_for_every_way_to_give_a_password() {
    let pool = Pool::of_ann().await;
    let tokens = pool.signed_in(LEGACY, "ann").await;
    let begun = pool.begin_srp(LEGACY, "ann").await;
    for _ in 0..5 {
        let begun = pool.begin_srp(LEGACY, "ann").await;
        assert_eq!(pool.prove(LEGACY, begun.answers(WRONG)).await, incorrect());
    }
    assert_eq!(pool.prove(LEGACY, begun.answers(PASSWORD)).await, locked());
    let parameters = json!({ "USERNAME": "ann", "PASSWORD": PASSWORD });
    assert_eq!(
        pool.admin_initiate(LEGACY, "ADMIN_USER_PASSWORD_AUTH", parameters)
            .await,
        locked()
    );
    let change = json!({
        "AccessToken": tokens.access, "PreviousPassword": PASSWORD, "ProposedPassword": "Another-horse-2",
    });
    assert_eq!(pool.call("ChangePassword", change).await, locked());
}

#[tokio::test]
async fn the_lock_does_not_hold_for_refresh() {
    let pool = Pool::of_ann().await;
    let tokens = pool.signed_in(LEGACY, "ann").await;
    fail(&pool, 5).await;
    assert_eq!(pool.sign_in(LEGACY, "ann", PASSWORD).await, locked());
    assert_eq!(pool.refresh(LEGACY, tokens.refresh()).await.0, 200);
}

#[tokio::test]
async fn a_password_that_an_administrator_sets_ends_the_lock() {
    let pool = Pool::of_ann().await;
    fail(&pool, 9).await;
    pool.set_password("ann", PASSWORD).await;
    pool.signed_in(LEGACY, "ann").await;
}
