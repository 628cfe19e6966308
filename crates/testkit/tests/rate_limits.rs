//! Requests beyond the rate of their category are turned away, as at Cognito.
mod behaviour;

use pool::time::Span;
use serde_json::json;
use server::RateLimits;
use server::quota::Category;
use testkit::Options;

use behaviour::{
    ANNS, LEGACY, NEXT, PASSWORD, POOL, Pool, Seen, WRONG, challenge, incorrect, refusal, tokens, user,
};

async fn pool(rate_limits: RateLimits) -> Pool {
    let options = Options {
        rate_limits,
        ..Options::default()
    };
    let users = user("ann", ANNS) + &user("fay", ", status = \"FORCE_CHANGE_PASSWORD\"");
    Pool::over(options, "", &users).await
}

fn too_many() -> Seen {
    refusal("TooManyRequestsException", "Rate exceeded")
}

#[tokio::test]
async fn sign_ins_beyond_the_rate_are_too_many_until_time_has_passed() {
    let pool = pool(RateLimits::off().with(Category::UserAuthentication, Some(4))).await;
    let first = pool.signed_in(LEGACY, "ann").await;
    tokens(pool.refresh(LEGACY, first.refresh()).await);
    for _ in 0..2 {
        assert_eq!(pool.sign_in(LEGACY, "ann", WRONG).await, incorrect());
    }
    assert_eq!(pool.sign_in(LEGACY, "ann", PASSWORD).await, too_many());
    // Other categories have rates of their own.
    assert_eq!(pool.get_user(&first.access).await.0, 200);
    pool.wait(Span(249));
    assert_eq!(pool.sign_in(LEGACY, "ann", PASSWORD).await, too_many());
    pool.wait(Span(1));
    pool.signed_in(LEGACY, "ann").await;
    assert_eq!(pool.sign_in(LEGACY, "ann", PASSWORD).await, too_many());
}

#[tokio::test]
async fn an_answer_that_sets_a_password_counts_as_recovery_and_other_answers_as_sign_ins() {
    let limits = RateLimits::off()
        .with(Category::UserAuthentication, Some(1))
        .with(Category::UserAccountRecovery, Some(1));
    let pool = pool(limits).await;
    let asked = challenge(
        pool.sign_in(LEGACY, "fay", PASSWORD).await,
        "NEW_PASSWORD_REQUIRED",
    );
    assert_eq!(pool.new_password(asked.session(), "fay", "short").await.0, 400);
    assert_eq!(pool.new_password(asked.session(), "fay", NEXT).await, too_many());
    assert_eq!(pool.forgot_password(LEGACY, "ann").await, too_many());
    // Three answers go with a sign-in.
    for _ in 0..3 {
        assert_ne!(pool.sms_code(asked.session(), "fay", "123456").await, too_many());
    }
    assert_eq!(pool.sms_code(asked.session(), "fay", "123456").await, too_many());
    pool.wait(Span::seconds(1));
    tokens(pool.new_password(asked.session(), "fay", NEXT).await);
}

#[tokio::test]
async fn in_one_user_pool_an_operation_on_app_clients_has_five_requests_a_second() {
    let pool = pool(RateLimits::cognito()).await;
    let describe = json!({ "UserPoolId": POOL, "ClientId": LEGACY });
    for _ in 0..5 {
        assert_eq!(pool.call("DescribeUserPoolClient", describe.clone()).await.0, 200);
    }
    assert_eq!(pool.call("DescribeUserPoolClient", describe).await, too_many());
    let list = json!({ "UserPoolId": POOL });
    assert_eq!(pool.call("ListUserPoolClients", list).await.0, 200);
}
