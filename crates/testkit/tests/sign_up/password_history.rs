//! A password policy with history: what the user had does not come back too soon.

use serde_json::json;

use crate::behaviour::{ANNS, LEGACY, NEXT, PASSWORD, POOL, Pool, Seen, challenge, refusal, tokens, user};
use crate::calls::done;

const THIRD: &str = "Third-horse-3";

async fn pool_of(size: u32) -> Pool {
    let fay = format!(
        ", status = \"FORCE_CHANGE_PASSWORD\"{}",
        ANNS.replace("ann@", "fay@")
    );
    let pool = Pool::with("", &(user("ann", ANNS) + &user("fay", &fay))).await;
    let policy = json!({
        "UserPoolId": POOL, "Policies": { "PasswordPolicy": { "MinimumLength": 8, "PasswordHistorySize": size } },
    });
    pool.done("UpdateUserPool", policy).await;
    pool
}

fn had_before() -> Seen {
    refusal(
        "PasswordHistoryPolicyViolationException",
        "Password has previously been used",
    )
}

async fn change(pool: &Pool, from: &str, to: &str) -> Seen {
    let signed_in = tokens(pool.sign_in(LEGACY, "ann", from).await);
    let body = json!({ "AccessToken": signed_in.access, "PreviousPassword": from, "ProposedPassword": to });
    pool.call("ChangePassword", body).await
}

async fn set(pool: &Pool, password: &str) -> Seen {
    let permanent = json!({ "Password": password, "Permanent": true });
    pool.admin("AdminSetUserPassword", "ann", permanent).await
}

#[tokio::test]
async fn the_current_password_and_those_before_it_do_not_come_back_until_they_are_out_of_the_history() {
    let pool = pool_of(2).await;
    assert_eq!(change(&pool, PASSWORD, PASSWORD).await, had_before());
    assert_eq!(change(&pool, PASSWORD, NEXT).await, done());
    assert_eq!(change(&pool, NEXT, PASSWORD).await, had_before());
    assert_eq!(change(&pool, NEXT, THIRD).await, done());
    assert_eq!(change(&pool, THIRD, NEXT).await, had_before());
    assert_eq!(change(&pool, THIRD, PASSWORD).await, done());
}

#[tokio::test]
async fn it_holds_wherever_a_password_is_set() {
    let pool = pool_of(3).await;
    assert_eq!(set(&pool, PASSWORD).await, had_before());
    assert_eq!(set(&pool, NEXT).await, done());
    assert_eq!(set(&pool, PASSWORD).await, had_before());
    assert_eq!(pool.forgot_password(LEGACY, "ann").await.0, 200);
    let code = pool.code("ann@example.com").await;
    assert_eq!(
        pool.confirm_forgot(LEGACY, "ann", &code, PASSWORD).await,
        had_before()
    );
    assert_eq!(
        pool.confirm_forgot(LEGACY, "ann", &code, THIRD).await,
        done(),
        "the code stays good"
    );
    let asked = challenge(
        pool.sign_in(LEGACY, "fay", PASSWORD).await,
        "NEW_PASSWORD_REQUIRED",
    );
    assert_eq!(
        pool.new_password(asked.session(), "fay", PASSWORD).await,
        had_before()
    );
    tokens(pool.new_password(asked.session(), "fay", NEXT).await);
}

#[tokio::test]
async fn without_a_history_any_password_may_come_back() {
    for size in [0, 1] {
        let pool = pool_of(size).await;
        assert_eq!(change(&pool, PASSWORD, NEXT).await, done());
        assert_eq!(change(&pool, NEXT, PASSWORD).await, done());
    }
    let pool = pool_of(0).await;
    assert_eq!(change(&pool, PASSWORD, PASSWORD).await, done());
}
