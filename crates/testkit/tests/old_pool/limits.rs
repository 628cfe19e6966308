//! The old pool's own limits on requests.

use server::RateLimits;
use server::quota::Category;
use testkit::pair::{ANN, PASSWORD};
use testkit::{Options, pair};

use crate::scene::{OldPool, later};

#[tokio::test]
async fn an_old_pool_that_is_asked_too_often_is_no_wrong_password() {
    let options = Options {
        rate_limits: RateLimits::off().with(Category::UserAuthentication, Some(0)),
        ..Options::default()
    };
    let pool = OldPool::over(options, pair::old_pools_file()).await;
    assert_eq!(pool.function().sign_in(ANN, PASSWORD).await, later("throttled"));
}
